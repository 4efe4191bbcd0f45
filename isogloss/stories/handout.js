"use strict";
(async () => {
  const $ = (id) => document.getElementById(id);
  const about = JSON.parse($("data").textContent);
  const SVG = "http://www.w3.org/2000/svg";
  const RAMPS = { 1: [1], 2: [0, 4], 3: [0, 2, 4], 4: [0, 1, 2, 4], 5: [0, 1, 2, 3, 4] };
  const K = 10, AROUND = 14, LABELED = 30, MOST_ROWS = 100, SUGGESTED = 10;
  const VIEWS = ["neighbors", "map", "drift", "story"];
  const make = (name, parent, text, kind) => {
    const one = document.createElement(name);
    if (text !== undefined) one.textContent = text;
    if (kind) one.className = kind;
    parent.append(one);
    return one;
  };
  const draw = (name, parent, told = {}) => {
    const one = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(told)) one.setAttribute(key, value);
    parent.append(one);
    return one;
  };
  const tone = (i, n) => `var(--c${(RAMPS[n] || [0, 1, 2, 3, 4, 5])[Math.min(i, 5)]})`;

  async function unpack(id) {
    const text = $(id).textContent;
    $(id).remove();
    const letters = atob(text), bytes = new Uint8Array(letters.length);
    for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  }

  // What there is ---------------------------------------------------------------------------------------------------
  $("title").textContent = about.title;
  $("about").textContent = `${about.name}, made by Isogloss ${about.version}. Neighbors are looked up in this file, by cosine among all items. It asks nothing of a network.`;
  let all, names, spaces, places;
  try {
    all = JSON.parse(new TextDecoder().decode(await unpack("text")));
    const vectors = await unpack("vectors");
    places = about.mapped ? new Uint16Array(await unpack("places")) : null;
    names = all.names;
    let at = 0, first = 0;
    spaces = all.spaces.map((one) => {
      const n = one.items.length, scale = new Float32Array(vectors, at, n);
      const parts = new Int16Array(vectors, at + 4 * n, n * one.dim);
      at += 4 * n + 2 * (n * one.dim + ((n * one.dim) % 2));
      const rows = new Map(one.items.map((item, row) => [item, row]));
      const space = { ...one, n, scale, parts, rows, first };
      first += n;
      return space;
    });
  } catch (error) {
    $("finding").textContent = `This browser cannot read the file (${error.message}): take a newer one.`;
    return;
  }
  const numbered = new Map(names.map((name, i) => [name, i]));
  const key = (text) => text.normalize("NFKC").toUpperCase().toLowerCase().replace(/ς/g, "σ").normalize("NFD").replace(/[\u0300-\u036f]/g, "").normalize("NFC").replace(/[\u2018\u2019\u02bc]/g, "'").trim();
  const keys = names.map(key);
  const latin = names.map((_, i) => (all.roman[i] ? key(all.roman[i]) : ""));

  const dot = (space, a, b) => {
    const { parts, dim, scale } = space;
    let sum = 0;
    for (let i = a * dim, j = b * dim, end = i + dim; i < end; i++, j++) sum += parts[i] * parts[j];
    return sum * scale[a] * scale[b];
  };
  function nearest(space, row, k) { // [row, similarity], best first; the word itself is left out
    const best = [];
    for (let other = 0; other < space.n; other++) {
      if (other === row) continue;
      const similarity = dot(space, row, other);
      if (best.length === k && similarity <= best[k - 1][1]) continue;
      let place = best.length;
      while (place > 0 && best[place - 1][1] < similarity) place--;
      best.splice(place, 0, [other, similarity]);
      if (best.length > k) best.pop();
    }
    return best;
  }
  const remembered = new Map();
  function near(space, item, k) {
    const row = space.rows.get(item), id = `${space.name}\n${item}\n${k}`;
    if (row === undefined) return null;
    if (!remembered.has(id)) remembered.set(id, nearest(space, row, k));
    return remembered.get(id);
  }

  // Search ----------------------------------------------------------------------------------------------------------
  function suggestions(typed) { // exact, beginnings, parts, then the same in Latin letters; the most used first
    const wanted = key(typed);
    if (!wanted) return [];
    const kinds = [[], [], [], []];
    for (let i = 0; i < keys.length; i++) {
      const kind = names[i] === typed.trim() || keys[i] === wanted ? 0 : keys[i].startsWith(wanted) ? 1 : latin[i].startsWith(wanted) ? 2 : keys[i].includes(wanted) ? 3 : -1;
      if (kind >= 0 && kinds[kind].length < SUGGESTED) kinds[kind].push(i);
    }
    kinds[0].sort((a, b) => (names[b] === typed.trim()) - (names[a] === typed.trim()));
    return kinds.flat().slice(0, SUGGESTED);
  }
  let chosen = -1, offered = [];
  function offer() {
    offered = suggestions($("word").value);
    chosen = -1;
    $("found").replaceChildren();
    offered.forEach((item, i) => {
      const one = make("li", $("found"));
      one.id = `found-${i}`;
      one.setAttribute("role", "option");
      one.setAttribute("aria-selected", "false");
      make("bdi", one, names[item]);
      if (all.roman[item]) make("span", one, all.roman[item]);
      one.addEventListener("pointerdown", (event) => { event.preventDefault(); ask(item); });
    });
    shut(!offered.length);
  }
  function shut(closed) {
    $("found").hidden = closed;
    $("word").setAttribute("aria-expanded", String(!closed));
    if (closed) $("word").removeAttribute("aria-activedescendant");
  }
  $("word").addEventListener("input", offer);
  $("word").addEventListener("blur", () => shut(true));
  $("word").addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") shut(true);
    if (event.key === "Enter") {
      const item = offered[Math.max(chosen, 0)] ?? suggestions($("word").value)[0];
      if (item === undefined) { shut(true); finding("", `“${$("word").value.slice(0, 80)}” is in no space of this collection.`); return; }
      ask(item);
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !offered.length) return;
    event.preventDefault();
    shut(false);
    chosen = (chosen + step + offered.length + (chosen < 0 && step < 0 ? 1 : 0)) % offered.length;
    for (const [i, one] of [...$("found").children].entries()) one.setAttribute("aria-selected", String(i === chosen));
    $("word").setAttribute("aria-activedescendant", `found-${chosen}`);
  });

  // Views -----------------------------------------------------------------------------------------------------------
  let word = 0, view = "neighbors", at = spaces.length - 1, extent = "around";
  function finding(item, text) { // the word, then what is found
    $("finding").replaceChildren();
    if (item) make("em", $("finding"), item);
    $("finding").append(text);
  }
  function ask(item) {
    word = item;
    $("word").value = names[item];
    shut(true);
    if (view === "story") view = "neighbors";
    show();
  }
  function show() {
    for (const one of VIEWS) $(one).hidden = one !== view;
    for (const one of document.querySelectorAll("nav button")) one.setAttribute("aria-pressed", String(one.dataset.view === view));
    try { history.replaceState(null, "", `#${view}/${encodeURIComponent(names[word])}`); } catch { /* a file that may not */ }
    ({ neighbors: lists, map: mapped, drift: moved, story: told })[view]();
  }

  function lists() {
    const box = $("neighbors"), first = new Map();
    box.replaceChildren();
    const said = [];
    spaces.forEach((space, i) => {
      const part = make("div", box);
      part.style.setProperty("--tone", tone(i, spaces.length));
      make("h3", part, space.name).dir = "auto";
      const found = near(space, word, K);
      if (!found) { make("p", part, "missing or too rare here", "quiet"); return; }
      const list = make("ol", part);
      list.setAttribute("aria-label", `Nearest in ${space.name}`);
      for (const [row, similarity] of found) {
        const item = space.items[row], line = make("li", list), one = make("button", line);
        if (!first.has(item)) first.set(item, i);
        make("bdi", one, names[item]);
        one.type = "button";
        one.style.setProperty("--tone", tone(first.get(item), spaces.length));
        one.addEventListener("click", () => ask(item));
        make("span", line, similarity.toFixed(2), "number");
      }
      if (found.length) said.push([names[space.items[found[0][0]]], space.name]);
    });
    const ends = said.length > 1 ? [said[0], said[said.length - 1]] : said;
    finding(names[word], said.length ? ` lies nearest to ${ends.map(([item, name]) => `${item} in ${name}`).join(", and to ")}` : " has no neighbors here");
  }

  // The map: what lies around the word, laid out here by its principal components; or the whole map as it was drawn ----
  const plane = draw("svg", $("plane"), { role: "group", "aria-label": "Words on the map; up and down walk from word to word, Enter asks" });
  const way = draw("path", plane), points = new Map();
  let layout = null;
  function around() {
    if (layout && layout.word === word) return layout;
    const items = new Set([word]);
    for (const space of spaces) for (const [row] of near(space, word, AROUND) || []) items.add(space.items[row]);
    const parts = spaces.map((space, i) => ({ i, rows: [...items].filter((item) => space.rows.has(item)).map((item) => space.rows.get(item)) }));
    const groups = about.aligned ? [parts] : parts.map((part) => [part]);
    layout = { word, places: spaces.map(() => new Map()), kept: 0, chance: 0 };
    for (const group of groups) {
      const held = group.filter((part) => part.rows.length);
      if (!held.length) continue;
      const axes = principal(held.flatMap(({ i, rows }) => rows.map((row) => vector(spaces[i], row))));
      let row = 0;
      for (const { i, rows } of held) for (const one of rows) layout.places[i].set(spaces[i].items[one], axes[row++]);
    }
    trust(parts);
    return layout;
  }
  function vector(space, row) {
    const out = new Float64Array(space.dim);
    for (let i = 0; i < space.dim; i++) out[i] = space.parts[row * space.dim + i] * space.scale[row];
    return out;
  }
  function principal(rows) { // the first two principal components, by power iteration; the same picture every time
    const dim = rows[0].length, mean = new Float64Array(dim);
    for (const one of rows) for (let i = 0; i < dim; i++) mean[i] += one[i] / rows.length;
    const centered = rows.map((one) => one.map((v, i) => v - mean[i])), found = [];
    for (let c = 0; c < 2; c++) {
      let axis = Float64Array.from({ length: dim }, (_, i) => Math.sin(1 + i * (c + 1)));
      for (let round = 0; round < 80; round++) {
        const next = new Float64Array(dim);
        for (const one of centered) {
          let sum = 0;
          for (let i = 0; i < dim; i++) sum += one[i] * axis[i];
          for (let i = 0; i < dim; i++) next[i] += sum * one[i];
        }
        for (const before of found) {
          const part = next.reduce((sum, v, i) => sum + v * before[i], 0);
          for (let i = 0; i < dim; i++) next[i] -= part * before[i];
        }
        const size = Math.hypot(...next) || 1;
        axis = next.map((v) => v / size);
      }
      found.push(axis);
    }
    return centered.map((one) => found.map((axis) => one.reduce((sum, v, i) => sum + v * axis[i], 0)));
  }
  function trust(parts) { // of each word's nearest among those drawn of its space, the share that the picture keeps
    let kept = 0, most = 0, chance = 0;
    for (const { i, rows } of parts) {
      const space = spaces[i], k = Math.min(K, rows.length - 1);
      if (k < 1) continue;
      const at = rows.map((row) => layout.places[i].get(space.items[row]));
      rows.forEach((row, a) => {
        const first = (score) => new Set(rows.map((_, b) => b).filter((b) => b !== a).sort((b, c) => score(c) - score(b)).slice(0, k));
        const truth = first((b) => dot(space, row, rows[b])), seen = first((b) => -Math.hypot(at[a][0] - at[b][0], at[a][1] - at[b][1]));
        for (const b of truth) kept += seen.has(b);
        most += k;
        chance += (k * k) / (rows.length - 1);
      });
    }
    layout.kept = most ? kept / most : 1;
    layout.chance = most ? chance / most : 1;
  }
  function point(item) {
    const one = draw("g", plane, { tabindex: "-1", role: "button", "aria-label": names[item] });
    draw("circle", one, { r: 15, class: "touch" });
    draw("circle", one, { r: 6, class: "dot" });
    draw("text", one).textContent = names[item];
    one.addEventListener("click", () => ask(item));
    points.set(item, one);
    return one;
  }
  function mapped() {
    const space = spaces[at], n = spaces.length, found = near(space, word, K);
    if (!$("spaces").children.length) spaces.forEach((one, i) => {
      const button = make("button", $("spaces"), one.name);
      button.type = "button";
      button.style.setProperty("--tone", tone(i, n));
      button.addEventListener("click", () => { at = i; mapped(); });
    });
    for (const [i, one] of [...$("spaces").children].entries()) one.setAttribute("aria-pressed", String(i === at));
    $("extent").hidden = !places;
    $("extent").setAttribute("aria-pressed", String(extent === "whole"));
    const list = (found || []).slice(0, 3).map(([row]) => names[space.items[row]]).join(", ");
    finding(names[word], found ? ` in ${space.name}: beside ${list}` : ` is missing or too rare in ${space.name}`);
    const whole = extent === "whole" && places;
    $("whole").hidden = !whole;
    plane.style.display = whole ? "none" : "";
    const lit = new Set((found || []).map(([row]) => space.items[row]));
    if (whole) { atlas(space, lit); return; }
    const { places: held, kept, chance } = around();
    const percent = (v) => `${Math.round(100 * v)}%`;
    $("trust").textContent = `Drawn here from the vectors; the picture keeps ${percent(kept)} of each word’s ${K} nearest among those drawn (chance ${percent(chance)}). Up and down walk from word to word.`;
    const box = $("plane").getBoundingClientRect(), w = Math.max(box.width, 280), h = Math.max(box.height, 240);
    plane.setAttribute("viewBox", `0 0 ${w} ${h}`);
    plane.style.setProperty("--tone", tone(at, n));
    const every = about.aligned ? held.flatMap((one) => [...one.values()]) : [...held[at].values()];
    const ends = [0, 1].map((axis) => [Math.min(...every.map((p) => p[axis])), Math.max(...every.map((p) => p[axis]))]);
    const put = (p) => [24 + ((p[0] - ends[0][0]) / (ends[0][1] - ends[0][0] || 1)) * (w - 140), 30 + (1 - (p[1] - ends[1][0]) / (ends[1][1] - ends[1][0] || 1)) * (h - 60)];
    const line = about.aligned && about.ordered ? held.map((one) => one.get(word)).filter(Boolean).map(put) : [];
    way.setAttribute("d", line.length > 1 ? `M${line.map((p) => p.map((v) => v.toFixed(1)).join(" ")).join("L")}` : "");
    for (const [item, one] of points) {
      const gone = !held[at].has(item);
      one.classList.toggle("gone", gone);
      if (gone) { one.setAttribute("aria-hidden", "true"); one.setAttribute("tabindex", "-1"); } else one.removeAttribute("aria-hidden");
    }
    const order = [...held[at].keys()].sort((a, b) => (b === word) - (a === word) || lit.has(b) - lit.has(a));
    const taken = order.map((item) => { const [x, y] = put(held[at].get(item)); return [x - 6, y - 6, x + 6, y + 6]; });
    order.forEach((item, rank) => {
      const one = points.get(item) || point(item), [x, y] = put(held[at].get(item)), text = one.querySelector("text");
      one.classList.toggle("word", item === word);
      one.classList.toggle("near", lit.has(item));
      one.setAttribute("tabindex", rank ? "-1" : "0");
      one.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
      one.querySelector(".dot").setAttribute("r", item === word ? 10 : 6);
      const size = item === word ? 23 : 17, wide = names[item].length * size * 0.56 + 6;
      const spots = [[13, 6], [-9 - wide, 6], [-wide / 2, -13], [-wide / 2, 26], [9, -9], [9, 22]];
      const free = spots.find(([dx, dy]) => {
        const b = [x + dx, y + dy - size, x + dx + wide, y + dy + 4];
        return b[0] >= 0 && b[2] <= w && b[1] >= -6 && b[3] <= h + 6 && taken.every((t) => b[2] <= t[0] || b[0] >= t[2] || b[3] <= t[1] || b[1] >= t[3]);
      });
      one.classList.toggle("mute", !(free && rank < LABELED));
      const [dx, dy] = free || spots[0];
      text.setAttribute("x", dx);
      text.setAttribute("y", dy);
      if (free && rank < LABELED) taken.push([x + dx, y + dy - size, x + dx + wide, y + dy + 4]);
    });
    plane.walk = order;
  }
  plane.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], order = plane.walk || [];
    const now = order.findIndex((item) => points.get(item) === document.activeElement);
    if (event.key === "Enter" && now >= 0) ask(order[now]);
    if (!step) return;
    event.preventDefault();
    for (const one of points.values()) one.setAttribute("tabindex", "-1");
    const next = points.get(order[(now + step + order.length) % order.length]);
    next.setAttribute("tabindex", "0");
    next.focus();
  });
  function atlas(space, lit) {
    const canvas = $("whole"), box = canvas.getBoundingClientRect(), sharp = devicePixelRatio || 1;
    canvas.width = box.width * sharp;
    canvas.height = box.height * sharp;
    const pen = canvas.getContext("2d"), style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    pen.scale(sharp, sharp);
    const put = (row) => [8 + (places[2 * (space.first + row)] / 65535) * (box.width - 130), 8 + (1 - places[2 * (space.first + row) + 1] / 65535) * (box.height - 16)];
    pen.fillStyle = colour("--quiet");
    pen.globalAlpha = 0.35;
    for (let row = 0; row < space.n; row++) { const [x, y] = put(row); pen.fillRect(x - 1, y - 1, 2, 2); }
    pen.globalAlpha = 1;
    const shown = colour(tone(at, spaces.length).slice(4, -1));
    const taken = [];
    for (const item of [word, ...lit]) {
      const row = space.rows.get(item);
      if (row === undefined) continue;
      const [x, y] = put(row), own = item === word;
      pen.font = `${own ? 700 : 400} ${own ? 22 : 15}px system-ui, "Noto Sans", sans-serif`;
      pen.fillStyle = shown;
      pen.beginPath();
      pen.arc(x, y, own ? 8 : 4, 0, 7);
      pen.fill();
      const wide = pen.measureText(names[item]).width + 6, high = own ? 26 : 19;
      const free = [[11, 5], [-wide - 9, 5], [-wide / 2, -12], [-wide / 2, 26], [9, -16], [9, 28]].map(([dx, dy]) => [x + dx, y + dy]).find(([left, base]) => taken.every((t) => left + wide <= t[0] || left >= t[2] || base <= t[1] || base - high >= t[3]));
      if (!free) continue;
      taken.push([free[0], free[1] - high, free[0] + wide, free[1]]);
      pen.strokeStyle = colour("--back");
      pen.lineWidth = 5;
      pen.strokeText(names[item], ...free);
      pen.fillStyle = own ? shown : colour("--ink");
      pen.fillText(names[item], ...free);
    }
    $("trust").textContent = `All ${space.n.toLocaleString("en")} items of ${space.name} as the collection’s own map has them; the nearest ones, by the vectors, are in colour.`;
  }
  $("extent").addEventListener("click", () => { extent = extent === "whole" ? "around" : "whole"; mapped(); });

  // Drift -----------------------------------------------------------------------------------------------------------
  for (const [i, pair] of all.drift.entries()) {
    pair.rows = new Map(pair.items.map((item, row) => [item, row]));
    make("option", $("pair"), `${pair.source} → ${pair.target}`).value = i;
  }
  const number = (v, digits = 3) => (v === null ? "–" : v.toFixed(digits));
  function moved() {
    const held = all.drift.filter((pair) => pair.rows.has(word));
    const box = $("rows");
    box.replaceChildren();
    $("how").textContent = all.drift.length ? `Distance (${all.drift[0].measure}) with its 95% interval; more is farther. The grey bar is what noise alone reaches; grey dots cannot be told from it.` : "";
    if (!held.length) finding(all.drift.length ? names[word] : "", all.drift.length ? " is shared by no pair of spaces that was compared" : "No pair of spaces was compared in this collection");
    else {
      const pair = held[0], row = pair.rows.get(word);
      finding(names[word], ` ${{ 0: "moved farther than noise", 1: "is not decided: too few replicates", 2: "cannot be told from noise", 3: "was not tested" }[pair.state[row]]}: ${number(pair.d[row], 2)} from ${pair.source} to ${pair.target}${pair.of[row] ? `, on ${pair.agree[row]} of ${pair.of[row]} measures` : ""}`);
      chart(box, held);
    }
    table();
  }
  function chart(box, held) {
    const narrow = box.clientWidth < 620, w = narrow ? 460 : 1000, left = narrow ? 14 : 250, right = narrow ? 390 : 880, h = narrow ? 66 : 44, svg = draw("svg", box, { viewBox: `0 0 ${w} ${held.length * h + 34}`, role: "img" });
    const ends = held.flatMap((pair) => ["d", "high", "noise"].map((name) => pair[name][pair.rows.get(word)] || 0));
    const most = Math.max(0.1, ...ends) * 1.05, x = (v) => left + ((right - left) * Math.min(Math.max(v, 0), most)) / most;
    const step = [0.02, 0.05, 0.1, 0.2, 0.5, 1].find((one) => most / one <= 7) || 2;
    for (let tick = 0; tick <= most; tick += step) {
      draw("path", svg, { class: "grid", d: `M${x(tick)} 4V${held.length * h + 4}` });
      draw("text", svg, { class: "tick", x: x(tick), y: held.length * h + 24, "text-anchor": "middle" }).textContent = tick.toFixed(2);
    }
    const said = [];
    held.forEach((pair, i) => {
      const row = pair.rows.get(word), y = 4 + h * (i + (narrow ? 0.66 : 0.5)), kind = pair.state[row] === 0 ? "sure" : "grey";
      if (pair.noise[row] !== null) draw("rect", svg, { class: "noise", x: left, y: y - 10, width: x(pair.noise[row]) - left, height: 20, rx: 3 });
      if (pair.low[row] !== null) draw("path", svg, { class: `${kind} ring`, d: `M${x(pair.low[row])} ${y}H${x(pair.high[row])}` });
      draw("circle", svg, { class: kind, cx: x(pair.d[row] ?? 0), cy: y, r: 8 });
      draw("text", svg, narrow ? { x: left, y: y - 18 } : { x: left - 14, y: y + 6, "text-anchor": "end" }).textContent = `${pair.source} → ${pair.target}`;
      draw("text", svg, { x: right + 18, y: y + 6 }).textContent = number(pair.d[row], 2);
      said.push(`${pair.source} to ${pair.target}: ${number(pair.d[row], 2)}, ${about.states[pair.state[row]]}`);
    });
    svg.setAttribute("aria-label", said.join("; "));
  }
  function table() {
    const pair = all.drift[Number($("pair").value) || 0], box = $("table");
    box.replaceChildren();
    $("pair").parentNode.hidden = box.parentNode.hidden = !pair;
    if (!pair) return;
    const head = make("tr", make("thead", box)), body = make("tbody", box);
    for (const name of ["word", "distance", "interval", "noise", "q", "verdict", "measures"]) make("th", head, name).scope = "col";
    const own = pair.rows.get(word), rows = pair.items.slice(0, MOST_ROWS).map((_, i) => i);
    for (const i of own !== undefined && own >= MOST_ROWS ? [own, ...rows] : rows) {
      const line = make("tr", body), one = make("button", make("td", line));
      make("bdi", one, names[pair.items[i]]);
      one.type = "button";
      one.addEventListener("click", () => ask(pair.items[i]));
      const interval = pair.low[i] === null ? "–" : `${number(pair.low[i])} to ${number(pair.high[i])}`;
      for (const cell of [number(pair.d[i]), interval, number(pair.noise[i]), pair.q[i] === null ? "–" : String(pair.q[i]), about.states[pair.state[i]], pair.of[i] ? `${pair.agree[i]} of ${pair.of[i]}` : "–"]) make("td", line, cell);
    }
  }
  $("pair").addEventListener("change", table);

  // The story -------------------------------------------------------------------------------------------------------
  function told() {
    finding("", all.stories.length ? all.stories[0].title : "No story was told of this collection yet");
    const box = $("story");
    if (box.children.length) return;
    for (const [i, story] of all.stories.entries()) {
      const part = make("article", box);
      if (i) make("h3", part, story.title);
      make("p", part, story.subtitle, "quiet");
      for (const beat of story.beats) {
        make("h4", part, beat.title).dir = "auto";
        make("p", part, beat.sentence).dir = "auto";
        if (beat.picture) { const one = make("img", part); one.src = beat.picture; one.alt = beat.title; one.loading = "lazy"; }
        const item = numbered.get(beat.item), page = beat.page.toLowerCase();
        if (item === undefined || !VIEWS.includes(page)) continue;
        const go = make("button", part, `Ask here: ${beat.item}`);
        go.type = "button";
        go.addEventListener("click", () => { view = page; ask(item); scrollTo(0, 0); });
      }
    }
  }

  for (const one of document.querySelectorAll("nav button")) one.addEventListener("click", () => { view = one.dataset.view; show(); });
  document.querySelector('[data-view="story"]').hidden = !all.stories.length;
  document.querySelector('[data-view="drift"]').hidden = !all.drift.length;
  addEventListener("resize", () => { if (view === "map") mapped(); else if (view === "drift") moved(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { if (view === "map") mapped(); });
  const [wanted, asked] = location.hash.slice(1).split("/");
  if (VIEWS.includes(wanted)) view = wanted;
  let first = all.stories.flatMap((story) => story.beats.map((beat) => numbered.get(beat.item))).find((item) => item !== undefined) ?? 0;
  try { first = numbered.get(decodeURIComponent(asked || "")) ?? first; } catch { /* no word */ }
  word = first;
  $("word").disabled = false;
  $("word").value = names[word] ?? "";
  show();
  document.documentElement.dataset.ready = "";
})();
