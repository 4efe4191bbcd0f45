// Bars beside the maps: points by any column. Choosing one keeps its points in colour and greys the rest.
import { make, number, said } from "./dom.js";
import { along, tallies } from "./paint.js";

export function drawBars(root, stage) {
  const few = stage.set.around && stage.spec.colour === "space" && !stage.filters.size; // each has its name on the map
  if (stage.set.large || stage.spec.compact || few) { root.hidden = true; return; }
  root.hidden = false;
  const word = (text, fields) => said(stage.send.words, text, fields);
  const { set, filters, spec } = stage, counts = tallies(set, filters);
  const opened = new Map([...root.querySelectorAll("details")].map((d) => [d.dataset.name, d.open]));
  const focus = root.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const own = set.maps.map((map) => map.colour);
  const groups = [
    ...(counts.has("space") ? [{ name: "space", title: "space", levels: set.maps.map((m) => m.space), colours: own }] : []),
    ...set.facets.filter((f) => f.levels.length > 1 && f.levels.length <= 24).map((f) => ({
      ...f, colours: f.shades ? f.levels.map((_, i) => `rgb(${along(set.ramp, middle(f, i))})`) : f.colours,
    })),
  ];
  root.replaceChildren(...groups.map((group, at) => {
    const box = make("details"), coloured = group.name === spec.colour;
    box.dataset.name = group.name;
    box.open = opened.get(group.name) ?? (coloured || at < 2);
    const head = make("summary", "", word(group.title));
    if (coloured) head.append(make("span", "lm-sub", ` · ${word("colours the points")}`));
    box.append(head);
    const { all, passing } = counts.get(group.name), most = Math.max(...all, 1), chosen = filters.get(group.name);
    group.levels.forEach((level, i) => {
      const bar = make("button", "lm-bar"), fill = make("i"), part = make("i", "on");
      bar.type = "button"; bar.dataset.key = `${group.name}:${i}`;
      bar.setAttribute("aria-pressed", String(Boolean(chosen?.has(i))));
      if (chosen && !chosen.has(i)) bar.classList.add("out");
      fill.style.width = `${(100 * all[i]) / most}%`;
      part.style.width = `${(100 * passing[i]) / most}%`;
      if (coloured) part.style.background = group.colours[i];
      const name = make("span", "name", level === "others" ? word(level) : level); name.dir = "auto";
      bar.append(fill, part, name, make("span", "n", number(passing[i])));
      bar.title = word("{level}: {n} of {of} points", { level, n: number(passing[i]), of: number(all[i]) });
      bar.onclick = () => {
        const next = new Set(chosen || []);
        if (next.has(i)) next.delete(i); else next.add(i);
        if (next.size) filters.set(group.name, next); else filters.delete(group.name);
        stage.refilter();
      };
      box.append(bar);
    });
    return box;
  }));
  if (filters.size) {
    const clear = make("button", "lm-clear", word("Clear filters"));
    clear.type = "button"; clear.onclick = () => { filters.clear(); stage.refilter(); };
    root.append(clear);
  }
  if (focus) root.querySelector(`[data-key="${CSS.escape(focus)}"]`)?.focus();
}

// The mean shade of a level, for its bar.
function middle(facet, level) {
  facet.means ??= facet.levels.map((_, l) => {
    let [sum, n] = [0, 0];
    for (let i = 0; i < facet.codes.length; i++) if (facet.codes[i] === l && facet.shades[i] !== 255) { sum += facet.shades[i]; n++; }
    return n ? sum / n / 254 : 0;
  });
  return facet.means[level];
}
