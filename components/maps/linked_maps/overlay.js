// What lies over the points: highlights, lines to neighbors that were thrown far, paths, trails, labels.
import { arrow, colourOf, drawArrows } from "./arrows.js";
import { edge, named, way } from "./around.js";
import { Board } from "./labels.js";
import { said } from "./dom.js";
import { neighborsOf } from "./store.js";

const CHANGED = 2; // at most this many neighbors in common: the item leaves a trail
const MOST_TRAILS = 1200;

export function drawOverlay(stage) {
  const { ctx, ratio, panels } = stage;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, stage.width, stage.height);
  stage.labelled = [];
  for (const panel of panels) {
    ctx.save();
    ctx.beginPath(); ctx.rect(panel.x, panel.y, panel.w, panel.h); ctx.clip();
    new Drawing(stage, panel).draw();
    ctx.restore();
  }
  drawOutline(stage);
}

class Drawing {
  constructor(stage, panel) {
    Object.assign(this, { stage, panel, ctx: stage.ctx, set: stage.set, board: new Board(stage.ctx, panel, stage.font, stage.spec.large) });
    this.lit = new Set();
    this.shown = [];
    const title = stage.titles.children[panel.index]?.getBoundingClientRect(); // labels keep clear of it
    if (title) this.board.taken.push([panel.x, panel.y, panel.x + 16 + title.width, panel.y + 10 + title.height]);
    this.marks = []; // of labels that must be shown, most important first
  }
  at(layer, i) { return this.stage.place(this.panel, layer, i); }
  seen([x, y]) { const p = this.panel; return x >= p.x && x <= p.x + p.w && y >= p.y && y <= p.y + p.h; }

  draw() {
    const { stage } = this;
    if (stage.spec.arrangement === "morph") this.trails();
    drawArrows(this);
    const asked = [...stage.chosen], pointed = stage.pointed;
    if (this.set.around) for (const id of asked) way(this, id);
    for (const id of asked) this.item(id, true);
    if (this.set.around) named(this);
    if (pointed !== null && !stage.chosen.has(pointed)) this.item(pointed, false);
    if (stage.beside) this.besideMark(...stage.beside);
    for (const mark of this.marks.sort((a, b) => a.rank - b.rank)) {
      this.board.place(mark.x, mark.y, mark.text, { ...mark, round: this.set.around });
    }
    this.common();
    this.board.draw(stage.ink, stage.paper);
    stage.labelled.push(...this.board.placed);
    this.panel.lit = this.shown; // what lights up, for whoever asks
  }

  // An item in every map of the panel: its places, its neighbors, its path, and lines to neighbors thrown far.
  item(id, chosen) {
    const { stage, set, ctx, panel } = this, stops = [];
    for (const layer of panel.layers) {
      const i = layer.rowOf[id];
      if (i < 0) continue;
      const [m, row] = layer.source(i, stage.u), at = this.at(layer, i), colour = set.maps[m].colour;
      const there = layer.there(i, stage.u);
      if (there) {
        const far = new Set(stage.far(m, row));
        for (const [rank, other] of neighborsOf(set, m, row).slice(0, stage.spec.k ?? set.k).entries()) {
          const j = layer.rowOf[set.maps[m].ids[other]], to = this.at(layer, j);
          if (far.has(other)) {
            ctx.setLineDash([4, 4]); ctx.globalAlpha = 0.4; ctx.strokeStyle = stage.ink; ctx.lineWidth = 1;
            ctx.beginPath(); ctx.moveTo(...at); ctx.lineTo(...to); ctx.stroke();
            ctx.setLineDash([]); ctx.globalAlpha = 1;
          }
          this.dot(to, 4.5, colour);
          if (this.set.around) this.keepClear(to, 4);
          this.shown.push(set.maps[m].ids[other]);
          const key = set.maps[m].ids[other];
          if (this.seen(to) && !this.lit.has(key) && !stage.chosen.has(key)) {
            this.lit.add(key);
            this.marks.push({ x: to[0], y: to[1], text: set.labels[key], colour: null, size: 13, rank: 10 + rank + (chosen ? 0 : 0.5), must: rank < (stage.spec.large ? 2 : 4) || (this.set.around && !stage.spec.large), id: key });
          } else if (far.has(other) && !this.seen(to) && this.seen(at) && !this.lit.has(key)) { // a line that leaves the frame says where to
            const [x, y] = edge(panel, at, to);
            this.lit.add(key);
            this.marks.push({ x, y, text: set.labels[key], colour: stage.soft, size: 12, rank: 40 + rank, must: true, id: key });
          }
        }
      }
      stops.push({ at, colour, m, row, there, i });
      if (there) this.shown.push(id);
    }
    this.lit.add(id);
    if (stops.length > 1) {
      const own = stage.spec.directed ? colourOf(stage, stops) : null;
      ctx.strokeStyle = own ?? stage.ink; ctx.globalAlpha = own ? 1 : 0.7; ctx.lineWidth = own ? 2.2 : 1.5;
      ctx.beginPath();
      for (let n = 1; n < stops.length; n++) {
        const [from, to] = [stops[n - 1].at, stops[n].at];
        if (stage.spec.directed && arrow(ctx, from, to, chosen ? 11 : 9, 12)) panel.arrows.push({ id, colour: own ?? stage.ink, from, to });
        else { ctx.moveTo(...from); ctx.lineTo(...to); }
      }
      ctx.stroke(); ctx.globalAlpha = 1;
    }
    for (const { at, colour, m, there } of stops) {
      this.dot(at, chosen ? 8 : 6, colour, there ? 1 : 0.35);
      if (this.set.around) this.keepClear(at, 9);
      ctx.strokeStyle = stage.ink; ctx.lineWidth = 2;
      ctx.beginPath(); ctx.arc(...at, chosen ? 9 : 7, 0, 7); ctx.stroke();
      const several = panel.layers.length > 1;
      if (this.seen(at) && (chosen || m === stops[stops.length - 1].m)) this.marks.push({ x: at[0], y: at[1], text: several && chosen ? `${this.set.labels[id]} ${this.set.maps[m].space}` : this.set.labels[id], size: 15, bold: true, must: true, rank: chosen ? 0 : 1, away: 11, id });
    }
    if (!stops.length || !stops.some((s) => s.there)) this.missing(id);
  }
  missing(id) {
    const { ctx, stage, panel, set } = this, name = panel.layers.map((l) => set.maps[l.blend && stage.u >= 0.5 ? l.second : l.first].space).join(", ");
    panel.missing.push(said(stage.send.words, "{word} is missing in {space}", { word: set.labels[id], space: name }));
    const size = stage.spec.large ? 20 : 13;
    ctx.font = `400 ${size}px ${stage.font}`; ctx.fillStyle = stage.ink; ctx.textAlign = "left"; ctx.textBaseline = "top"; ctx.globalAlpha = 0.75;
    const text = panel.missing[panel.missing.length - 1];
    ctx.fillText(text.length > 60 ? `${text.slice(0, 59)}…` : text, panel.x + 10, panel.y + 10 + 1.4 * size * panel.missing.length); ctx.globalAlpha = 1;
  }
  besideMark(m, row) {
    const id = this.set.maps[m].ids[row];
    for (const layer of this.panel.layers) {
      const i = layer.rowOf[id];
      if (i < 0 || (!layer.blend && layer.first !== m)) continue;
      const at = this.at(layer, i);
      this.ctx.strokeStyle = this.stage.accent; this.ctx.lineWidth = 3;
      this.ctx.beginPath(); this.ctx.arc(...at, 9, 0, 7); this.ctx.stroke();
      this.marks.push({ x: at[0], y: at[1], text: this.set.labels[id], size: 14, bold: true, must: true, rank: 0.5, away: 11, id });
      this.lit.add(id);
    }
  }
  keepClear([x, y], r) { this.board.taken.push([x - r + 0.5, y - r + 0.5, x + r - 0.5, y + r - 0.5]); } // of labels
  dot([x, y], r, colour, alpha = 1) {
    const { ctx } = this;
    ctx.globalAlpha = alpha; ctx.fillStyle = colour; ctx.beginPath(); ctx.arc(x, y, r, 0, 7); ctx.fill(); ctx.globalAlpha = 1;
  }
  // From where an item was to where it is now, for those that changed their neighbors.
  trails() {
    const { stage, ctx, panel } = this, layer = panel.layers[0];
    if (!layer.blend || stage.u === 0 || (stage.u === 1 && stage.spec.moment !== undefined)) return;
    const map = this.set.maps[layer.first], flat = layer.flat(0, stage.rotation, stage.centre).slice();
    layer.cache = {};
    ctx.strokeStyle = stage.ink; ctx.lineWidth = 1; ctx.globalAlpha = 0.13;
    ctx.beginPath();
    let drawn = 0;
    for (const row of map.order) {
      if (map.stay[row] < 0 || map.stay[row] > CHANGED || !stage.mask[layer.first][row]) continue;
      const from = stage.screen(panel, flat[2 * row], flat[2 * row + 1]), to = this.at(layer, row);
      if (!this.seen(from) && !this.seen(to)) continue;
      ctx.moveTo(...from); ctx.lineTo(...to);
      if (++drawn >= MOST_TRAILS) break;
    }
    ctx.stroke(); ctx.globalAlpha = 1;
  }
  // Labels of what is on screen, by the order Python gave (count, without the commonest tenth).
  common() {
    const { stage, panel, set } = this, dense = this.marks.length > 12 && set.around ? 60000 : stage.chosen.size || stage.pointed !== null ? 26000 : 11000;
    let room = Math.round((panel.w * panel.h) / (stage.spec.large ? 2.5 * dense : dense)), tried = 0;
    const most = Math.max(...panel.layers.map((l) => set.maps[l.first].order.length)), dim = stage.soft;
    for (let rank = 0; rank < most && room > 0 && tried < 500; rank++) for (const layer of panel.layers) {
      const map = set.maps[layer.blend && stage.u >= 0.5 ? layer.second : layer.first], row = map.order[rank];
      if (row === undefined || !stage.mask[set.maps.indexOf(map)][row]) continue;
      const id = map.ids[row];
      if (this.lit.has(id)) continue;
      const i = layer.rowOf[id], at = this.at(layer, i);
      if (!this.seen(at)) continue;
      tried++;
      if (this.board.place(at[0], at[1], set.labels[id], { size: 12, colour: dim, id })) { room--; this.lit.add(id); }
    }
  }
}

function drawOutline({ ctx, outline, accent }) {
  if (!outline || outline.length < 2) return;
  ctx.strokeStyle = accent; ctx.fillStyle = accent; ctx.lineWidth = 1.5;
  ctx.beginPath(); outline.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y))); ctx.closePath();
  ctx.globalAlpha = 0.08; ctx.fill(); ctx.globalAlpha = 1; ctx.stroke();
}
