// Labels that never overlap: greedy, in order of importance, on what is on screen.
const RTL = /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const LONGEST = 32;

export const shorten = (text) => {
  const letters = [...text.slice(0, 4 * LONGEST)];
  return letters.length > LONGEST ? letters.slice(0, LONGEST - 1).join("") + "…" : text;
};
export const direction = (text) => (RTL.test(text) ? "rtl" : "ltr");

export class Board {
  // box: what labels may not leave. Widths come from the browser, which knows every script.
  // large: for an audience, no text below 20 px.
  constructor(ctx, box, font, large) { Object.assign(this, { ctx, box, font, large, taken: [], placed: [], widths: (ctx.widths ??= new Map()) }); }
  width(text, size, bold) {
    const key = `${bold}|${size}|${text}`;
    let w = this.widths.get(key);
    if (w === undefined) {
      this.ctx.font = `${bold ? 600 : 400} ${size}px ${this.font}`;
      w = this.ctx.measureText(text).width;
      if (this.widths.size > 20000) this.widths.clear();
      this.widths.set(key, w);
    }
    return w;
  }
  free([x0, y0, x1, y1]) { return !this.taken.some((r) => r[0] < x1 && x0 < r[2] && r[1] < y1 && y0 < r[3]); }
  within([x0, y0, x1, y1]) { return x0 >= this.box.x && y0 >= this.box.y && x1 <= this.box.x + this.box.w && y1 <= this.box.y + this.box.h; }
  // must: placed further out, with a line to its point, wherever there is room, rather than left out.
  // round: the nearest free place in any direction, not only above and below.
  place(x, y, full, { size: usual = 13, bold = false, colour, must = false, away = 6, id = -1, round = false } = {}) {
    const size = this.large ? Math.max(20, Math.round(usual * 1.5)) : usual, text = shorten(full), w = this.width(text, size, bold), h = size * 1.3;
    const take = (cx, cy, far) => {
      const rect = [cx - w / 2 - 2, cy - h / 2, cx + w / 2 + 2, cy + h / 2];
      if (!this.within(rect) || !this.free(rect)) return false;
      this.taken.push(rect);
      this.placed.push({ text, x: cx, y: cy, w, size, bold, colour, id, rect, from: far ? [x, y] : null });
      return true;
    };
    const sides = [[1, 0], [-1, 0], [0, -1], [0, 1], [1, -1], [-1, -1], [1, 1], [-1, 1]];
    for (const ring of must && !round ? [1, 2.4, 4, 6, 9, 13] : [1]) for (const [sx, sy] of sides) {
      if (ring > 1 && sy === 0) continue;
      if (take(x + sx * (w / 2 + away), y + sy * (h / 2 + away - 2) * ring, ring > 1)) return true;
    }
    const most = must ? Math.max(this.box.w, this.box.h) : 0, turns = 24;
    for (let gap = away + 4; gap < most; gap += 5) for (let turn = 0; turn < turns; turn++) {
      const [c, s] = [Math.cos((2 * Math.PI * turn) / turns), Math.sin((2 * Math.PI * turn) / turns)];
      if (take(x + c * (w / 2 + gap), y + s * (h / 2 + gap), true)) return true;
    }
    return false;
  }
  draw(ink, paper) {
    const { ctx } = this;
    ctx.textBaseline = "middle"; ctx.textAlign = "center"; ctx.lineJoin = "round";
    for (const one of this.placed) {
      if (one.from) {
        ctx.strokeStyle = one.colour || ink; ctx.globalAlpha = 0.5; ctx.lineWidth = 1;
        const [x0, y0, x1, y1] = one.rect, [x, y] = one.from; // to the nearest edge of the label
        ctx.beginPath(); ctx.moveTo(x, y); ctx.lineTo(Math.max(x0 + 2, Math.min(x1 - 2, x)), Math.max(y0 + 2, Math.min(y1 - 2, y))); ctx.stroke(); ctx.globalAlpha = 1;
      }
      ctx.font = `${one.bold ? 600 : 400} ${one.size}px ${this.font}`;
      ctx.direction = direction(one.text);
      ctx.strokeStyle = paper; ctx.lineWidth = 4; ctx.strokeText(one.text, one.x, one.y);
      ctx.fillStyle = one.colour || ink; ctx.fillText(one.text, one.x, one.y);
    }
  }
}
