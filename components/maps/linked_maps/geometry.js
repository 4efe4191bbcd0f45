// Where points are: layers of points, their places at a moment of the morph, picking and polygons.

export const turn = (yaw, pitch) => {
  const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
  return [cy, 0, sy, sp * sy, cp, -sp * cy, -cp * sy, sp, cp * cy]; // rows
};
export const FLAT = [1, 0, 0, 0, 1, 0, 0, 0, 1];

// Points that are drawn together. Static: one map, a === b. A blend: the items of two maps, a in the first and b in the
// second; an item that one of them lacks stays in its place and fades.
export class Layer {
  constructor(set, first, second = first) {
    const [a, b] = [set.maps[first], set.maps[second]];
    Object.assign(this, { set, first, second, blend: first !== second, cache: {} });
    if (!this.blend) {
      this.n = a.n;
      this.ids = a.ids;
      this.rowsA = this.rowsB = null;
      this.a = this.b = a.xyz;
    } else {
      const only = [];
      for (let row = 0; row < b.n; row++) if (a.rowOf[b.ids[row]] < 0) only.push(row);
      this.n = a.n + only.length;
      this.ids = new Int32Array(this.n);
      this.rowsA = new Int32Array(this.n).fill(-1);
      this.rowsB = new Int32Array(this.n).fill(-1);
      this.a = new Float32Array(3 * this.n);
      this.b = new Float32Array(3 * this.n);
      for (let i = 0; i < this.n; i++) {
        const id = i < a.n ? a.ids[i] : b.ids[only[i - a.n]];
        const ra = a.rowOf[id], rb = b.rowOf[id];
        [this.ids[i], this.rowsA[i], this.rowsB[i]] = [id, ra, rb];
        for (let d = 0; d < 3; d++) {
          this.a[3 * i + d] = ra >= 0 ? a.xyz[3 * ra + d] : b.xyz[3 * rb + d];
          this.b[3 * i + d] = rb >= 0 ? b.xyz[3 * rb + d] : a.xyz[3 * ra + d];
        }
      }
    }
    this.rowOf = new Int32Array(set.labels.length).fill(-1);
    for (let i = 0; i < this.n; i++) this.rowOf[this.ids[i]] = i;
  }
  // Which map and row a point stands for at t; where one of the two lacks the item, the other's.
  source(i, t) {
    if (!this.blend) return [this.first, i];
    const [a, b] = [this.rowsA[i], this.rowsB[i]];
    return (t < 0.5 && a >= 0) || b < 0 ? [this.first, a] : [this.second, b];
  }
  // A point is there at t when the map that t is nearer to has it.
  there(i, t) { return !this.blend || (t < 0.5 ? this.rowsA[i] : this.rowsB[i]) >= 0; }
  // How far between a and b: of a blend the moment; of a map that glides from where its points were, how far it got.
  along(t) { return this.gliding ?? (this.blend ? t : 0); }
  // Places on the plane, mixed and turned: Float32Array of x, y for each point.
  flat(t, rotation = null, centre = null) {
    t = this.along(t);
    const key = `${t}|${rotation}`;
    if (this.cache.key === key) return this.cache.flat;
    const out = new Float32Array(2 * this.n), { a, b } = this, r = rotation || FLAT, c = rotation ? centre : [0, 0, 0];
    const mix = t > 0;
    for (let i = 0; i < this.n; i++) {
      let x = a[3 * i], y = a[3 * i + 1], z = a[3 * i + 2];
      if (mix) { x = x * (1 - t) + b[3 * i] * t; y = y * (1 - t) + b[3 * i + 1] * t; z = z * (1 - t) + b[3 * i + 2] * t; }
      if (rotation) {
        x -= c[0]; y -= c[1]; z -= c[2];
        out[2 * i] = r[0] * x + r[1] * y + r[2] * z;
        out[2 * i + 1] = r[3] * x + r[4] * y + r[5] * z;
      } else { out[2 * i] = x; out[2 * i + 1] = y; }
    }
    this.cache = { key, flat: out };
    return out;
  }
}

// A uniform grid over places; nearest() looks only at cells within reach.
export class Grid {
  constructor(flat, n) {
    Object.assign(this, { flat, n });
    let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < n; i++) {
      x0 = Math.min(x0, flat[2 * i]); x1 = Math.max(x1, flat[2 * i]);
      y0 = Math.min(y0, flat[2 * i + 1]); y1 = Math.max(y1, flat[2 * i + 1]);
    }
    if (!n) [x0, y0, x1, y1] = [0, 0, 1, 1];
    this.x0 = x0; this.y0 = y0;
    this.cell = Math.max(x1 - x0, y1 - y0, 1e-9) / Math.max(1, Math.min(512, Math.sqrt(n / 2)));
    this.wide = Math.floor((x1 - x0) / this.cell) + 1;
    this.high = Math.floor((y1 - y0) / this.cell) + 1;
    this.starts = new Int32Array(this.wide * this.high + 1);
    const cells = new Int32Array(n);
    for (let i = 0; i < n; i++) {
      cells[i] = Math.floor((flat[2 * i + 1] - y0) / this.cell) * this.wide + Math.floor((flat[2 * i] - x0) / this.cell);
      this.starts[cells[i] + 1]++;
    }
    for (let c = 0; c < this.starts.length - 1; c++) this.starts[c + 1] += this.starts[c];
    const at = this.starts.slice();
    this.order = new Int32Array(n);
    for (let i = 0; i < n; i++) this.order[at[cells[i]]++] = i;
  }
  nearest(x, y, reach, allowed) {
    let best = -1, least = reach * reach;
    const clamp = (v, most) => Math.max(0, Math.min(most, v));
    const c0 = clamp(Math.floor((x - reach - this.x0) / this.cell), this.wide - 1), c1 = clamp(Math.floor((x + reach - this.x0) / this.cell), this.wide - 1);
    const r0 = clamp(Math.floor((y - reach - this.y0) / this.cell), this.high - 1), r1 = clamp(Math.floor((y + reach - this.y0) / this.cell), this.high - 1);
    for (let r = r0; r <= r1; r++) for (let c = c0; c <= c1; c++) {
      for (let j = this.starts[r * this.wide + c]; j < this.starts[r * this.wide + c + 1]; j++) {
        const i = this.order[j], d = (this.flat[2 * i] - x) ** 2 + (this.flat[2 * i + 1] - y) ** 2;
        if (d < least && allowed(i)) { least = d; best = i; }
      }
    }
    return [best, Math.sqrt(least)];
  }
}

// Even-odd, as isogloss/polygon.py has it.
export function inside(corners, x, y) {
  let odd = false;
  for (let i = 0, j = 1; i < corners.length; i++, j = (i + 1) % corners.length) {
    const [x0, y0] = corners[i], [x1, y1] = corners[j];
    if (y0 !== y1 && (y0 > y) !== (y1 > y) && x < ((x1 - x0) * (y - y0)) / (y1 - y0) + x0) odd = !odd;
  }
  return odd;
}

// Neighbors of a row that lie past the `past` nearest points of their map: the ones the map threw far away.
export function thrownFar(flat, row, neighbors, past) {
  const [x, y] = [flat[2 * row], flat[2 * row + 1]];
  const d = neighbors.map((j) => (flat[2 * j] - x) ** 2 + (flat[2 * j + 1] - y) ** 2);
  const closer = new Array(d.length).fill(0);
  for (let i = 0; i < flat.length; i += 2) {
    const e = (flat[i] - x) ** 2 + (flat[i + 1] - y) ** 2;
    for (let j = 0; j < d.length; j++) if (e < d[j]) closer[j]++;
  }
  return neighbors.filter((_, j) => closer[j] > past);
}
