// From one view of the maps to the next, before an audience: the same map moves to its new place, or, where another is shown, each
// point goes from where it was on the screen to where it is now. Without motion where none is wanted.
const LASTS = 900, STEP = 180, MOST = 60000; // milliseconds: of all of it, of a picture at most; points
const ease = (p) => (p < 0.5 ? 4 * p ** 3 : 1 - (2 - 2 * p) ** 3 / 2);
const name = (set, m, id) => `${set.maps[m].space}\u0000${set.labels[id]}`;

// Where everything is now: taken before an update, given to `glide` after it.
export function before(stage) {
  const { set } = stage;
  const found = { version: set.version, arrangement: stage.spec.arrangement, t: stage.t, views: stage.views.map(({ x, y, s }) => ({ x, y, s })), places: new Map() };
  if (set.dims === 2 && !set.large && set.maps.reduce((n, map) => n + map.n, 0) <= MOST) {
    for (const panel of stage.panels) for (const layer of panel.layers) for (let i = 0; i < layer.n; i++) {
      const [m] = layer.source(i, stage.u);
      found.places.set(name(set, m, layer.ids[i]), stage.place(panel, layer, i));
    }
  }
  return found;
}

export function glide(stage, from) {
  stop(stage);
  const { set } = stage, same = from.version === set.version && from.views.length === stage.views.length && from.arrangement === stage.spec.arrangement;
  const to = { t: stage.t, views: stage.views.map(({ x, y, s }) => ({ x, y, s })) }, morph = stage.spec.arrangement === "morph", moving = [];
  if (!same && set.dims === 2 && !set.large && !morph) for (const panel of stage.panels) for (const layer of panel.layers) {
    const start = new Float32Array(layer.a);
    let met = 0;
    for (let i = 0; i < layer.n; i++) {
      const was = from.places.get(name(set, layer.first, layer.ids[i]));
      if (was) { [start[3 * i], start[3 * i + 1]] = stage.unscreen(panel, ...was); met++; }
    }
    if (met) { layer.a = start; layer.cache = {}; moving.push(layer); }
  }
  const away = from.t !== to.t || to.views.some((view, i) => ["x", "y", "s"].some((key) => view[key] !== from.views[i]?.[key]));
  if (same ? !away : !moving.length) return;
  let p = 0, last = performance.now();
  const draw = () => {
    const u = ease(p), mix = (a, b) => a + (b - a) * u;
    for (const layer of moving) layer.gliding = u;
    if (same) {
      stage.views.forEach((view, i) => { const [a, b] = [from.views[i], to.views[i]]; Object.assign(view, { x: mix(a.x, b.x), y: mix(a.y, b.y), s: a.s * (b.s / a.s) ** u }); });
      if (morph) { stage.t = mix(from.t, to.t); const was = stage.current; stage.blend(); if (stage.current !== was) stage.painted.clear(); stage.tools.moment(); }
    }
    stage.drawAll();
  };
  const frame = () => {
    const now = performance.now();
    p += Math.min(now - last, STEP) / LASTS; last = now; // a slow machine sees some of the way too
    if (p >= 1) return stage.arrive();
    draw();
    stage.gliding = requestAnimationFrame(frame);
  };
  stage.arrive = () => { // at once where somebody takes hold of the map
    cancelAnimationFrame(stage.gliding); stage.gliding = 0; stage.arrive = null;
    for (const layer of moving) { layer.a = layer.b; layer.gliding = undefined; layer.cache = {}; }
    stage.farCache.clear();
    if (same) { stage.views.forEach((view, i) => Object.assign(view, to.views[i])); if (morph) { stage.t = to.t; stage.blend(); stage.painted.clear(); stage.tools.moment(); } }
    stage.root.dataset.gliding = "false";
    stage.drawAll();
  };
  stage.arrive.resized = () => { to.views = stage.views.map(({ x, y, s }) => ({ x, y, s })); };
  stage.root.dataset.gliding = "true"; stage.gliding = -1;
  draw();
  stage.gliding = requestAnimationFrame(frame);
}

export const stop = (stage) => stage.arrive?.();
