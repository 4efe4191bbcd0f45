// Nodes with text, never markup; numbers as people read them.
export const make = (tag, name, text) => {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
};
// A sentence of ours in the language of the page, its fields filled in; `words` come with the spec, English needs none.
export const said = (words, text, fields = {}) => (words?.[text] ?? text).replace(/\{(\w+)\}/g, (found, key) => fields[key] ?? found);
const format = new Intl.NumberFormat("en-US");
export const number = (value) => format.format(value);
