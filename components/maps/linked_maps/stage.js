// The stage: maps in their panels, what is shown of them, and what was asked of them.
import { read, write } from "./address.js";
import { drawBars } from "./bars.js";
import { drawDensity } from "./density.js";
import { said } from "./dom.js";
import { gestures } from "./gestures.js";
import { before, glide, stop } from "./glide.js";
import { Grid, inside, Layer, thrownFar, turn } from "./geometry.js";
import { drawLists, drawTip } from "./lists.js";
import { drawOverlay } from "./overlay.js";
import { colouring, masks, paint } from "./paint.js";
import { Points } from "./points.js";
import { kept, neighborsOf } from "./store.js";
import { tools } from "./tools.js";

const GAP = 10, PAD = 0.06, FAR = 100;
const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

export class Stage {
  constructor(root, send) {
    Object.assign(this, { root, send, chosen: new Set(), pointed: null, beside: null, filters: new Map(), selection: null, drawn: null,
      views: [], linked: true, t: 0, u: 0, turned: [0.5, 0.35], rotation: null, centre: [0, 0, 0], tool: "pan", recolour: false, arrows: false, distance: null, panels: [], layers: new Map(), painted: new Map(), farCache: new Map() });
    root.innerHTML = `<div class="lm-tools"></div><div class="lm-main"><div class="lm-frame"><div class="lm-stage" tabindex="0" role="application" aria-label="Maps. Arrow keys move through neighbors, Enter goes to one, Escape clears, plus and minus zoom.">
      <canvas class="lm-under"></canvas><canvas class="lm-points"></canvas><canvas class="lm-over"></canvas><div class="lm-titles"></div><div class="lm-tip" hidden></div></div><div class="lm-scrub" hidden></div></div>
      <div class="lm-bars" role="group" aria-label="Filters"></div></div><div class="lm-lists"></div><div class="lm-status" role="status" aria-live="polite"></div>`;
    const get = (name) => root.querySelector(`.lm-${name}`);
    for (const name of ["stage", "bars"]) get(name).setAttribute("aria-label", said(send.words, get(name).getAttribute("aria-label")));
    Object.assign(this, { box: get("stage"), over: get("over"), tip: get("tip"), titles: get("titles"), bars: get("bars"), lists: get("lists"), status: get("status") });
    this.ctx = this.over.getContext("2d");
    this.under = get("under").getContext("2d");
    this.points = new Points(get("points"), () => this.drawAll());
    this.watch = new ResizeObserver(() => this.resize());
    this.watch.observe(this.box);
    this.stopGestures = gestures(this);
    this.tools = tools(this, get("tools"), get("scrub"));
  }
  end() {
    this.ended = true; cancelAnimationFrame(this.gliding);
    this.watch.disconnect(); this.stopGestures(); this.points.end(); cancelAnimationFrame(this.frame); clearTimeout(this.asking); clearTimeout(this.writing); clearTimeout(this.wanting); this.tools.stop();
  }

  // New data or a new spec: keep the view where the same maps are shown, take up what the address says at first.
  update(set, spec) {
    const first = !this.set, other = first || this.whole0.version !== set.version, arranged = other || this.spec.arrangement !== spec.arrangement;
    stop(this);
    const from = this.went && !first && !this.calm ? before(this) : null;
    const chosenBefore = JSON.stringify([...this.chosen]);
    if (!other && set.large && this.set !== this.whole0) set = this.set; // the detail in view stays until the next one comes
    Object.assign(this, { set, spec });
    this.root.dataset.version = set.version.split(":")[0]; this.root.toggleAttribute("data-large", Boolean(spec.large));
    if (other) {
      this.layers.clear(); this.painted.clear(); this.farCache.clear();
      Object.assign(this, { selection: null, drawn: null, distance: null, pointed: null, beside: null });
      if (!first) this.filters.clear();
      this.centre = [0, 1, 2].map((d) => { let sum = 0, n = 0; for (const m of set.maps) for (let i = 0; i < m.n; i++) { sum += m.xyz[3 * i + d]; n++; } return sum / Math.max(n, 1); });
    }
    this.chosen = new Set(spec.chosen.map((id) => set.localOf(id)).filter((id) => id >= 0));
    if (other) this.whole0 = set;
    const rechosen = chosenBefore !== JSON.stringify([...this.chosen]);
    if (rechosen) { this.pointed = null; this.beside = null; }
    let asked = null;
    if ((first || this.went) && spec.address) {
      asked = this.went ? read(this.went.at) : read();
      if (this.went) { this.filters.clear(); this.t = spec.moment ?? 0; }
      this.went = null;
      for (const [name, levels] of asked.filters) if (name === "space" || set.facets.some((f) => f.name === name)) this.filters.set(name, levels); else asked.dropped = true;
      if (asked.t !== null) this.t = asked.t;
      if (asked.turned) this.turned = asked.turned;
      this.linked = !asked.unlinked;
      this.arrows = asked.arrows;
      this.recolour = asked.distance && !set.large; // of a large set not all distances are here
      this.tools.dropped(asked.dropped ? "Some of the link's view could not be used; showing the default." : "");
    }
    if (spec.moment !== this.opened && asked?.t == null) this.t = spec.moment ?? this.t;
    this.opened = spec.moment;
    this.theme();
    this.arrange();
    if (arranged || rechosen || first || asked) this.fit(false);
    if (asked?.view) {
      this.views.forEach((v, i) => { const [x, y, zoom] = asked.view.slice(3 * i, 3 * i + 3).length ? asked.view.slice(3 * i, 3 * i + 3) : asked.view; Object.assign(v, { x, y, s: v.s0 * zoom }); });
      this.moved = true;
      if (set.around && !this.inView()) { // of a link that was made of the whole map
        this.fit(false);
        this.tools.dropped("Some of the link's view could not be used; showing the default.");
      }
    }
    this.tools.update();
    this.repaint();
    if (!first) this.remember(); // walking to another item rewrites the address
    drawBars(this.bars, this);
    this.tell();
    if (this.recolour) this.ask();
    if (other || rechosen) this.want();
    if (from) glide(this, from);
  }
  // Before an audience: the address is another now. What it says of the view is taken up with the maps that come, or at
  // once where only the view is another.
  goes(told) {
    clearTimeout(this.writing);
    this.went = told;
    if (told.only) this.update(this.set, this.spec);
  }
  inView() {
    return this.panels.some((p) => p.layers.some((layer) => { for (let i = 0; i < layer.n; i++) if (this.panelAt(...this.place(p, layer, i)) === p) return true; return false; }));
  }
  theme() {
    const style = getComputedStyle(this.root), get = (name, other) => style.getPropertyValue(name).trim() || other;
    this.ink = get("--st-text-color", "#1c2126"); this.paper = get("--st-background-color", "#ffffff"); this.accent = get("--st-primary-color", "#b3541e");
    this.font = get("--st-font", "system-ui, sans-serif");
    this.soft = `color-mix(in srgb, ${this.ink} 78%, ${this.paper})`;
  }
  resize() {
    const { width, height } = this.box.getBoundingClientRect();
    if (!this.set || !width || (width === this.width && height === this.height && this.ratio === Math.min(window.devicePixelRatio || 1, 2))) return;
    this.arrange();
    const scales = this.views.map((v) => v.s / v.s0), centres = this.views.map((v) => [v.x, v.y]);
    const moved = this.moved;
    this.fit(false);
    if (moved) { this.views.forEach((v, i) => { [v.x, v.y] = centres[i]; v.s = v.s0 * scales[i]; }); this.moved = true; }
    this.arrive?.resized();
    this.drawAll();
  }
  // Panels: boxes on the canvas with their layers.
  arrange() {
    const { width, height } = this.box.getBoundingClientRect();
    Object.assign(this, { width, height, ratio: Math.min(window.devicePixelRatio || 1, 2) });
    for (const canvas of [this.under.canvas, this.points.canvas, this.over]) { canvas.width = Math.max(1, Math.round(width * this.ratio)); canvas.height = Math.max(1, Math.round(height * this.ratio)); }
    const n = this.set.maps.length, kind = this.spec.arrangement;
    this.rotate();
    if (kind === "morph") this.blend(); else this.u = 0;
    const groups = kind === "side" ? this.set.maps.map((_, m) => [this.layer(m)]) : kind === "morph" ? [[this.current]] : [this.set.maps.map((_, m) => this.layer(m))];
    const columns = kind !== "side" ? 1 : n === 4 || width < 560 ? Math.min(2, n) : n, rows = Math.ceil(groups.length / columns);
    const w = (width - GAP * (columns - 1)) / columns, h = (height - GAP * (rows - 1)) / rows;
    this.panels = groups.map((layers, i) => ({ layers, w, h, x: (i % columns) * (w + GAP), y: Math.floor(i / columns) * (h + GAP), missing: [], index: i }));
    while (this.views.length < this.panels.length) this.views.push({ x: 0, y: 0, s: 1, s0: 1, ...this.views[0] });
    this.views.length = this.panels.length;
    this.titles.replaceChildren(...(kind === "side" ? this.panels.map((panel, i) => {
      const title = document.createElement("div"), dot = document.createElement("i");
      dot.style.background = this.set.maps[i].colour;
      title.append(dot, this.set.maps[i].space);
      title.style.left = `${panel.x + 8}px`; title.style.top = `${panel.y + 4}px`; title.style.maxWidth = `${panel.w - 16}px`;
      return title;
    }) : []));
  }
  layer(a, b = a) { const key = `${a}>${b}`; if (!this.layers.has(key)) this.layers.set(key, new Layer(this.set, a, b)); return this.layers.get(key); }
  // The layer of the moment: between two maps, or one map alone.
  blend() {
    const last = this.set.maps.length - 1;
    this.t = Math.max(0, Math.min(last, this.t));
    const i = Math.min(Math.floor(this.t), Math.max(last - 1, 0));
    this.u = this.t - i;
    this.current = last > 0 ? this.layer(i, i + 1) : this.layer(0);
    if (this.panels.length) this.panels[0].layers = [this.current];
  }
  rotate() { this.rotation = this.set.dims === 3 ? turn(...this.turned) : null; }
  scrubTo(t) {
    stop(this);
    const before = this.current;
    this.t = t; this.blend();
    if (this.current !== before) this.painted.clear();
    this.draw(); this.tools.moment(); this.remember();
    if (this.pointed !== null || this.chosen.size) this.tellSoon();
  }

  // The moment of the scrubber in words.
  moment() {
    const { maps } = this.set, i = Math.round(this.t);
    return Math.abs(this.t - i) < 0.01 ? maps[i].space : `${maps[Math.floor(this.t)].space} → ${maps[Math.ceil(this.t)].space}`;
  }

  flat(layer) { return layer.flat(this.u, this.rotation, this.centre); }
  grid(layer) {
    const flat = this.flat(layer);
    if (layer.gridOf !== flat) { layer.grid = new Grid(flat, layer.n); layer.gridOf = flat; }
    return layer.grid;
  }
  screen(panel, x, y) { const v = this.views[panel.index]; return [panel.x + panel.w / 2 + (x - v.x) * v.s, panel.y + panel.h / 2 - (y - v.y) * v.s]; }
  unscreen(panel, x, y) { const v = this.views[panel.index]; return [v.x + (x - panel.x - panel.w / 2) / v.s, v.y - (y - panel.y - panel.h / 2) / v.s]; }
  place(panel, layer, i) { const flat = this.flat(layer); return this.screen(panel, flat[2 * i], flat[2 * i + 1]); }
  panelAt(x, y) { return this.panels.find((p) => x >= p.x && x <= p.x + p.w && y >= p.y && y <= p.y + p.h); }
  // The point under the pointer: its panel, layer and index.
  hit(x, y, reach = 14) {
    const panel = this.panelAt(x, y);
    if (!panel) return null;
    const at = this.unscreen(panel, x, y), s = this.views[panel.index].s;
    let best = null, least = reach / s;
    for (const layer of panel.layers) {
      const [i, d] = this.grid(layer).nearest(...at, least, (j) => { if (!layer.there(j, this.u)) return false; const [m, row] = layer.source(j, this.u); return this.mask[m][row]; });
      if (i >= 0) { best = { panel, layer, i }; least = d; }
    }
    return best;
  }
  shownMaps() { return this.spec.arrangement === "morph" ? (this.current.blend ? [this.u < 0.5 ? this.current.first : this.current.second] : [0]) : this.set.maps.map((_, m) => m); }
  far(m, row) {
    if (this.gliding) return [];
    const key = `${m}:${row}`;
    if (!this.farCache.has(key)) {
      if (this.farCache.size > 4000) this.farCache.clear();
      const layer = this.layer(m), near = neighborsOf(this.set, m, row);
      const flat = this.set.dims === 3 || this.set.large ? null : layer.flat(0);
      this.farCache.set(key, flat ? thrownFar(flat, row, near, Math.max(this.set.k, Math.min(FAR, Math.floor(layer.n / 5)))) : []);
    }
    return this.farCache.get(key);
  }

  extent(panel) {
    let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
    const add = (flat, i) => { x0 = Math.min(x0, flat[2 * i]); x1 = Math.max(x1, flat[2 * i]); y0 = Math.min(y0, flat[2 * i + 1]); y1 = Math.max(y1, flat[2 * i + 1]); };
    const panels = this.linked ? this.panels : [panel];
    const morph = this.spec.arrangement === "morph", shown = morph || this.linked ? this.set.maps.map((_, m) => m) : panel.layers.map((l) => l.first);
    if (this.spec.zoom && this.chosen.size) for (const m of shown) for (const id of this.chosen) {
      const map = this.set.maps[m], row = map.rowOf[id], flat = this.flat(this.layer(m));
      if (row < 0) continue;
      const far = new Set(this.far(m, row));
      add(flat, row);
      for (const other of neighborsOf(this.set, m, row).slice(0, this.spec.k)) if (!far.has(other)) add(flat, other);
    }
    if (this.set.around && !this.spec.zoom) return this.whole([{ layers: this.set.maps.map((_, m) => this.layer(m)) }]);
    return x0 === Infinity || x1 - x0 + y1 - y0 < 1e-6 ? this.whole(panels) : [x0, y0, x1, y1];
  }
  // The box of all points but the outermost few in a thousand, which lie far out on most maps.
  whole(panels) {
    const xs = [], ys = [];
    for (const { layers } of panels) for (const layer of layers) {
      const flat = this.flat(layer), step = Math.ceil(layer.n / 20000);
      for (let i = 0; i < layer.n; i += step) { xs.push(flat[2 * i]); ys.push(flat[2 * i + 1]); }
    }
    if (!xs.length) return [0, 0, 1, 1];
    const range = (values) => { values.sort((a, b) => a - b); const cut = Math.floor(values.length * 0.003); return [values[cut], values[values.length - 1 - cut]]; };
    const [[x0, x1], [y0, y1]] = [range(xs), range(ys)];
    return [x0, y0, x1, y1];
  }
  fit(draw = true) {
    if (draw) stop(this);
    for (const panel of this.panels) {
      const [x0, y0, x1, y1] = this.extent(panel), loose = this.spec.zoom && this.chosen.size ? 0.22 : this.set.around ? 0.06 : PAD;
      const [a0, b0, a1, b1] = this.whole([panel]);
      this.full = Math.min(panel.w / Math.max(a1 - a0, 0.05), panel.h / Math.max(b1 - b0, 0.05));
      const s = Math.min(panel.w / Math.max((x1 - x0) * (1 + 2 * loose), 0.05), panel.h / Math.max((y1 - y0) * (1 + 2 * loose), 0.05));
      Object.assign(this.views[panel.index], { x: (x0 + x1) / 2, y: (y0 + y1) / 2, s, s0: s });
    }
    this.moved = false;
    if (draw) { this.drawAll(); this.remember(); this.want(); }
  }
  // The address holds zooms beside what fits; what fits is another where maps are no longer linked.
  remeasure() {
    const before = this.views.map(({ x, y, s }) => ({ x, y, s }));
    this.fit(false);
    this.views.forEach((view, i) => Object.assign(view, before[i]));
    this.moved = true;
  }
  // Zoom and pan by a change of one view; linked views follow.
  shift(panel, change) {
    stop(this);
    const view = this.views[panel.index];
    change(view);
    view.s = Math.max(view.s0 / 4, Math.min(view.s0 * 400, view.s));
    if (this.linked) for (const other of this.views) if (other !== view) Object.assign(other, { x: view.x, y: view.y, s: view.s });
    this.moved = true;
    this.draw(); this.remember(); this.want();
  }

  repaint() {
    const mode = this.recolour && this.pointing() !== null ? "distance" : this.spec.colour;
    this.mask = masks(this.set, this.filters, this.selection);
    this.colourOf = colouring(this.set, mode, this.distance, this.hexAccent());
    this.painted.clear();
    this.drawAll();
  }
  hexAccent() {
    const ctx = this.ctx; ctx.fillStyle = "#000"; ctx.fillStyle = this.accent;
    return /^#[0-9a-f]{6}$/i.test(ctx.fillStyle) ? ctx.fillStyle : "#b3541e";
  }
  refilter() { this.repaint(); drawBars(this.bars, this); this.remember(); }
  draw() { if (!this.frame) this.frame = requestAnimationFrame(() => { this.frame = 0; this.drawAll(); }); }
  drawOver() { if (!this.frame && !this.overFrame) this.overFrame = requestAnimationFrame(() => { this.overFrame = 0; this.overlay(); }); }
  overlay() { if (this.ended || !this.mask) return; for (const panel of this.panels) panel.missing = []; drawOverlay(this); this.root.dataset.arrows = this.panels.reduce((n, p) => n + p.arrows.length, 0); this.tools.drawn(); }
  drawAll() {
    if (this.ended || !this.set || !this.mask) return;
    this.points.clear();
    this.under.clearRect(0, 0, this.width, this.height);
    const n = Math.max(...this.panels.map((p) => p.layers.reduce((sum, l) => sum + l.n, 0))), used = new Set();
    const base = (n > 50000 ? 2.8 : n > 8000 ? 4.2 : n > 1000 ? 5 : n > 200 ? 6.5 : 9) * (this.panels.length > 1 ? 0.85 : 1);
    const size = base * Math.max(0.8, Math.min(2.2, (this.views[0].s / this.full) ** 0.4)); // larger as one zooms in
    for (const panel of this.panels) for (const layer of panel.layers) {
      if (this.set.large) drawDensity(this, panel, layer.first);
      if (!this.painted.has(layer)) this.painted.set(layer, paint(layer, this.colourOf, this.mask));
      const colours = this.painted.get(layer);
      for (const array of [layer.a, layer.b, colours.a, colours.b]) used.add(array);
      this.points.draw(layer, colours, panel, this.views[panel.index], { t: this.u, rotation: this.rotation, centre: this.centre, size, dim: !this.chosen.size || this.recolour ? 1 : this.set.around ? 0.6 : this.spec.zoom ? 0.65 : 0.4, ratio: this.ratio });
    }
    this.points.forget(used);
    this.overlay();
    this.root.dataset.drawn = this.whole0.version;
  }

  // Pointing: from a hovered point, the keyboard or a list.
  pointing() { return this.pointed ?? (this.chosen.size ? [...this.chosen][0] : null); }
  point(hit, x, y) {
    const id = hit ? hit.layer.ids[hit.i] : null;
    if (hit) { const [m, row] = hit.layer.source(hit.i, this.u); drawTip(this.tip, this, m, row, x, y, hit.panel); this.anchor = [m, row]; }
    else this.tip.hidden = true;
    if (id === this.pointed) return;
    this.pointed = id; this.beside = null;
    this.overlay(); this.tellSoon();
    if (this.recolour) this.ask();
  }
  pointBeside(m, row) { this.beside = m < 0 ? null : [m, row]; this.drawOver(); }
  tellSoon() { cancelAnimationFrame(this.telling); this.telling = requestAnimationFrame(() => this.tell()); }
  tell() {
    const id = this.pointing();
    drawLists(this.lists, this, id);
    const where = id === null ? [] : this.shownMaps().filter((m) => this.set.maps[m].rowOf[id] < 0).map((m) => this.set.maps[m].space);
    this.status.textContent = id === null ? "" : where.length ? said(this.send.words, "{word}, missing in {space}", { word: this.set.labels[id], space: where.join(", ") }) : this.set.labels[id];
  }
  // Of a large set the browser has what is in view; a new view takes its place, and everything stays where it was.
  want() {
    if (!this.set.large || !this.send.live) return;
    clearTimeout(this.wanting);
    this.wanting = setTimeout(() => {
      let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
      for (const panel of this.panels) {
        const [a, b] = this.unscreen(panel, panel.x, panel.y + panel.h), [c, d] = this.unscreen(panel, panel.x + panel.w, panel.y);
        [x0, y0, x1, y1] = [Math.min(x0, a), Math.min(y0, b), Math.max(x1, c), Math.max(y1, d)];
      }
      this.send("wanted", { version: this.whole0.version, box: [x0, y0, x1, y1] });
    }, 250);
  }
  zoomedIn() {
    const found = this.whole0 && kept(`${this.whole0.version}:detail`);
    if (!found || found === this.set) return;
    const pointed = this.pointed === null ? null : this.set.globalOf(this.pointed);
    Object.assign(this, { set: found, beside: null, anchor: null });
    this.layers.clear(); this.farCache.clear();
    this.pointed = pointed === null ? null : found.localOf(pointed);
    if (this.pointed < 0) this.pointed = null;
    this.chosen = new Set(this.spec.chosen.map((id) => found.localOf(id)).filter((id) => id >= 0));
    this.arrange();
    if (this.drawn) this.mark();
    this.repaint(); this.tell();
  }
  pick(id) { this.send("picked", { id: this.set.globalOf(id), version: this.whole0.version, n: Date.now() }); if (!this.send.live) { this.chosen = new Set([id]); this.fit(); this.tell(); } }
  // Points inside an outline, in one panel: greyed here at once, and sent with their rows.
  select(panel, outline) {
    this.drawn = { panel: panel.index, outline };
    const rows = this.mark(), most = 5000;
    this.repaint();
    this.tools.update();
    this.send("selected", { version: this.whole0.version, n: rows.length, rows: rows.length > most || this.set.large ? [] : rows, outline, maps: panel.layers.flatMap((l) => (l.blend ? [l.first, l.second] : [l.first])), blend: this.spec.arrangement === "morph", t: this.u,
      turned: this.set.dims === 3 ? this.turned : null, filters: [...this.filters].map(([name, levels]) => [name, [...levels]]) });
  }
  // Which points lie in the outline that was drawn; a large set is marked again with every view of it.
  mark() {
    const { outline } = this.drawn, panel = this.panels[this.drawn.panel];
    this.selection = this.set.maps.map((map) => new Uint8Array(map.n));
    const base = masks(this.set, this.filters, null), rows = [];
    for (const layer of panel.layers) {
      const flat = this.flat(layer);
      for (let i = 0; i < layer.n; i++) {
        const [m, row] = layer.source(i, this.u);
        if (layer.there(i, this.u) && base[m][row] && inside(outline, flat[2 * i], flat[2 * i + 1])) { this.selection[m][row] = 1; rows.push(this.set.maps[m].offset + row); }
      }
    }
    if (!rows.length) this.selection = this.drawn = null;
    return rows;
  }
  clear() {
    const had = this.selection;
    Object.assign(this, { pointed: null, beside: null, selection: null, drawn: null, outline: null });
    this.tip.hidden = true;
    if (this.filters.size) this.filters.clear();
    this.refilter(); this.tell(); this.tools.update();
    if (had) this.send("selected", null);
  }
  // The distances of the item that is pointed at, to every point of every map: Python knows the original space.
  ask() {
    clearTimeout(this.asking);
    const id = this.pointing();
    if (id === null || this.distance?.id === id) return this.repaint();
    this.asking = setTimeout(() => this.send("asked", { id, version: this.whole0.version, n: Date.now() }), 120);
  }
  answer() {
    const found = this.whole0 && kept(`${this.whole0.version}:distance`);
    if (!found || found.id === this.distance?.id) return;
    this.distance = { id: found.id, shades: this.set.maps.map((_, m) => found.arrays[`d${m}`]) };
    if (this.recolour) this.repaint();
  }
  remember() {
    if (!this.spec.address) return;
    clearTimeout(this.writing);
    this.writing = setTimeout(() => {
      const views = this.linked ? this.views.slice(0, 1) : this.views;
      write({ view: this.moved ? views.flatMap((v) => [v.x, v.y, v.s / v.s0]) : null, t: this.spec.arrangement === "morph" && this.t > 0 ? this.t : null, turned: this.set.dims === 3 ? this.turned : null, filters: this.filters, unlinked: !this.linked, distance: this.recolour, arrows: this.arrows });
    }, 300);
  }
  get calm() { return still(); }
}
