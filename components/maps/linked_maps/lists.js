// The same content as words: the item that is pointed at and its true neighbors in every space, and the tooltip.
import { make, number, said } from "./dom.js";
import { neighborsOf } from "./store.js";

export function drawLists(root, stage, id) {
  const { set } = stage, word = (text, fields) => said(stage.send.words, text, fields);
  if (stage.spec.compact && (stage.pointed === null || stage.chosen.has(id))) { root.replaceChildren(); return; }
  if (id === null || id < 0) { root.replaceChildren(make("p", "lm-sub", word("Point at an item: it and its true neighbors, in the original space, light up in every map. Arrow keys go through them; / searches; Esc clears."))); return; }
  const head = make("p", "lm-head"), name = make("bdi", "", set.labels[id]);
  head.append(name, make("span", "lm-sub", ` ${word(set.around && !stage.chosen.has(id) ? "and its nearest among the words drawn" : "and its true neighbors, nearest first")}`));
  const columns = make("div", "lm-columns");
  for (const m of stage.shownMaps()) {
    const map = set.maps[m], row = map.rowOf[id], part = make("div", "lm-column"), title = make("h4");
    part.dataset.space = map.space;
    const dot = make("i"); dot.style.background = map.colour;
    title.append(dot, make("span", "", map.space));
    part.append(title);
    if (row < 0) part.append(make("p", "lm-missing", word("missing here")));
    else {
      const far = new Set(stage.far(m, row)), list = make("ol");
      for (const other of neighborsOf(set, m, row)) {
        const item = make("li"), button = make("button"), text = make("span", "name", set.labels[map.ids[other]]);
        text.dir = "auto"; button.type = "button"; button.dataset.id = map.ids[other];
        button.append(text);
        if (far.has(other)) button.append(make("span", "mark", word("far on the map")));
        button.onmouseenter = () => stage.pointBeside(m, other);
        button.onmouseleave = () => stage.pointBeside(-1, -1);
        button.onclick = () => stage.pick(map.ids[other]);
        item.append(button); list.append(item);
      }
      if (!list.children.length) list.append(make("li", "lm-missing", word(set.large ? "Click it for its neighbors" : "no neighbors")));
      part.append(make("p", "lm-sub", fact(word, set, map, row)), list);
    }
    columns.append(part);
  }
  root.replaceChildren(head, columns);
}

const fact = (word, set, map, row) => [...(map.counts ? [word("{n} uses", { n: number(map.counts[row]) })] : []), word("the map kept {kept} of {k}", { kept: map.kept[row], k: set.k })].join(" · ");

// In the corner of its map that is away from the pointer, so that it hides no neighbor.
export function drawTip(tip, stage, m, row, x, y, panel) {
  const word = (text, fields) => said(stage.send.words, text, fields);
  const { set } = stage, map = set.maps[m], far = stage.far(m, row).map((j) => set.labels[map.ids[j]]);
  const name = make("bdi", "lm-tip-name", set.labels[map.ids[row]]);
  const lines = [name, make("div", "", map.space), make("div", "", map.counts ? word("{n} uses", { n: number(map.counts[row]) }) : "")];
  lines.push(make("div", "", word(set.around ? "the map kept {kept} of its {k} nearest among the words drawn" : "the map kept {kept} of its {k} true neighbors", { kept: map.kept[row], k: set.k })));
  if (far.length) { const line = make("div", "", `${word("thrown far:")} `); far.forEach((text, i) => { if (i) line.append(", "); line.append(make("bdi", "", text)); }); lines.push(line); }
  tip.replaceChildren(...lines.filter((l) => l.textContent));
  tip.hidden = false;
  tip.style.maxWidth = `${Math.min(300, panel.w - 16)}px`;
  const box = tip.getBoundingClientRect(), right = x < panel.x + panel.w / 2, below = y < panel.y + panel.h / 2;
  tip.style.left = `${right ? panel.x + panel.w - box.width - 8 : panel.x + 8}px`;
  tip.style.top = `${below ? panel.y + panel.h - box.height - 8 : panel.y + 32}px`;
}
