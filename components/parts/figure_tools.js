// A figure for print from what is drawn: the layers of a chart put together, on white, with its caption; SVG, or PNG at 2×.
const NS = "http://www.w3.org/2000/svg";
const address = () => { // with the version of links, without what is of this sitting
  const url = new URL(location.href), told = [...url.searchParams].filter(([key]) => !["v", "present", "story", "beat", "live", "lang"].includes(key));
  url.search = new URLSearchParams([["v", "1"], ...told]);
  return url.href;
};
const layers = (data) => {
  if (data.svg) return [new DOMParser().parseFromString(data.svg, "image/svg+xml").documentElement];
  return [...document.querySelectorAll(`.st-key-${CSS.escape(data.picture)} svg.main-svg`)];
};
const wrapped = (text, most) => {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    if (lines.at(-1) && lines.at(-1).length + word.length + 1 > most) lines.push("");
    lines[lines.length - 1] += (lines.at(-1) ? " " : "") + word;
  }
  return lines;
};
const FACE = "Source Sans"; // the letters that Streamlit serves: Latin, Greek and Cyrillic; for others the viewer's own are named after it
const asData = (blob) => new Promise((good, bad) => { const reader = new FileReader(); reader.onload = () => good(reader.result); reader.onerror = bad; reader.readAsDataURL(blob); });
const face = async () => { // the rule with the letters in it, so that a figure looks the same where they are not installed
  for (const sheet of document.styleSheets) {
    let rules = [];
    try { rules = [...sheet.cssRules]; } catch { continue; }
    for (const rule of rules) {
      const told = (key) => rule.style.getPropertyValue(key).replace(/["']/g, "").trim();
      if (!(rule instanceof CSSFontFaceRule) || told("font-family") !== FACE || told("font-style") === "italic") continue;
      const from = told("src").match(/url\(([^)]+)\)/)?.[1];
      if (from) return `@font-face{font-family:"${FACE}";font-weight:200 900;src:url(${await asData(await (await fetch(new URL(from, sheet.href || location.href))).blob())}) format("woff2")}`;
    }
  }
  return "";
};
const printed = async (data) => { // for a publication: white, no title, no footer (they are its description), its letters inside
  const made = whole(data, true), letters = await face();
  if (!made) return null;
  const out = new DOMParser().parseFromString(made.text, "image/svg+xml").documentElement, style = document.createElementNS(NS, "style"), desc = document.createElementNS(NS, "desc");
  for (const one of out.querySelectorAll(".gtitle, .g-gtitle")) one.remove();
  for (const one of out.querySelectorAll("text, tspan")) if (one.style.fontFamily || one.tagName === "text") one.style.fontFamily = `"${FACE}", "Noto Sans", sans-serif`;
  desc.textContent = `${data.caption} ${address()}`; style.textContent = letters;
  out.prepend(desc, style);
  return { text: new XMLSerializer().serializeToString(out), found: Boolean(letters) };
};
const whole = (data, bare = false) => {
  const found = layers(data);
  if (!found.length) return null;
  const width = Math.max(...found.map((one) => Number.parseFloat(one.getAttribute("width")) || 0));
  const height = Math.max(...found.map((one) => Number.parseFloat(one.getAttribute("height")) || 0));
  const lines = bare ? [] : wrapped(`${data.caption} ${address()}`, Math.max(30, Math.floor(width / 6.4)));
  const out = document.createElementNS(NS, "svg"), ground = document.createElementNS(NS, "rect");
  out.setAttribute("xmlns", NS);
  const tall = height + (bare ? 0 : 18 + 16 * lines.length);
  out.setAttribute("width", width); out.setAttribute("height", tall); out.setAttribute("viewBox", `0 0 ${width} ${tall}`);
  out.setAttribute("font-family", "Noto Sans, system-ui, sans-serif");
  for (const [key, value] of [["width", "100%"], ["height", "100%"], ["fill", "#ffffff"]]) ground.setAttribute(key, value);
  out.append(ground);
  for (const one of found) {
    const part = one.cloneNode(true);
    part.removeAttribute("style"); part.style.background = "none";
    for (const text of part.querySelectorAll("text")) if (!data.svg) text.style.fill = "#1f2328"; // the screen may be dark
    for (const box of part.querySelectorAll(".bg")) box.style.fill = "none";
    out.append(part);
  }
  lines.forEach((line, i) => {
    const text = document.createElementNS(NS, "text");
    text.setAttribute("x", 8); text.setAttribute("y", height + 20 + 16 * i); text.setAttribute("font-size", 12); text.setAttribute("fill", "#444");
    text.textContent = line;
    out.append(text);
  });
  return { text: new XMLSerializer().serializeToString(out), width, height: tall };
};
const give = (blob, name) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob); link.download = name; link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
};
const page = (data, made) => { // a file that asks nothing of a network and runs nothing: the figure, what it shows, and the link
  const out = document.implementation.createHTMLDocument(data.caption), policy = out.createElement("meta"), said = out.createElement("p"), link = out.createElement("a");
  const letters = out.createElement("meta");
  letters.setAttribute("charset", "utf-8");
  policy.setAttribute("http-equiv", "Content-Security-Policy"); policy.setAttribute("content", "default-src 'none'; style-src 'unsafe-inline'; img-src data:");
  out.head.prepend(letters, policy);
  out.documentElement.lang = "en";
  said.textContent = `${data.caption} `;
  link.href = address(); link.textContent = address(); said.append(link);
  const image = out.importNode(new DOMParser().parseFromString(made.text, "image/svg+xml").documentElement, true);
  image.setAttribute("role", "img"); image.setAttribute("aria-label", data.caption); image.style.maxWidth = "100%"; image.style.height = "auto";
  out.body.style.cssText = "margin: 1rem; background: #fff; color: #1f2328; font-family: Noto Sans, system-ui, sans-serif";
  out.body.append(image, said);
  return `<!doctype html>\n${out.documentElement.outerHTML}`;
};
const png = async (made, name) => {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(made.text)}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: 2 * made.width, height: 2 * made.height });
  const pen = canvas.getContext("2d");
  pen.scale(2, 2); pen.drawImage(image, 0, 0, made.width, made.height);
  canvas.toBlob((blob) => give(blob, name), "image/png");
};
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".tools"), said = document.createElement("span");
  const word = (text) => data.words[text] ?? text;
  said.setAttribute("role", "status");
  const button = (label, press) => {
    const one = document.createElement("button");
    one.type = "button"; one.textContent = word(label);
    one.onclick = async () => { said.textContent = word((await press()) || ""); setTimeout(() => { said.textContent = ""; }, 4000); };
    return one;
  };
  const save = (then) => async () => { const made = whole(data); if (!made) return "the picture is not drawn yet"; await then(made); };
  root.replaceChildren(
    button("Save figure (SVG)", save((made) => give(new Blob([made.text], { type: "image/svg+xml" }), `${data.name}.svg`))),
    button("PNG", save((made) => png(made, `${data.name}.png`))),
    button("HTML", save((made) => give(new Blob([page(data, made)], { type: "text/html" }), `${data.name}.html`))),
    button("For print", async () => {
      const made = await printed(data).catch(() => null);
      if (!made) return "the picture is not drawn yet";
      give(new Blob([made.text], { type: "image/svg+xml" }), `${data.name}_print.svg`);
      return made.found ? "" : "its letters could not be put in";
    }),
    button("Copy link", async () => {
      try { await navigator.clipboard.writeText(address()); return "copied"; } catch { return address(); }
    }),
    said,
  );
}
