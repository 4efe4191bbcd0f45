"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const KEYS = "1234567890qwertyiopadfghlzxcvbm"; // not j, k, n, s, u: they have work of their own
  const key = `isogloss-sheet:${data.draw}:${data.coder}`;
  const codes = data.taxonomy.codes;
  const state = { place: 0, given: Object.create(null), changes: 0 };

  function text(tag, words) {
    const one = document.createElement(tag);
    one.textContent = words;
    one.dir = "auto";
    return one;
  }

  // The browser's storage outlives the tab, but may lag behind a reload or be refused to files; the tab's own history
  // state does not. The one with more changes is the later.
  function kept() {
    const found = [];
    try { found.push(JSON.parse(localStorage.getItem(key))); } catch { /* the browser keeps nothing for files */ }
    if (history.state && history.state.key === key) found.push(history.state);
    return found.filter((one) => one && Array.isArray(one.codes)).sort((a, b) => (b.changes || 0) - (a.changes || 0))[0];
  }

  function read() {
    const one = kept();
    if (!one) return;
    const known = new Set(data.cases.map((c) => c.id));
    for (const c of one.codes) if (known.has(c.id)) state.given[c.id] = { code: c.code, note: String(c.note || "") };
    if (Number.isInteger(one.place) && data.cases[one.place]) state.place = one.place;
    state.changes = one.changes || 0;
  }

  function result() {
    const given = data.cases.filter((one) => state.given[one.id]);
    return given.map((one) => ({ id: one.id, code: state.given[one.id].code, note: state.given[one.id].note }));
  }

  function keep() {
    state.changes += 1;
    const now = { key, place: state.place, codes: result(), changes: state.changes };
    try { history.replaceState(now, ""); } catch { /* too often or too large: the storage has it */ }
    try {
      localStorage.setItem(key, JSON.stringify(now));
      at("kept").textContent = "Kept in this browser. Save the codes when you are done: the file is what counts.";
    } catch {
      at("kept").textContent = "This browser keeps nothing for files: save the codes before you close the sheet.";
    }
  }

  function here() {
    const id = data.cases[state.place].id;
    return (state.given[id] ||= { code: null, note: "" });
  }

  function show() {
    const one = data.cases[state.place];
    const mine = state.given[one.id] || { code: null, note: "" };
    at("title").textContent = one.title;
    at("place").textContent = `${state.place + 1} of ${data.cases.length}`;
    const done = data.cases.filter((c) => state.given[c.id] && state.given[c.id].code).length;
    at("count").textContent = `${done} of ${data.cases.length} coded`;
    at("parts").replaceChildren(...one.parts.flatMap(([name, lines]) => [text("h3", name), ...lines.map((line) => text("p", line))]));
    for (const button of at("codes").children) button.setAttribute("aria-pressed", String(button.dataset.code === mine.code));
    at("note").value = mine.note;
  }

  function go(place) {
    state.place = Math.max(0, Math.min(data.cases.length - 1, place));
    show();
    keep();
    at("title").focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }

  function give(code) {
    const mine = here();
    mine.code = mine.code === code ? null : code; // the same again takes it back
    show();
    keep();
  }

  function open() {
    const n = data.cases.length;
    for (let i = 1; i <= n; i += 1) {
      const place = (state.place + i) % n;
      const mine = state.given[data.cases[place].id];
      if (!mine || !mine.code) return go(place);
    }
    return undefined;
  }

  function save() {
    const out = { format: 1, coder: data.coder, draw: data.draw, taxonomy: data.taxonomy, codes: result() };
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(out, null, 1)], { type: "application/json" }));
    const name = data.coder.replace(/[^\p{L}\p{N}]+/gu, "-");
    link.download = `codes-${data.draw.replace(/[^\w]+/g, "-")}-${name}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  codes.forEach((code, i) => {
    const button = text("button", KEYS[i] ? `${KEYS[i]} ${code.name}` : code.name);
    button.type = "button";
    button.title = code.meaning;
    button.dataset.code = code.id;
    button.addEventListener("click", () => give(code.id));
    at("codes").append(button);
  });
  at("who").textContent = `Codes by ${data.coder}`;
  at("back").addEventListener("click", () => go(state.place - 1));
  at("next").addEventListener("click", () => go(state.place + 1));
  at("open").addEventListener("click", open);
  at("save").addEventListener("click", save);
  at("note").addEventListener("input", () => { here().note = at("note").value; keep(); });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target === at("note")) {
      if (event.key === "Escape") at("title").focus();
      return;
    }
    const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const place = { j: 1, ArrowRight: 1, ArrowDown: 1, k: -1, ArrowLeft: -1, ArrowUp: -1 }[pressed];
    const code = pressed.length === 1 ? codes[KEYS.indexOf(pressed)] : undefined;
    if (place) go(state.place + place);
    else if (pressed === "Home") go(0);
    else if (pressed === "End") go(data.cases.length - 1);
    else if (pressed === "u") open();
    else if (pressed === "s") save();
    else if (pressed === "n") at("note").focus();
    else if (code) give(code.id);
    else return;
    event.preventDefault();
  });

  read();
  show();
  keep();
})();
