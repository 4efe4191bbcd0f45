// Nodes with text, never markup; numbers as people read them.
export const make = (tag, name, text) => {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
};
const format = new Intl.NumberFormat("en-US");
export const number = (value) => format.format(value);
