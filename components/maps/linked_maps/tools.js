// The bar of tools above the maps and the scrubber below them.
import { canAll, told } from "./arrows.js";
import { make, said } from "./dom.js";
import { savePage, savePng, saveSvg } from "./save.js";

export function tools(stage, bar, scrub) {
  const buttons = {}, note = make("span", "lm-sub"), dropped = make("span", "lm-sub lm-dropped");
  const word = (text, fields) => said(stage.send.words, text, fields);
  const button = (key, text, label, act) => {
    const node = make("button", "lm-tool", word(text));
    node.type = "button"; node.title = word(label); node.setAttribute("aria-label", word(label)); node.dataset.tool = key;
    node.onclick = act; buttons[key] = node; bar.append(node);
  };
  const pickTool = (tool) => () => { stage.tool = tool; stage.tools.update(); };
  button("pan", "Move", "Move the map by dragging", pickTool("pan"));
  button("box", "Box", "Select by a box (or hold Shift)", pickTool("box"));
  button("lasso", "Lasso", "Select by drawing around points", pickTool("lasso"));
  button("in", "+", "Zoom in", () => stage.shift(stage.panels[0], (v) => { v.s *= 1.4; }));
  button("out", "−", "Zoom out", () => stage.shift(stage.panels[0], (v) => { v.s /= 1.4; }));
  button("fit", "Fit", "Show everything, or the chosen items", () => stage.fit());
  button("link", "Linked zoom", "All maps zoom and move together", () => { stage.linked = !stage.linked; stage.remeasure(); if (stage.linked) stage.shift(stage.panels[0], () => {}); stage.tools.update(); stage.remember(); });
  button("distance", "True distances", "Colour every map by cosine distance to the item, in the original space", () => {
    stage.recolour = !stage.recolour; stage.tools.update(); stage.remember();
    if (stage.recolour) stage.ask(); else stage.repaint();
  });
  button("arrows", "Arrows", "An arrow for every item, from its place in the first space to that in the next", () => { stage.arrows = !stage.arrows; stage.tools.update(); stage.remember(); stage.drawOver(); });
  button("clear", "Clear", "Clear the selection and the filters (Escape)", () => stage.clear());
  const save = make("select", "lm-tool");
  save.setAttribute("aria-label", word("Save the picture"));
  for (const [value, text] of [["", "Save…"], ["png", "PNG"], ["svg", "SVG"], ...(stage.send.live ? [["html", "Interactive page"]] : [])]) { const o = make("option", "", word(text)); o.value = value; save.append(o); }
  save.onchange = () => { const kind = save.value; save.value = ""; ({ png: savePng, svg: saveSvg, html: savePage })[kind]?.(stage); };
  bar.append(save, note, dropped);

  // The scrubber: a native slider, so arrow keys work; play moves on through the maps and stops at the last.
  const play = make("button", "lm-tool", word("Play")), slider = make("input"), marks = make("div", "lm-marks");
  slider.type = "range"; slider.step = "0.01"; slider.min = "0"; slider.setAttribute("aria-label", word("Moment between the maps"));
  play.type = "button"; play.dataset.tool = "play";
  scrub.append(play, make("div", "lm-track"));
  scrub.lastChild.append(slider, marks);
  let playing = 0, before = 0;
  const stop = () => { cancelAnimationFrame(playing); playing = 0; play.textContent = word("Play"); play.setAttribute("aria-label", word("Play through the maps")); };
  const frame = (now) => {
    const last = stage.set.maps.length - 1, t = Math.min(last, stage.t + Math.min(now - before, 250) / 1800);
    before = now;
    stage.scrubTo(t);
    if (t >= last || stage.ended) stop(); else playing = requestAnimationFrame(frame);
  };
  play.onclick = () => {
    if (playing) return stop();
    const last = stage.set.maps.length - 1;
    if (stage.calm) { stage.scrubTo(stage.t >= last ? 0 : Math.floor(stage.t + 1)); return; } // a step at a time, without motion
    if (stage.t >= last) stage.scrubTo(0);
    play.textContent = word("Pause"); play.setAttribute("aria-label", word("Pause")); before = performance.now();
    playing = requestAnimationFrame(frame);
  };
  slider.oninput = () => { stop(); stage.scrubTo(Number(slider.value)); };
  slider.onkeydown = (event) => {
    if (event.key === " ") { event.preventDefault(); play.click(); }
    const step = { PageUp: 1, PageDown: -1 }[event.key];
    if (step) { event.preventDefault(); stop(); stage.scrubTo(Math.max(0, Math.min(stage.set.maps.length - 1, Math.round(stage.t + step)))); }
  };
  stop();

  return {
    stop,
    dropped: (text) => { dropped.textContent = word(text); },
    drawn() {
      note.textContent = stage.recolour && stage.pointing() !== null ? word("full colour: cosine distance 0; grey: 1 or more, or missing") : told(stage);
    },
    moment() {
      slider.value = String(stage.t);
      const { maps } = stage.set, i = Math.round(stage.t);
      slider.setAttribute("aria-valuetext", Math.abs(stage.t - i) < 0.01 ? maps[i].space : word("between {a} and {b}", { a: maps[Math.floor(stage.t)].space, b: maps[Math.ceil(stage.t)].space }));
      [...marks.children].forEach((mark, m) => mark.classList.toggle("on", m === i));
      const title = stage.titles.firstChild || stage.titles.appendChild(make("div", "lm-moment"));
      title.textContent = stage.moment();
    },
    update() {
      for (const tool of ["pan", "box", "lasso"]) buttons[tool].setAttribute("aria-pressed", String(stage.tool === tool));
      for (const tool of ["box", "lasso"]) buttons[tool].hidden = Boolean(stage.spec.compact);
      buttons.pan.textContent = word(stage.set.dims === 3 ? "Turn" : "Move");
      buttons.link.hidden = stage.panels.length < 2;
      buttons.link.setAttribute("aria-pressed", String(stage.linked));
      buttons.distance.hidden = !stage.send.live || Boolean(stage.set.large);
      buttons.distance.setAttribute("aria-pressed", String(stage.recolour));
      buttons.arrows.hidden = !canAll(stage);
      buttons.arrows.setAttribute("aria-pressed", String(stage.arrows));
      this.drawn();
      buttons.clear.hidden = !stage.selection && !stage.filters.size;
      stage.box.dataset.tool = stage.tool;
      const morph = stage.spec.arrangement === "morph" && stage.set.maps.length > 1;
      scrub.hidden = !morph;
      if (!morph) return stop();
      slider.max = String(stage.set.maps.length - 1);
      marks.replaceChildren(...stage.set.maps.map((map, m) => {
        const mark = make("button", "", map.space);
        mark.type = "button"; mark.style.left = `${(100 * m) / (stage.set.maps.length - 1)}%`;
        mark.onclick = () => { stop(); stage.scrubTo(m); };
        return mark;
      }));
      this.moment();
    },
  };
}
