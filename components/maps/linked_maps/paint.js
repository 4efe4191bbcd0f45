// Colours of points, and which of them pass the filters. What is left out turns grey and stays.
export const GREY = [154, 160, 166];
const OPACITY = 175, FAINT = 50, UNKNOWN = 80;
export const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

export function along(stops, share) {
  const at = Math.max(0, Math.min(1, share)) * (stops.length - 1), low = Math.min(Math.floor(at), stops.length - 2);
  const [a, b] = [rgb(stops[low]), rgb(stops[low + 1])];
  return a.map((v, i) => Math.round(v + (b[i] - v) * (at - low)));
}

// One mask a map: 1 where the row passes every filter and belongs to the selection, if there is one.
export function masks(set, filters, selection) {
  return set.maps.map((map, m) => {
    const mask = new Uint8Array(map.n).fill(1);
    for (const [name, levels] of filters) {
      if (name === "space") { if (!levels.has(m)) mask.fill(0); continue; }
      const facet = set.facets.find((f) => f.name === name);
      if (facet) for (let i = 0; i < map.n; i++) if (!levels.has(facet.codes[map.offset + i])) mask[i] = 0;
    }
    if (selection) for (let i = 0; i < map.n; i++) if (!selection[m][i]) mask[i] = 0;
    return mask;
  });
}

// Points of each level that pass the other filters, over all maps.
export function tallies(set, filters) {
  const out = new Map();
  const count = (name, size, code) => {
    const others = masks(set, [...filters].filter(([n]) => n !== name), null), all = new Array(size).fill(0), passing = new Array(size).fill(0);
    set.maps.forEach((map, m) => {
      for (let i = 0; i < map.n; i++) {
        const c = code(m, map.offset + i);
        if (c < size) { all[c]++; passing[c] += others[m][i]; }
      }
    });
    out.set(name, { all, passing });
  };
  if (set.maps.length > 1) count("space", set.maps.length, (m) => m);
  for (const facet of set.facets) count(facet.name, facet.levels.length, (_, at) => facet.codes[at]);
  return out;
}

// A function of map and row that gives red, green, blue, or null where there is nothing to tell.
export function colouring(set, mode, distance, accent) {
  if (mode === "distance") {
    const near = rgb(accent), shades = distance?.shades;
    const far = [206, 210, 214];
    const scale = Array.from({ length: 255 }, (_, i) => near.map((v, d) => Math.round(v + (far[d] - v) * Math.pow(i / 254, 3))));
    return (m, row) => { const s = shades?.[m]?.[row]; return s === undefined || s === 255 ? null : scale[s]; };
  }
  const facet = set.facets.find((f) => f.name === mode);
  if (!facet) { const own = set.maps.map((map) => rgb(map.colour)); return (m) => own[m]; }
  if (facet.shades) {
    const scale = Array.from({ length: 255 }, (_, i) => along(set.ramp, i / 254));
    return (m, row) => { const s = facet.shades[set.maps[m].offset + row]; return s === 255 ? null : scale[s]; };
  }
  const own = facet.colours.map(rgb);
  return (m, row) => own[facet.codes[set.maps[m].offset + row]] || null;
}

// Colours of a layer at its two ends, four bytes a point; an item that an end lacks is transparent there.
export function paint(layer, colourOf, mask) {
  const end = (m, rows, otherM, otherRows) => {
    const out = new Uint8Array(4 * layer.n);
    for (let i = 0; i < layer.n; i++) {
      const row = rows ? rows[i] : i, here = row >= 0, [mm, r] = here ? [m, row] : [otherM, otherRows[i]];
      const passes = mask[mm][r], colour = (passes && colourOf(mm, r)) || GREY;
      out.set(colour, 4 * i);
      out[4 * i + 3] = !here ? 0 : !passes ? FAINT : colour === GREY ? UNKNOWN : OPACITY;
    }
    return out;
  };
  const a = end(layer.first, layer.rowsA, layer.second, layer.rowsB);
  return { a, b: layer.blend ? end(layer.second, layer.rowsB, layer.first, layer.rowsA) : a };
}
