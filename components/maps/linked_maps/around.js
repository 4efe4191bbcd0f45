// What the map of a neighborhood shows besides: the way of a word through all spaces, and the words of the headline.

// The places of an item in every map, whether or not it is in a layer of this panel.
function stops({ stage, panel }, id) {
  const out = [];
  stage.set.maps.forEach((map, m) => {
    const row = map.rowOf[id];
    if (row >= 0) out.push({ m, at: stage.place(panel, stage.layer(m), row), colour: map.colour });
  });
  return out;
}

// One coordinate system for all spaces: the whole way can be seen in each of them.
export function way(drawing, id) {
  const { ctx, stage, set, panel } = drawing, all = stops(drawing, id);
  if (panel.layers.length > 1 || all.length < 2 || !set.joint) return;
  ctx.strokeStyle = stage.ink; ctx.globalAlpha = 0.45; ctx.lineWidth = 1.5;
  ctx.beginPath(); all.forEach(({ at }, n) => (n ? ctx.lineTo(...at) : ctx.moveTo(...at))); ctx.stroke(); ctx.globalAlpha = 1;
  for (const { at, colour } of all) { drawing.dot(at, 3.5, colour, 0.9); drawing.keepClear(at, 3); }
  if (stage.spec.arrangement !== "morph") return;
  for (const { m, at } of [all[0], all[all.length - 1]]) {
    drawing.marks.push({ x: at[0], y: at[1], text: set.maps[m].space, size: 12, colour: stage.soft, rank: 90, id: -1 });
  }
}

// Each word of the headline has its label in every panel: a dot where the space holds it, a ring in the place it has in
// the space next to it where not.
export function named(drawing) {
  const { ctx, stage, set, panel } = drawing;
  for (const id of stage.spec.headline || []) {
    if (drawing.lit.has(id)) continue;
    const layers = panel.layers.filter((layer) => layer.rowOf[id] >= 0 && layer.there(layer.rowOf[id], stage.u));
    let at, colour = null;
    for (const layer of layers) {
      const i = layer.rowOf[id], [m] = layer.source(i, stage.u);
      at = drawing.at(layer, i);
      drawing.dot(at, 4.5, set.maps[m].colour);
      drawing.shown.push(id);
    }
    if (!layers.length) {
      const here = stage.shownMaps().includes(panel.index) && panel.layers.length ? panel.layers[0].first : 0;
      const [next] = stops(drawing, id).sort((a, b) => Math.abs(a.m - here) - Math.abs(b.m - here));
      if (!next) continue;
      ({ at } = next);
      colour = stage.soft;
      ctx.strokeStyle = colour; ctx.lineWidth = 1.2; ctx.beginPath(); ctx.arc(...at, 4, 0, 7); ctx.stroke();
    }
    drawing.lit.add(id);
    drawing.keepClear(at, 4);
    drawing.marks.push({ x: at[0], y: at[1], text: set.labels[id], colour, size: 13, rank: 5, must: true, id });
  }
}

// Where a line from a place that is seen leaves the panel, a little inside of it.
export function edge({ x, y, w, h }, from, to) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const reach = (start, step, low, high) => (step > 0 ? (high - start) / step : step < 0 ? (low - start) / step : Infinity);
  const t = Math.max(0, Math.min(1, reach(from[0], dx, x + 4, x + w - 4), reach(from[1], dy, y + 4, y + h - 4)));
  return [from[0] + t * dx, from[1] + t * dy];
}
