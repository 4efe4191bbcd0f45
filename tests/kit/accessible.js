// What axe-core leaves undecided or is not asked, over shadow roots: contrast of every text, targets, and the ring of the focus.
window.accessible = (() => {
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    pen.clearRect(0, 0, 1, 1); pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, ground) => ground.map((v, i) => top[i] * top[3] + v * (1 - top[3]));
  const luminance = (colour) => { // WCAG 2.2, relative luminance
    const [r, g, b] = colour.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const between = (ink, ground) => {
    const [high, low] = [ink, ground].map((one) => luminance(typeof one === "string" ? rgba(one).slice(0, 3) : one)).sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  const parent = (e) => e.assignedSlot || e.parentElement || e.getRootNode().host || null;
  const all = (root = document) => [...root.querySelectorAll("*")].flatMap((e) => (e.shadowRoot ? [e, ...all(e.shadowRoot)] : [e]));
  const seen = (e) => {
    const box = e.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && box.right > 0 && box.left < innerWidth && e.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  };
  const off = (e) => { for (let n = e; n; n = parent(n)) if (n.matches(":disabled, [aria-disabled=true], [aria-hidden=true]")) return true; return false; };
  const name = (e) => (e.getAttribute("aria-label") || e.labels?.[0]?.textContent || e.textContent || e.type || "").trim().slice(0, 40);
  const what = (e) => `${e.tagName.toLowerCase()}.${(e.getAttribute("class") || "").split(" ")[0]} ${name(e)}`;
  const ratio = (e) => {
    const style = getComputedStyle(e), svg = e instanceof SVGElement, grounds = [];
    let alpha = svg ? Number(style.fillOpacity) : 1;
    for (let n = e; n; n = parent(n)) {
      const one = getComputedStyle(n);
      alpha *= Number(one.opacity);
      if (n !== e && n.closest("[data-testid=stSlider]")) continue; // a value stands above the thumb, not on it
      grounds.push(rgba(one.backgroundColor));
      if (grounds.at(-1)[3] === 1) break;
    }
    const plot = e.closest(".heatmap-label") && e.closest(".js-plotly-plot"); // numbers in cells: on any colour of the scale
    if (plot) return Math.min(...plot._fullData.filter((t) => t.type === "heatmap").flatMap((t) => t.colorscale).map(([, one]) => between(style.fill, one)));
    const ground = grounds.reverse().reduce((below, one) => over(one, below), [255, 255, 255]);
    const ink = rgba(svg ? style.fill : style.color);
    ink[3] *= alpha;
    return between(over(ink, ground), ground);
  };
  const NONE = "none none"; // Streamlit draws some of its rings beside the control, in its label
  const rings = (e) => [e, ...(e.closest("label, [data-testid=stSelectbox]")?.querySelectorAll("*") || [])].map((n) => {
    const s = getComputedStyle(n);
    return `${parseFloat(s.outlineWidth) > 0 ? s.outlineStyle : "none"} ${s.boxShadow}`;
  });
  let last = null;
  return {
    faint: (least) => all().filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) && !/^(style|script|title|option)$/i.test(e.tagName)
      && seen(e) && !off(e) && ratio(e) < least).map((e) => `${what(e)} ${ratio(e).toFixed(2)}`),
    // Texts that end before their end, where nothing can be scrolled; names in maps, quotations and tables have their own ways to be read.
    cut: () => all().filter((e) => seen(e) && !e.closest(".lm, .iso-quotes, [data-testid=stDataFrame], .js-plotly-plot, .st-key-bar")).flatMap((e) => [...e.childNodes]
      .filter((n) => n.nodeType === 3 && n.data.trim()).map((n) => [e, n])).filter(([e, text]) => {
      const range = document.createRange(); range.selectNodeContents(text);
      const { left, right } = range.getBoundingClientRect();
      for (let n = e; n && n !== document.body; n = parent(n)) {
        const over = getComputedStyle(n).overflowX, box = n.getBoundingClientRect();
        if (over === "auto" || over === "scroll") return false;
        if (over !== "visible" && box.width > 2 && (right > box.right + 1 || left < box.left - 1)) return true;
      }
      return false;
    }).map(([e]) => what(e)),
    // The label of a checkbox is its target; the thumb of a slider is.
    small: (least) => all().filter((e) => e.matches("a[href], button, input:not([type=range]), select, summary, [role=option], [role=tab]") && seen(e) && !off(e)).filter((e) => {
      const box = (e.matches("[type=checkbox], [type=radio]") && e.closest("label") || e).getBoundingClientRect();
      return Math.min(box.width, box.height) < least - 0.01;
    }).map((e) => { const box = e.getBoundingClientRect(); return `${what(e)} ${box.width.toFixed(0)}×${box.height.toFixed(0)}`; }),
    // Controls under a root; the one that has the focus; and whether the one before it showed that it had it.
    controls: (root) => all(document.querySelector(root)).filter((e) => e.matches("a[href], button, input") && e.tabIndex >= 0 && seen(e) && !off(e)).map(what),
    focus: () => {
      const left = last && { name: last.name, shown: last.rings.some((ring, i) => ring !== NONE && ring !== rings(last.e)[i]) };
      let e = document.activeElement;
      while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
      last = { e, name: what(e), rings: rings(e) };
      return left;
    },
  };
})();
