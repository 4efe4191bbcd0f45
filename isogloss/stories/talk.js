"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const { story, beats, maps, names } = JSON.parse($("data").textContent);
  const SVG = "http://www.w3.org/2000/svg";
  const RAMPS = { 1: [1], 2: [0, 4], 3: [0, 2, 4], 4: [0, 1, 2, 4], 5: [0, 1, 2, 3, 4] };
  const LABELED = 26;
  let at = -1, turned = null; // turned: whether the map or the picture is wanted, once somebody asked
  let drawn = null, space = 0, asked = null, width = 900, height = 460;
  const points = new Map(); // item → its element on the plane

  const make = (name, parent, text) => {
    const one = document.createElement(name);
    if (text !== undefined) one.textContent = text;
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

  // The plane -------------------------------------------------------------------------------------------------------
  const plane = draw("svg", $("plane"), { role: "group", "aria-label": "Words on the map; up and down walk from word to word" });
  const way = draw("path", plane);
  const steps = draw("g", plane);

  const place = (map, i, row) => {
    const xs = map.spaces.flatMap((s) => s.x), ys = map.spaces.flatMap((s) => s.y);
    const w = Math.max(...xs) || 1, h = Math.max(...ys) || 1;
    const scale = map.scale || (map.scale = [w, h]);
    const s = map.spaces[i];
    return [30 + (s.x[row] / scale[0]) * (width - 130), 26 + (1 - s.y[row] / scale[1]) * (height - 52)];
  };

  function point(item) {
    const one = draw("g", plane, { tabindex: "-1", role: "button" });
    draw("circle", one, { r: 16, class: "touch" });
    draw("circle", one, { r: 6, class: "dot" });
    draw("text", one, { x: 11, y: 6 }).textContent = names[item];
    one.addEventListener("pointerenter", () => ask(item));
    one.addEventListener("pointerleave", () => { if (document.activeElement !== one) ask(null); });
    one.addEventListener("focus", () => ask(item));
    one.addEventListener("blur", () => ask(null));
    one.addEventListener("click", () => one.focus());
    points.set(item, one);
    return one;
  }

  function order(map, s) { // the word, then what lies nearest to it, then the others
    const row = s.items.indexOf(map.word);
    const first = row < 0 ? [] : s.near[row].filter((_, i) => i % 2 === 0).filter((one) => s.items.includes(one));
    return [...new Set([...(row < 0 ? [] : [map.word]), ...first, ...s.items])];
  }

  function show() { // the map of the beat in the space chosen: points walk to their places
    const map = drawn, s = map.spaces[space], n = map.spaces.length;
    const box = $("plane").getBoundingClientRect();
    width = Math.max(box.width, 300); height = Math.max(box.height, 220);
    plane.setAttribute("viewBox", `0 0 ${width} ${height}`);
    plane.style.setProperty("--tone", tone(space, n));
    const here = new Set(s.items);
    for (const [item, one] of points) {
      one.classList.toggle("gone", !here.has(item));
      if (!here.has(item)) { one.removeAttribute("aria-label"); one.setAttribute("aria-hidden", "true"); one.setAttribute("tabindex", "-1"); }
    }
    const taken = [], line = [];
    steps.replaceChildren();
    if (map.joint && map.ordered) {
      map.spaces.forEach((one, i) => {
        const row = one.items.indexOf(map.word);
        if (row >= 0) line.push(place(map, i, row));
      });
      for (const [x, y] of line) draw("circle", steps, { cx: x, cy: y, r: 5, class: "step" });
    }
    way.setAttribute("d", line.length > 1 ? "M" + line.map((p) => p.map((v) => v.toFixed(1)).join(" ")).join("L") : "");
    const ranked = order(map, s);
    for (let row = 0; row < s.items.length; row++) {
      const [x, y] = place(map, space, row), r = s.items[row] === map.word ? 12 : 6;
      taken.push([x - r, y - r, x + r, y + r]);
    }
    ranked.forEach((item, rank) => {
      const one = points.get(item) || point(item), row = s.items.indexOf(item);
      const [x, y] = place(map, space, row);
      one.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
      one.removeAttribute("aria-hidden");
      one.setAttribute("tabindex", rank === 0 ? "0" : "-1");
      one.setAttribute("aria-label", `${names[item]}, nearest ${s.near[row].slice(0, 6).filter((_, i) => i % 2 === 0).map((k) => names[k]).join(", ")}`);
      one.classList.toggle("word", item === map.word);
      const size = item === map.word ? 25 : 19;
      one.querySelector(".dot").setAttribute("r", item === map.word ? 11 : 6);
      const wide = names[item].length * size * 0.55 + 6, text = one.querySelector("text");
      const spots = [[14, 6], [-8 - wide, 6], [-wide / 2, -15], [-wide / 2, 29], [10, -9], [10, 24]];
      const free = spots.find(([dx, dy]) => {
        const b = [x + dx, y + dy - size, x + dx + wide, y + dy + 4];
        return b[0] >= 0 && b[2] <= width && b[1] >= -8 && b[3] <= height + 8 && taken.every((t) => b[2] <= t[0] || b[0] >= t[2] || b[3] <= t[1] || b[1] >= t[3]);
      });
      const named = rank < LABELED && free;
      one.classList.toggle("mute", !named);
      const [dx, dy] = free || spots[x > width / 2 ? 1 : 0];
      text.setAttribute("x", dx); text.setAttribute("y", dy);
      if (named) taken.push([x + dx, y + dy - size, x + dx + wide, y + dy + 4]);
    });
    points.get(ranked[0])?.parentNode.append(points.get(ranked[0]));
    for (const [i, one] of [...$("spaces").children].entries()) one.setAttribute("aria-pressed", String(i === space));
    ask(null);
  }

  function ask(item) { // what truly lies near: read from the original space, not from the picture
    if (!drawn) return;
    const s = drawn.spaces[space];
    asked = item !== null && s.items.includes(item) ? item : s.items.includes(drawn.word) ? drawn.word : s.items[0];
    const near = s.near[s.items.indexOf(asked)];
    $("asked").textContent = names[asked];
    $("near").replaceChildren();
    const lit = new Set();
    for (let i = 0; i < near.length; i += 2) {
      const row = make("li", $("near"));
      make("bdi", row, names[near[i]]);
      make("span", row, (near[i + 1] / 10000).toFixed(2)).className = "number";
      lit.add(near[i]);
    }
    for (const [key, one] of points) {
      one.classList.toggle("asked", key === asked && item !== null);
      one.classList.toggle("near", lit.has(key));
    }
  }

  function walk(by) {
    const ranked = order(drawn, drawn.spaces[space]);
    const now = ranked.findIndex((item) => points.get(item) === document.activeElement);
    const next = points.get(ranked[(now + by + ranked.length) % ranked.length]);
    for (const one of points.values()) one.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  }

  function choose(i) {
    if (!drawn || $("map").hidden || i < 0 || i >= drawn.spaces.length) return;
    space = i;
    show();
  }

  // The beats -------------------------------------------------------------------------------------------------------
  function go(to) {
    to = Math.min(Math.max(to, 0), beats.length - 1);
    if (to === at || !beats.length) return;
    at = to;
    const beat = beats[at];
    $("title").textContent = beat.title;
    $("sentence").textContent = beat.sentence;
    $("why").hidden = !beat.why;
    $("why").textContent = beat.why ? `These figures no longer hold: ${beat.why}` : "";
    $("place").textContent = `${at + 1} of ${beats.length}`;
    $("noted").textContent = beat.notes;
    $("figures").replaceChildren();
    for (const [name, told] of beat.figures) { make("dt", $("figures"), name); make("dd", $("figures"), told); }
    $("command").textContent = beat.command;
    $("back").disabled = at === 0;
    $("next").disabled = at === beats.length - 1;
    try { history.replaceState(null, "", `#${at + 1}`); } catch { /* a file that may not */ }
    turn();
    for (const one of document.querySelectorAll("#beats button")) one.removeAttribute("aria-current");
    $("beats").children[at].firstChild.setAttribute("aria-current", "step");
    const next = beats[at + 1];
    if (next && next.picture) new Image().src = next.picture;
  }

  function turn() { // the map or the picture of the beat, whichever it has and is wanted
    const beat = beats[at], both = beat.map !== null && beat.picture;
    const mapped = beat.map !== null && (!beat.picture || (turned || beat.opens) === "map");
    $("picture").hidden = mapped || !beat.picture;
    if (beat.picture) { $("picture").src = beat.picture; $("picture").alt = beat.title; }
    $("map").hidden = !mapped;
    $("turn").hidden = !both;
    $("turn").textContent = mapped ? "Picture (m)" : "Map (m)";
    if (!mapped) return;
    const before = drawn;
    drawn = maps[beat.map];
    if (drawn !== before) {
      $("spaces").replaceChildren();
      drawn.spaces.forEach((s, i) => {
        const one = make("button", $("spaces"), s.name);
        one.type = "button";
        one.style.setProperty("--tone", tone(i, drawn.spaces.length));
        one.addEventListener("click", () => choose(i));
      });
      const wanted = drawn.spaces.findIndex((s) => s.name === beat.space);
      space = wanted >= 0 ? wanted : drawn.spaces.length - 1;
      const percent = (v) => `${Math.round(100 * v)}%`;
      $("trust").textContent = `The picture keeps ${percent(drawn.kept)} of each word’s nearest (chance ${percent(drawn.chance)}); the list is of the space itself. Keys: ↑ ↓ walk, 1–${drawn.spaces.length} spaces.`;
    }
    show();
  }

  function other() {
    if ($("turn").hidden) return;
    turned = $("map").hidden ? "map" : "picture";
    turn();
  }

  function notes() {
    $("notes").hidden = !$("notes").hidden;
    $("note").setAttribute("aria-pressed", String(!$("notes").hidden));
    if (!$("map").hidden) show();
  }

  function full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => {});
  }

  function leave() { // whatever is open; else all beats
    if ($("all").open) $("all").close();
    else if (document.fullscreenElement) document.exitFullscreen();
    else if (!$("notes").hidden) notes();
    else if (points.size && [...points.values()].includes(document.activeElement)) document.activeElement.blur();
    else { $("all").showModal(); $("beats").children[at].firstChild.focus(); }
  }

  const KEYS = {
    ArrowRight: () => go(at + 1), PageDown: () => go(at + 1), ArrowLeft: () => go(at - 1), PageUp: () => go(at - 1),
    Home: () => go(0), End: () => go(beats.length - 1), Escape: leave, n: notes, f: full, m: other,
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const onPlane = plane.contains(document.activeElement);
    if ($("all").open && key !== "Escape") {
      const step = { ArrowDown: 1, ArrowUp: -1 }[key];
      if (!step) return;
      event.preventDefault();
      const all = [...$("beats").querySelectorAll("button")];
      all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
      return;
    }
    let act = KEYS[key];
    if (key === " " && !["BUTTON", "A"].includes(document.activeElement.tagName)) act = KEYS.ArrowRight;
    if ((key === "ArrowDown" || key === "ArrowUp") && !$("map").hidden && (onPlane || document.activeElement === document.body || document.activeElement === $("title"))) act = () => walk(key === "ArrowDown" ? 1 : -1);
    if (/^[1-9]$/.test(key)) act = () => choose(Number(key) - 1);
    if (!act) return;
    event.preventDefault();
    act();
  });
  $("back").addEventListener("click", () => go(at - 1));
  $("next").addEventListener("click", () => go(at + 1));
  $("turn").addEventListener("click", other);
  $("note").addEventListener("click", notes);
  $("full").addEventListener("click", full);
  $("list").addEventListener("click", leave);
  addEventListener("resize", () => { if (at >= 0 && !$("map").hidden) show(); });
  beats.forEach((beat, i) => {
    const one = make("button", make("li", $("beats")), beat.title || `Beat ${i + 1}`);
    one.type = "button";
    one.dir = "auto";
    one.addEventListener("click", () => { $("all").close(); go(i); });
  });
  $("story").textContent = [story.title, story.subtitle].filter(Boolean).join(" · ");
  if (!beats.length) $("title").textContent = story.title;
  go(Math.max(0, (parseInt(location.hash.slice(1), 10) || 1) - 1));
})();
