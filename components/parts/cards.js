// Neighbor cards. Every text arrives as data and is set as textContent: nothing a user wrote becomes HTML.
const make = (tag, className, text) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
};
const bar = (share, colour, className = "bar") => {
  const outer = make("div", className), inner = make("i");
  inner.style.width = `${Math.round(100 * Math.max(0, Math.min(1, share)))}%`;
  inner.style.background = colour;
  outer.append(inner);
  return outer;
};
const row = (entry, pick, told) => {
  const item = make("li"), button = make("button");
  button.type = "button";
  button.dataset.item = entry.item;
  const name = make("span", "name", entry.item);
  name.dir = "auto";
  const text = make("span", "text");
  text.append(name);
  if (entry.mark) text.append(make("span", "mark", entry.mark));
  button.append(text, make("span", "value", entry.bars.map(([v]) => v.toFixed(2)).join(" · ")));
  const shown = entry.bars.map(([value]) => value.toFixed(2)).join(" ");
  button.setAttribute("aria-label", told.label.replace(/\{(item|value)\}/g, (_, key) => (key === "item" ? entry.item : shown)));
  button.title = entry.title;
  for (const [value, colour] of entry.bars) button.append(bar(value, colour));
  button.onclick = () => pick(entry.item);
  item.append(button);
  return item;
};
const list = (entries, pick, empty, told) => {
  const node = make("ul");
  if (!entries.length && empty) node.append(make("li", "none", empty));
  for (const entry of entries) node.append(row(entry, pick, told));
  return node;
};
const heading = (text, colour) => {
  const node = make("h3");
  if (colour) { const dot = make("span", "dot"); dot.style.background = colour; node.append(dot); }
  node.append(make("span", "", text));
  return node;
};
const domino = (data, pick) => {
  const card = make("section", "domino");
  if (data.shared.length) {
    const shared = make("div", "wide"), inner = list(data.shared, pick, data.told.none, data.told);
    inner.className = "shared";
    shared.append(heading(data.shared_title), make("p", "sub", data.shared_note), inner);
    card.append(shared);
  }
  for (const side of ["lost", "gained"]) {
    const part = make("div", side);
    part.append(heading(data[`${side}_title`], data[`${side}_colour`]), make("p", "sub", data[`${side}_note`]));
    part.append(list(data[side], pick, data.told.none, data.told));
    card.append(part);
  }
  return card;
};
const lists = (data, pick) => {
  const grid = make("section", "lists");
  for (const column of data.columns) {
    const part = make("div", "list");
    part.dataset.space = column.space;
    part.append(heading(column.space, column.colour), make("p", "sub", column.note));
    if (column.frequency !== null) part.append(bar(column.frequency, column.colour, "freq"));
    for (const group of column.groups) {
      if (group.title) part.append(make("p", "group", group.title));
      part.append(list(group.rows, pick, group.empty, data.told));
    }
    grid.append(part);
  }
  return grid;
};
const words = (data, pick) => {
  const line = make("ul", "words");
  for (const word of data.words) {
    const item = make("li"), button = make("button", "chip", word);
    button.type = "button"; button.dataset.item = word; button.dir = "auto";
    button.onclick = () => pick(word);
    item.append(button);
    line.append(item);
  }
  return line;
};
const kinds = { domino, lists, words };
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".cards");
  const pick = (item) => setTriggerValue("picked", item);
  root.replaceChildren(kinds[data.kind](data, pick));
}
