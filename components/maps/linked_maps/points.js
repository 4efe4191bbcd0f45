// The points themselves: WebGL, one context for all maps; a plain canvas where there is no WebGL.
import { FLAT } from "./geometry.js";

const VERTEX = `
attribute vec3 a, b; attribute vec4 ca, cb;
uniform float t, size, dim; uniform vec3 centre; uniform mat3 turned; uniform vec2 scale, offset;
varying vec4 colour;
void main() {
  vec2 at = (turned * (mix(a, b, t) - centre)).xy;
  gl_Position = vec4(at * scale + offset, 0.0, 1.0);
  gl_PointSize = size;
  colour = mix(ca, cb, t);
  colour.a *= dim;
}`;
const FRAGMENT = `
precision mediump float; varying vec4 colour;
void main() {
  float r = length(gl_PointCoord - 0.5);
  float edge = 1.0 - smoothstep(0.38, 0.5, r);
  if (edge <= 0.0) discard;
  gl_FragColor = vec4(colour.rgb * colour.a, colour.a) * edge;
}`;
export class Points {
  constructor(canvas, onRestored) {
    this.canvas = canvas;
    this.buffers = new Map();
    canvas.addEventListener("webglcontextlost", (event) => { event.preventDefault(); this.lost = true; });
    canvas.addEventListener("webglcontextrestored", () => { this.lost = false; this.buffers.clear(); this.start(); onRestored(); });
    this.start();
  }
  start() {
    const gl = this.canvas.getContext("webgl", { antialias: false, premultipliedAlpha: true, alpha: true, depth: false });
    this.gl = gl;
    if (!gl) { this.plain = this.canvas.getContext("2d"); return; }
    const program = gl.createProgram();
    for (const [kind, text] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, text); gl.compileShader(shader); gl.attachShader(program, shader);
    }
    gl.linkProgram(program); gl.useProgram(program);
    this.at = Object.fromEntries(["a", "b", "ca", "cb"].map((n) => [n, gl.getAttribLocation(program, n)]));
    this.uniform = Object.fromEntries(["t", "size", "dim", "centre", "turned", "scale", "offset"].map((n) => [n, gl.getUniformLocation(program, n)]));
    Object.values(this.at).forEach((at) => gl.enableVertexAttribArray(at));
    gl.enable(gl.BLEND); gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.enable(gl.SCISSOR_TEST);
  }
  clear() {
    if (this.gl) {
      const { gl } = this;
      gl.disable(gl.SCISSOR_TEST); gl.clearColor(0, 0, 0, 0); gl.clear(gl.COLOR_BUFFER_BIT); gl.enable(gl.SCISSOR_TEST);
    } else { this.plain.setTransform(1, 0, 0, 1, 0, 0); this.plain.clearRect(0, 0, this.canvas.width, this.canvas.height); }
  }
  // A buffer for an array, made once; `forget` drops those of arrays that are no longer drawn.
  bind(array, at, width, normalized) {
    const { gl } = this;
    let buffer = this.buffers.get(array);
    if (!buffer) {
      buffer = gl.createBuffer();
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer); gl.bufferData(gl.ARRAY_BUFFER, array, gl.STATIC_DRAW);
      this.buffers.set(array, buffer);
    } else gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.vertexAttribPointer(at, width, normalized ? gl.UNSIGNED_BYTE : gl.FLOAT, normalized, 0, 0);
  }
  forget(kept) {
    for (const [array, buffer] of this.buffers) if (!kept.has(array)) { this.gl?.deleteBuffer(buffer); this.buffers.delete(array); }
  }
  // panel: its box in CSS pixels from the top left; view: centre and pixels per unit.
  draw(layer, colours, panel, view, { t, rotation, centre, size, dim, ratio }) {
    if (this.lost || !layer.n) return;
    const [x, y, w, h] = [panel.x, panel.y, panel.w, panel.h].map((v) => Math.round(v * ratio));
    if (!this.gl) return this.drawPlain(layer, colours, panel, view, { t, rotation, centre, size, dim, ratio });
    const { gl, uniform, at } = this, c = rotation ? centre : [0, 0, 0], r = rotation || FLAT;
    gl.viewport(x, this.canvas.height - y - h, w, h);
    gl.scissor(x, this.canvas.height - y - h, w, h);
    this.bind(layer.a, at.a, 3, false); this.bind(layer.b, at.b, 3, false);
    this.bind(colours.a, at.ca, 4, true); this.bind(colours.b, at.cb, 4, true);
    gl.uniform1f(uniform.t, layer.along(t)); gl.uniform1f(uniform.size, size * ratio); gl.uniform1f(uniform.dim, dim);
    gl.uniform3f(uniform.centre, ...c);
    gl.uniformMatrix3fv(uniform.turned, false, [r[0], r[3], r[6], r[1], r[4], r[7], r[2], r[5], r[8]]);
    const sx = (2 * view.s) / panel.w, sy = (2 * view.s) / panel.h;
    gl.uniform2f(uniform.scale, sx, sy); gl.uniform2f(uniform.offset, -view.x * sx, -view.y * sy);
    gl.drawArrays(gl.POINTS, 0, layer.n);
  }
  drawPlain(layer, colours, panel, view, { t, rotation, centre, size, dim, ratio }) {
    const ctx = this.plain, flat = layer.flat(t, rotation, centre), u = layer.along(t);
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.save(); ctx.beginPath(); ctx.rect(panel.x, panel.y, panel.w, panel.h); ctx.clip();
    for (let i = 0; i < layer.n; i++) {
      const x = panel.x + panel.w / 2 + (flat[2 * i] - view.x) * view.s, y = panel.y + panel.h / 2 - (flat[2 * i + 1] - view.y) * view.s;
      const c = (d) => colours.a[4 * i + d] * (1 - u) + colours.b[4 * i + d] * u;
      ctx.fillStyle = `rgba(${c(0)},${c(1)},${c(2)},${(c(3) / 255) * dim})`;
      ctx.fillRect(x - size / 2, y - size / 2, size, size);
    }
    ctx.restore();
  }
  end() {
    const { gl } = this;
    this.forget(new Set());
    gl?.getExtension("WEBGL_lose_context")?.loseContext();
  }
}
