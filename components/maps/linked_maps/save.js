// What is seen, as a file: PNG, SVG (points as a picture, everything else as lines and text), an interactive page.
import { direction } from "./labels.js";

const MODULES = ["dom", "density", "store", "geometry", "points", "labels", "paint", "arrows", "around", "address", "bars", "lists", "overlay", "gestures", "glide", "tools", "save", "stage"];
const escape = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const FOOT = 30;

function download(content, type, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
const nameOf = (stage, ending) => `${(stage.spec.name || "map").replace(/[^\p{L}\p{N}_-]+/gu, "-").slice(0, 60)}.${ending}`;

function canvasOf(stage, over) {
  const { ratio } = stage, canvas = document.createElement("canvas");
  canvas.width = stage.over.width; canvas.height = stage.over.height + (over ? FOOT * ratio : 0);
  const ctx = canvas.getContext("2d");
  ctx.fillStyle = stage.paper; ctx.fillRect(0, 0, canvas.width, canvas.height);
  stage.drawAll(); // in the same turn, so that the points are still in their buffer
  ctx.drawImage(stage.points.canvas, 0, 0);
  if (!over) return canvas;
  ctx.drawImage(stage.over, 0, 0);
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.fillStyle = stage.ink; ctx.textBaseline = "middle";
  ctx.font = `600 14px ${stage.font}`;
  for (const { text, x, y } of titles(stage)) ctx.fillText(text, x, y);
  ctx.font = `400 12px ${stage.font}`; ctx.fillStyle = stage.soft;
  ctx.fillText(stage.spec.caption, 8, stage.height + FOOT / 2, stage.width - 16);
  return canvas;
}
const titles = (stage) => stage.spec.arrangement === "side" ? stage.panels.map((p, i) => ({ text: stage.set.maps[i].space, x: p.x + 8, y: p.y + 14 }))
  : stage.spec.arrangement === "morph" ? [{ text: stage.moment(), x: 8, y: 14 }] : [];

export function savePng(stage) {
  canvasOf(stage, true).toBlob((blob) => download(blob, "image/png", nameOf(stage, "png")), "image/png");
}

export function svgOf(stage) {
  const picture = canvasOf(stage, false).toDataURL("image/png"), { width, height, font, ink, paper } = stage;
  const family = escape(font), marks = [];
  const real = stage.ctx, circles = new Recorder(real, marks);
  stage.ctx = circles;
  try { stage.overlay(); } finally { stage.ctx = real; stage.overlay(); }
  const texts = stage.labelled.map((l) => `<text x="${l.x.toFixed(1)}" y="${l.y.toFixed(1)}" text-anchor="middle" dominant-baseline="central" direction="${direction(l.text)}" font-size="${l.size}" font-weight="${l.bold ? 600 : 400}" fill="${escape(l.colour && !l.colour.startsWith("color-mix") ? l.colour : ink)}" stroke="${paper}" stroke-width="3" paint-order="stroke">${escape(l.text)}</text>`);
  for (const { text, x, y } of titles(stage)) texts.push(`<text x="${x}" y="${y}" dominant-baseline="central" font-size="14" font-weight="600" fill="${ink}">${escape(text)}</text>`);
  texts.push(`<text x="8" y="${height + FOOT / 2}" dominant-baseline="central" font-size="12" fill="${ink}">${escape(stage.spec.caption)}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height + FOOT}" width="${width}" height="${height + FOOT}" font-family="${family}"><rect width="100%" height="100%" fill="${paper}"/><image href="${picture}" width="${width}" height="${height}"/>${marks.join("")}${texts.join("")}</svg>`;
}
export const saveSvg = (stage) => download(svgOf(stage), "image/svg+xml", nameOf(stage, "svg"));

// Stands in for the canvas while the overlay draws, and writes lines and dots as SVG; labels are written apart.
class Recorder {
  constructor(ctx, out) { Object.assign(this, { real: ctx, out, path: [], dash: [], globalAlpha: 1, lineWidth: 1, strokeStyle: "#000", fillStyle: "#000", widths: ctx.widths }); }
  set font(value) { this.real.font = value; }
  measureText(text) { return this.real.measureText(text); }
  setTransform() {} clearRect() {} save() {} restore() {} rect() {} clip() {} fillText() {} strokeText() {}
  beginPath() { this.path = []; }
  moveTo(x, y) { this.path.push(`M${x.toFixed(1)} ${y.toFixed(1)}`); }
  lineTo(x, y) { this.path.push(`L${x.toFixed(1)} ${y.toFixed(1)}`); }
  closePath() { this.path.push("Z"); }
  arc(x, y, r) { this.path.push(`M${(x - r).toFixed(1)} ${y.toFixed(1)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`); }
  setLineDash(dash) { this.dash = dash; }
  stroke() { if (this.path.length) this.out.push(`<path d="${this.path.join("")}" fill="none" stroke="${escape(this.strokeStyle)}" stroke-width="${this.lineWidth}" opacity="${this.globalAlpha}"${this.dash.length ? ` stroke-dasharray="${this.dash}"` : ""}/>`); }
  fill() { if (this.path.length) this.out.push(`<path d="${this.path.join("")}" fill="${escape(this.fillStyle)}" opacity="${this.globalAlpha}"/>`); }
}

// One file that needs nothing else: the scripts under an import map, the block of bytes, the view.
export async function pageOf(stage) {
  const source = async (file) => (await fetch(new URL(file, import.meta.url))).text();
  const scripts = await Promise.all(MODULES.map(async (name) => [name, (await source(`./${name}.js`)).replace(/from "\.\/(\w+)\.js"/g, 'from "isogloss/$1"').replace(/import\.meta\.url/g, "document.baseURI")]));
  const data = (text, type) => `data:${type};base64,${base64(new TextEncoder().encode(text))}`;
  const imports = Object.fromEntries(scripts.map(([name, text]) => [`isogloss/${name}`, data(text, "text/javascript")]));
  const json = (value) => JSON.stringify(value).replace(/</g, "\\u003c");
  const seen = { views: stage.views.map(({ x, y, s, s0 }) => ({ x, y, zoom: s / s0 })), t: stage.t, turned: stage.turned, arrows: stage.arrows, filters: [...stage.filters].map(([n, l]) => [n, [...l]]) };
  const spec = { ...stage.spec, chosen: [...stage.chosen], address: false };
  return `<!doctype html><html lang="${escape(document.documentElement.lang || "en")}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(stage.spec.title || "Map")}</title><style>:root{--st-text-color:${stage.ink};--st-background-color:${stage.paper};--st-primary-color:${stage.accent};--st-font:${stage.font.replace(/[<>]/g, "")}}body{margin:16px;background:var(--st-background-color);color:var(--st-text-color);font-family:var(--st-font)}${await source("./linked_maps.css")}</style>
<script type="importmap">${json({ imports })}</script></head><body><h1 style="font-size:20px">${escape(stage.spec.title || "")}</h1><div class="lm"></div><p class="lm-sub">${escape(stage.spec.caption)}</p>
<script type="module">import { keep, kept } from "isogloss/store"; import { Stage } from "isogloss/stage";
const block = Uint8Array.from(atob("${base64(stage.set.bytes)}"), (c) => c.charCodeAt(0));
const spec = ${json(spec)}, seen = ${json(seen)};
keep(block);
const stage = new Stage(document.querySelector(".lm"), Object.assign(() => {}, { words: spec.words }));
stage.filters = new Map(seen.filters.map(([n, l]) => [n, new Set(l)])); stage.t = seen.t; stage.turned = seen.turned; stage.arrows = seen.arrows;
stage.update(kept("${escape(stage.set.version)}"), spec);
stage.views.forEach((v, i) => { const s = seen.views[i] || seen.views[0]; v.x = s.x; v.y = s.y; v.s = v.s0 * s.zoom; }); stage.moved = true; stage.drawAll();
document.querySelector(".lm").stage = stage;
</script></body></html>`;
}
export async function savePage(stage) { download(await pageOf(stage), "text/html", nameOf(stage, "html")); }

function base64(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
  return btoa(text);
}
