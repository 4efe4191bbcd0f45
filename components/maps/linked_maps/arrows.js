// Arrows between the places of one item in the spaces of one map, from each space to the next of their order.
import { number, said } from "./dom.js";
import { GREY } from "./paint.js";

export const MOST_ARROWS = 2000; // items; more of them are a thicket
const HEAD = 9, SPREAD = 0.42, APART = 5; // length and half angle of a head; from the middle of a point

// Whether an arrow for every item can be shown: one picture of few spaces that have a direction.
export const canAll = ({ set, spec }) =>
  Boolean(spec.directed) && spec.arrangement === "together" && set.maps.length > 1 && !set.large && set.labels.length <= MOST_ARROWS;

// The colour of an item's arrow: of the column that colours, in the space it starts from; none where spaces colour.
export function colourOf(stage, stops) {
  if (stage.recolour || !stage.set.facets.some((f) => f.name === stage.spec.colour)) return null;
  for (const { m, row } of stops) { const found = stage.colourOf(m, row); if (found) return `rgb(${found.join(",")})`; }
  return `rgb(${GREY.join(",")})`;
}

// A line with a head at its end; both are told apart by at least what a head takes.
export function arrow(ctx, [x0, y0], [x1, y1], apart = APART, head = HEAD) {
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (length < 2 * apart) return false;
  const [dx, dy] = [(x1 - x0) / length, (y1 - y0) / length], size = Math.min(head, length - 1.5 * apart);
  const tip = [x1 - dx * apart, y1 - dy * apart], cos = Math.cos(SPREAD), sin = Math.sin(SPREAD);
  ctx.moveTo(x0, y0); ctx.lineTo(...tip);
  for (const s of [-sin, sin]) { ctx.moveTo(...tip); ctx.lineTo(tip[0] - size * (dx * cos - dy * s), tip[1] - size * (dy * cos + dx * s)); }
  return true;
}

// An arrow for every item but the chosen ones, a stroke a colour; what filters leave out is grey and faint.
export function drawArrows(drawing) {
  const { stage, panel, set, ctx } = drawing, strokes = new Map(), drawn = [];
  panel.arrows = drawn; panel.short = 0;
  if (!stage.arrows || !canAll(stage)) return;
  for (let id = 0; id < set.labels.length; id++) {
    if (stage.chosen.has(id)) continue;
    const stops = [];
    for (const layer of panel.layers) { const row = layer.rowOf[id]; if (row >= 0) stops.push({ m: layer.first, row, at: drawing.at(layer, row) }); }
    if (stops.length < 2) continue;
    const passes = stops.every(({ m, row }) => stage.mask[m][row]), colour = passes ? colourOf(stage, stops) ?? stage.ink : "";
    if (!strokes.has(colour)) strokes.set(colour, []);
    strokes.get(colour).push({ id, stops });
  }
  for (const [colour, items] of [...strokes].sort(([a]) => (a ? 1 : -1))) {
    ctx.strokeStyle = colour || `rgb(${GREY.join(",")})`; ctx.lineWidth = 1.2;
    ctx.globalAlpha = !colour ? 0.12 : stage.chosen.size ? 0.35 : set.labels.length > 400 ? 0.5 : 0.75;
    ctx.beginPath();
    for (const { id, stops } of items) for (let i = 1; i < stops.length; i++) {
      const [from, to] = [stops[i - 1].at, stops[i].at];
      if (!drawing.seen(from) && !drawing.seen(to)) continue;
      if (arrow(ctx, from, to, 4, 7)) drawn.push({ id, colour, from, to }); else panel.short++;
    }
    ctx.stroke(); ctx.globalAlpha = 1;
  }
}

// What a glance cannot tell: how many arrows there are, and of how many the two places lie too near for one.
export function told(stage) {
  if (!stage.arrows || !canAll(stage)) return "";
  const [n, short] = stage.panels.reduce(([a, b], p) => [a + (p.arrows?.length ?? 0), b + (p.short ?? 0)], [0, 0]);
  if (stage.send.words) return said(stage.send.words, short ? "Arrows: {n}; {short} too short to draw: zoom in" : "Arrows: {n}", { n: number(n), short: number(short) });
  return `${number(n)} arrow${n === 1 ? "" : "s"}${short ? `; ${number(short)} too short to draw: zoom in` : ""}`;
}
