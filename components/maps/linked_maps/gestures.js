// Pointer, wheel, touch and keys on the stage.
import { said } from "./dom.js";
import { neighborsOf } from "./store.js";

export function gestures(stage) {
  const { box } = stage, listeners = [], fingers = new Map();
  let drag = null, pinch = null;
  const on = (node, name, act, options) => { node.addEventListener(name, act, options); listeners.push(() => node.removeEventListener(name, act, options)); };
  const at = (event) => { const r = box.getBoundingClientRect(); return [event.clientX - r.left, event.clientY - r.top]; };
  const ready = () => stage.set && stage.mask;
  const zoom = (panel, x, y, factor) => stage.shift(panel, (v) => {
    const [ux, uy] = stage.unscreen(panel, x, y), s = Math.max(v.s0 / 4, Math.min(v.s0 * 400, v.s * factor));
    v.x = ux - ((ux - v.x) * v.s) / s; v.y = uy - ((uy - v.y) * v.s) / s; v.s = s;
  });

  on(box, "pointerdown", (event) => {
    if (!ready() || event.button > 0) return;
    const [x, y] = at(event), panel = stage.panelAt(x, y);
    if (!panel) return;
    box.focus({ preventScroll: true });
    fingers.set(event.pointerId, [x, y]);
    try { box.setPointerCapture(event.pointerId); } catch { /* the pointer is gone */ }
    if (fingers.size === 2) { drag = null; stage.outline = null; pinch = spread(); return; }
    const hit = stage.hit(x, y, event.pointerType === "touch" ? 24 : 14);
    drag = { panel, x, y, from: [x, y], tool: event.shiftKey && !stage.spec.compact ? "box" : stage.tool, moved: false, hit, was: stage.pointed, touch: event.pointerType === "touch" };
    if (drag.tool === "lasso") stage.outline = [[x, y]];
  });
  on(box, "pointermove", (event) => {
    if (!ready()) return;
    const [x, y] = at(event);
    if (fingers.has(event.pointerId)) fingers.set(event.pointerId, [x, y]);
    if (pinch && fingers.size === 2) {
      const now = spread(), panel = stage.panelAt(...now.middle) || stage.panels[0];
      zoom(panel, ...now.middle, now.size / Math.max(pinch.size, 1));
      stage.shift(panel, (v) => { v.x -= (now.middle[0] - pinch.middle[0]) / v.s; v.y += (now.middle[1] - pinch.middle[1]) / v.s; });
      pinch = now;
      return;
    }
    if (!drag) { if (event.pointerType !== "touch") stage.point(stage.hit(x, y), x, y); return; }
    if (!drag.moved && Math.hypot(x - drag.from[0], y - drag.from[1]) < 4) return;
    drag.moved = true; stage.tip.hidden = true;
    if (drag.tool === "lasso") { stage.outline.push([x, y]); stage.drawOver(); }
    else if (drag.tool === "box") { const [a, b] = drag.from; stage.outline = [[a, b], [x, b], [x, y], [a, y]]; stage.drawOver(); }
    else if (stage.rotation) {
      stage.turned = [stage.turned[0] + (x - drag.x) / 160, Math.max(-1.55, Math.min(1.55, stage.turned[1] + (y - drag.y) / 160))];
      stage.rotate(); stage.draw(); stage.remember();
    } else stage.shift(drag.panel, (v) => { v.x -= (x - drag.x) / v.s; v.y += (y - drag.y) / v.s; });
    drag.x = x; drag.y = y;
  });
  const up = (event) => {
    fingers.delete(event.pointerId);
    if (pinch) { if (fingers.size < 2) pinch = null; drag = null; return; }
    const done = drag; drag = null;
    if (!done || !ready()) return;
    const outline = stage.outline; stage.outline = null;
    if (!done.moved) {
      if (event.type === "pointercancel") return;
      const id = done.hit ? done.hit.layer.ids[done.hit.i] : null;
      if (done.touch && id !== done.was) stage.point(done.hit, ...done.from); // the first touch points, the second goes there
      else if (id !== null) stage.pick(id);
      else if (stage.selection) stage.clear();
      return;
    }
    if (outline && outline.length > 2) {
      const corners = simplify(outline).map(([x, y]) => stage.unscreen(done.panel, x, y));
      stage.select(done.panel, corners);
    }
    stage.drawOver();
  };
  on(box, "pointerup", up);
  on(box, "pointercancel", up);
  on(box, "pointerleave", (event) => { if (ready() && !drag && event.pointerType !== "touch") stage.point(null); });
  on(box, "dblclick", () => ready() && stage.fit());
  on(box, "wheel", (event) => {
    if (!ready()) return;
    event.preventDefault();
    const [x, y] = at(event), panel = stage.panelAt(x, y);
    if (panel) zoom(panel, x, y, Math.exp(-Math.max(-140, Math.min(140, event.deltaY)) / 240));
  }, { passive: false });

  const spread = () => { const [a, b] = [...fingers.values()]; return { size: Math.hypot(a[0] - b[0], a[1] - b[1]), middle: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] }; };

  on(box, "keydown", (event) => {
    if (!ready() || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key], panel = stage.panels[0];
    if (step) neighbor(step);
    else if (event.key === "Enter" && stage.beside) { const [m, row] = stage.beside; stage.beside = null; stage.pointed = stage.set.maps[m].ids[row]; stage.anchor = [m, row]; stage.overlay(); stage.tell(); if (stage.recolour) stage.ask(); }
    else if (event.key === "Enter" && stage.pointed !== null) stage.pick(stage.pointed);
    else if (event.key === "Escape") stage.clear();
    else if (event.key === "+" || event.key === "=") zoom(panel, panel.x + panel.w / 2, panel.y + panel.h / 2, 1.4);
    else if (event.key === "-") zoom(panel, panel.x + panel.w / 2, panel.y + panel.h / 2, 1 / 1.4);
    else if (event.key === "0") stage.fit();
    else return;
    event.preventDefault();
  });
  // Through the neighbors of the item that is pointed at, nearest first, in the map it was pointed at in.
  function neighbor(step) {
    const { set } = stage, id = stage.pointing() ?? set.maps[0].ids[set.maps[0].order[0]];
    if (stage.pointed === null) stage.pointed = id;
    let [m, row] = stage.anchor || [0, -1];
    if (row < 0 || set.maps[m].ids[row] !== id) { m = stage.shownMaps().find((x) => set.maps[x].rowOf[id] >= 0) ?? 0; row = set.maps[m].rowOf[id]; stage.anchor = [m, row]; }
    if (row < 0) return;
    const near = neighborsOf(set, m, row), now = stage.beside && stage.beside[0] === m ? near.indexOf(stage.beside[1]) : -1;
    const next = near[(now + step + near.length + (now < 0 && step < 0 ? 1 : 0)) % near.length];
    if (next === undefined) return;
    stage.beside = [m, next];
    stage.overlay(); stage.tell();
    stage.status.textContent = said(stage.send.words, "{word}, neighbor {n} of {of} in {space}", { word: set.labels[set.maps[m].ids[next]], n: near.indexOf(next) + 1, of: set.labels[id], space: set.maps[m].space });
  }
  return () => listeners.forEach((stop) => stop());
}

// An outline of at most 500 corners: the hand gives one for every pixel.
function simplify(outline) {
  const step = Math.ceil(outline.length / 500);
  return outline.filter((_, i) => i % step === 0);
}
