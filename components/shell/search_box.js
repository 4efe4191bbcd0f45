// A combobox: what is typed goes to Python after a pause, matches come back as data. "/" focuses it.
export default function ({ data, parentElement, setTriggerValue }) {
  const box = parentElement.querySelector(".box");
  // The field comes with its handlers: what is typed into one that stood there before its script would be lost.
  if (!box.firstChild) box.innerHTML = `<label for="q"></label><input id="q" type="text" role="combobox" aria-expanded="false"
    aria-controls="m" aria-autocomplete="list" autocomplete="off" spellcheck="false" dir="auto" maxlength="4000">
    <ul id="m" role="listbox" aria-label="Matches" hidden></ul>`;
  const input = box.querySelector("input"), menu = box.querySelector("ul");
  box.querySelector("label").textContent = data.label;
  menu.setAttribute("aria-label", data.list);
  input.placeholder = data.placeholder;
  const state = (box.state ??= { chosen: null, at: -1, timer: 0, rows: [] });
  state.send = setTriggerValue;
  const close = () => { menu.hidden = true; state.at = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const choose = (text) => {
    clearTimeout(state.timer); close(); input.value = text; input.blur();
    state.pending = text.trim().normalize("NFC") === data.chosen ? null : { text: text.trim().normalize("NFC"), until: Date.now() + 8000 };
    state.send("chosen", text);
  };
  const point = (at) => {
    state.at = at;
    state.rows.forEach((row, i) => row.setAttribute("aria-selected", String(i === at)));
    if (at >= 0) input.setAttribute("aria-activedescendant", state.rows[at].id); else input.removeAttribute("aria-activedescendant");
  };
  // Commas and signs part a query into words; matches replace the word at the end.
  const head = () => input.value.match(/^(.*(?:,|::?|\s[+−-])\s*)?/s)[0] || "";
  if (state.pending && state.pending.text === data.chosen) state.pending.answered = true;
  if (state.chosen !== data.chosen) { state.chosen = data.chosen; if (box.getRootNode().activeElement !== input) input.value = data.chosen; close(); }
  const tail = input.value.slice(head().length).trim();
  if (data.typed && data.typed === tail && box.getRootNode().activeElement === input) {
    state.rows = data.matches.map((match, i) => {
      const row = document.createElement("li"), name = document.createElement("span"), kind = document.createElement("span");
      row.id = `match-${i}`; row.setAttribute("role", "option"); row.dataset.item = match.item;
      name.className = "name"; name.dir = "auto"; name.textContent = match.item;
      kind.className = "kind"; kind.textContent = match.note;
      row.append(name, kind);
      row.onmousedown = (event) => { event.preventDefault(); choose(head() + match.item); };
      return row;
    });
    if (state.rows.length) menu.replaceChildren(...state.rows);
    else { const none = document.createElement("li"); none.className = "hint"; none.setAttribute("role", "option"); none.setAttribute("aria-disabled", "true"); none.textContent = data.nothing; menu.replaceChildren(none); }
    menu.hidden = false; point(-1); input.setAttribute("aria-expanded", "true");
  }
  input.oninput = () => {
    clearTimeout(state.timer);
    const word = input.value.slice(head().length).trim();
    if (!word) return close();
    state.timer = setTimeout(() => state.send("typed", word), 120);
  };
  input.onkeydown = (event) => {
    const n = state.rows.length;
    if (event.key === "ArrowDown" && n && !menu.hidden) { event.preventDefault(); point((state.at + 1) % n); }
    else if (event.key === "ArrowUp" && n && !menu.hidden) { event.preventDefault(); point((state.at - 1 + n) % n); }
    else if (event.key === "Escape") { close(); input.value = data.chosen; input.blur(); }
    else if (event.key === "Enter") { event.preventDefault(); if (input.value.trim()) choose(state.at >= 0 ? head() + state.rows[state.at].dataset.item : input.value.trim()); }
  };
  input.onpaste = (event) => { // a list by lines is a list
    const text = event.clipboardData?.getData("text") || "";
    if (!/[\n\t]/.test(text.trim())) return;
    event.preventDefault();
    document.execCommand("insertText", false, text.trim().split(/[\n\t]+/).map((word) => word.trim()).filter(Boolean).join(", "));
  };
  input.onfocus = () => input.select();
  input.onblur = () => close();
  // A page that is clicked before the word has arrived would be opened without it: the click waits for the word.
  const wait = (event) => {
    const link = event.target instanceof Element && event.target.closest('[data-testid="stPageLink-NavLink"]');
    const pending = state.pending;
    if (!link || !pending || !event.isTrusted) return;
    event.preventDefault(); event.stopImmediatePropagation();
    const path = new URL(link.href, location.href).pathname;
    const go = () => {
      const found = [...document.querySelectorAll('[data-testid="stPageLink-NavLink"]')].filter((a) => new URL(a.href, location.href).pathname === path);
      const ready = found.find((a) => new URL(a.href, location.href).searchParams.get("item") === pending.text) || (pending.answered && found[0]);
      if (!ready && Date.now() < pending.until) return setTimeout(go, 30);
      state.pending = null;
      (ready || found[0] || link).click();
    };
    go();
  };
  document.removeEventListener("click", state.wait, true);
  document.addEventListener("click", (state.wait = wait), true);
  const slash = (event) => {
    const target = event.composedPath()[0];
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName || "") && !target.isContentEditable) { event.preventDefault(); input.focus(); }
  };
  document.removeEventListener("keydown", state.slash); // this function runs again with every change of data
  document.addEventListener("keydown", (state.slash = slash));
  return () => { document.removeEventListener("keydown", slash); document.removeEventListener("click", wait, true); }; // the timer goes on: new data must not swallow what was typed
}
