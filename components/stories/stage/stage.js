// The stage of a story. The frozen picture stands at once; the live page lies behind it in a frame of this server and takes its place
// when it is drawn. Keys: arrows, PageUp and PageDown, Home, End; a letter takes the wheel, B comes back, S opens the speaker's window, Esc ends.
const AWAY = `.st-key-bar, .st-key-presenting, [data-testid="stHeader"], [class*="st-key-stage"], [data-testid="stMain"] [data-testid="stElementContainer"]:has(.iso-lead, .iso-note, style),
    [data-testid="stLayoutWrapper"]:has(> .st-key-bar) { display: none !important; }
  [data-testid="stMainBlockContainer"] { padding: 0 !important; } [data-testid="stMain"] [data-testid="stVerticalBlock"] { gap: 0 !important; }
  .st-key-picture { height: 98vh !important; } body:has(.st-key-presenting) { --iso-above: 4.2rem !important; }`;
const REST = 250; // milliseconds that a beat's picture is on before its page is asked for or shown: who leafs through waits for none
const WIDE = 960; // of the page on the stage; what is on a wider screen is larger, not more
const STEPS = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
const field = (one) => /^(INPUT|TEXTAREA|SELECT)$/.test(one?.tagName || "") || one?.isContentEditable;
const make = (tag, names = "", text = "") => { const one = document.createElement(tag); one.className = names; one.textContent = text; return one; };
const drawn = (frame) => {
  const page = frame.contentDocument;
  if (!page || page.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === "running") return false;
  return Boolean(page.querySelector(".iso-error") || (page.querySelector(".iso-lead") && page.querySelector('.js-plotly-plot .main-svg, [data-testid="stMain"] canvas, .st-key-picture, .domino, .lists')));
};

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".stage");
  root.stop?.();
  const base = location.pathname.replace(/[^/]*\/?$/, ""), beats = data.beats, frames = new Map();
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(`isogloss-story-${data.name}`) : null;
  const title = make("h1"), sentence = make("p", "sentence"), place = make("div", "place"), foot = make("div", "foot");
  const holds = make("span", "holds"), count = make("span", "count");
  title.dir = sentence.dir = "auto"; title.setAttribute("aria-live", "polite");
  let at = Math.min(root.at ?? data.at, beats.length - 1), wheel = false, since = root.since ?? Date.now(), said = root.said ?? {}, clock = 0, shown = 0;
  root.style.colorScheme = data.dark ? "dark" : "light";
  const pictures = beats.map((beat) => { // all are there, so that none is waited for
    const one = make("img");
    if (beat.picture) one.src = beat.picture;
    one.alt = beat.sentence || beat.title; one.decoding = "sync";
    return one;
  });
  foot.append(holds, count); place.append(...pictures); root.replaceChildren(title, sentence, place, foot);

  const source = (i, live) => `${base}${beats[i].live.slice(1)}${live ? "" : "&present=true"}`;
  const listen = (frame) => { try { frame.contentWindow.addEventListener("keydown", press, true); } catch { /* not ours */ } };
  const dress = (frame, on) => {
    const page = frame.contentDocument, known = page?.getElementById("on-stage");
    if (on && page && !known) { const style = page.createElement("style"); style.id = "on-stage"; style.textContent = AWAY; page.head.append(style); }
    if (!on) known?.remove();
  };
  const load = (i) => {
    if (frames.has(i) || !beats[i]?.live) return;
    const frame = make("iframe");
    frame.title = beats[i].title || `beat ${i + 1}`; frame.tabIndex = -1; frame.src = source(i, false);
    frame.addEventListener("load", () => { listen(frame); if (!frame.free) dress(frame, true); });
    frames.set(i, frame); place.append(frame);
  };
  const drop = (which) => { for (const [j, one] of frames) if (Math.abs(j - at) > 1 && which(one)) { one.remove(); frames.delete(j); } };
  const tick = () => { // what is drawn takes the picture's place; then the neighbors are loaded
    const frame = frames.get(at), rests = performance.now() - shown > REST;
    if (!rests) { for (const one of frames.values()) one.classList.remove("on"); root.dataset.live = root.dataset.ahead = "false"; return; } // pages share the stage's thread: the picture comes first
    drop(() => true);
    load(at);
    if (frame && !frame.ready && drawn(frame)) { frame.ready = true; if (!frame.free) frame.contentWindow.dispatchEvent(new Event("resize")); }
    for (const [i, one] of frames) one.classList.toggle("on", i === at && Boolean(one.ready));
    if (frame ? frame.ready : !beats[at].live) { load(at + 1); if (frames.get(at + 1)?.ready !== true) { const next = frames.get(at + 1); if (next && drawn(next)) next.ready = true; } }
    const scale = wheel ? 1 : Math.max(1, place.clientWidth / WIDE);
    place.style.setProperty("--scale", scale.toFixed(3));
    root.dataset.live = frame?.ready ? "true" : "false";
    root.dataset.ahead = beats[at + 1]?.live && !frames.get(at + 1)?.ready ? "false" : "true";
  };
  const show = (i, push = true) => {
    at = root.at = Math.max(0, Math.min(beats.length - 1, i));
    const beat = beats[at];
    title.textContent = beat.title; sentence.textContent = beat.sentence;
    pictures.forEach((one, j) => one.classList.toggle("on", j === at && Boolean(beat.picture)));
    count.textContent = `${at + 1} / ${beats.length}`;
    holds.textContent = wheel ? "Live: B comes back to the beat." : said[at] || "";
    root.dataset.beat = String(at + 1);
    drop((one) => !one.ready); // what still loads would hold the stage up
    shown = performance.now(); tick();
    if (push) { const url = new URL(location.href); url.searchParams.set("beat", String(at + 1)); history.replaceState(history.state, "", url); }
    channel?.postMessage({ at, since });
  };
  const take = () => { // the page itself, with its bar, where the picture was
    load(at);
    const old = frames.get(at);
    if (!old) return;
    wheel = true; root.classList.add("wheel");
    old.free = true; old.ready = false; dress(old, false); old.tabIndex = 0; old.src = source(at, true);
    old.addEventListener("load", () => old.focus(), { once: true });
    show(at, false);
  };
  const back = () => {
    wheel = false; root.classList.remove("wheel");
    frames.get(at)?.remove(); frames.delete(at);
    root.focus(); show(at, false);
  };
  const press = (event) => {
    const target = event.composedPath()[0], plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!plain || (wheel && field(target))) return;
    const key = event.key, stop = () => { event.preventDefault(); event.stopImmediatePropagation(); };
    if (wheel) {
      if (["b", "B", "Backspace"].includes(key)) { stop(); back(); }
      return;
    }
    if (key in STEPS) { stop(); show(at + STEPS[key]); }
    else if (key === " ") { stop(); show(at + (event.shiftKey ? -1 : 1)); }
    else if (key === "Home") { stop(); show(0); }
    else if (key === "End") { stop(); show(beats.length - 1); }
    else if (key === "Escape") { stop(); root.at = undefined; setTriggerValue("end", at); }
    else if (key === "s" || key === "S") { stop(); window.open(`${base}Stories?speaker=${encodeURIComponent(data.name)}`, "isogloss-speaker", "popup,width=1000,height=700"); }
    else if (key.length === 1 && !["b", "B"].includes(key)) { stop(); take(); }
  };
  const checked = (event) => { said = root.said = event.detail || {}; if (!wheel) holds.textContent = said[at] || ""; };
  if (channel) channel.onmessage = ({ data: told }) => {
    if (told.ask) channel.postMessage({ at, since });
    else if (Number.isInteger(told.go)) { if (wheel) back(); show(told.go); }
  };
  window.addEventListener("keydown", press, true);
  window.addEventListener("isogloss-checked", checked);
  clock = setInterval(tick, 60);
  root.since = since; root.focus(); show(at, false);
  root.stop = () => { clearInterval(clock); channel?.close(); window.removeEventListener("keydown", press, true); window.removeEventListener("isogloss-checked", checked); for (const frame of frames.values()) frame.remove(); };
  return root.stop;
}
