// The stage of a story. The frozen picture stands at once; the live page lies behind it in a frame of this server and takes its place
// when it is drawn. Frames share the stage's thread, so nothing is loaded until the audience rests on a beat, what still loads is
// stopped when it goes on, and a frame that is there goes on to another beat within its page. Of maps of one collection one frame is
// the same for all: its map moves. Keys: arrows, PageUp and PageDown, Home, End; a letter takes the wheel, B comes back, S opens the speaker's window, Esc ends.
const AWAY = `.st-key-bar, .st-key-presenting, .lm-tools, .lm-bars, .lm-lists, .lm-scrub, [data-testid="stHeader"], .st-key-stage-words, .st-key-stage-keys, [data-testid="stMain"] [data-testid="stElementContainer"]:has(.iso-lead, .iso-note, style),
    [data-testid="stLayoutWrapper"]:has(> .st-key-bar) { display: none !important; }
  [data-testid="stMainBlockContainer"] { padding: 0 !important; } [data-testid="stMain"] [data-testid="stVerticalBlock"] { gap: 0 !important; }
  .st-key-picture, .lm-stage { height: 100vh !important; } [data-stale="true"] { opacity: 1 !important; }`; // what was there stays as it was until the new is ready
const SHOW = 250, REST = 600, AHEAD = 1000; // milliseconds: a beat's picture is on before its page is shown; before it is asked for; its page is on before the next one is
const QUIET = 150, LONGEST = 3000, FRAMES = 3; // milliseconds without a change: a page is drawn; at most, after its script has ended; and how many are kept
const WIDE = 900; // of the page on the stage; what is on a wider screen is larger, not more
const STEPS = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
const field = (one) => /^(INPUT|TEXTAREA|SELECT)$/.test(one?.tagName || "") || one?.isContentEditable;
const make = (tag, names = "", text = "") => { const one = document.createElement(tag); one.className = names; one.textContent = text; return one; };
const MAPS = { "/Map": ["collection", "view", "layout", "dimensions"], "/Scripts": ["collection", "by", "removal"] }; // page → what makes its map another one
const PICTURE = '.js-plotly-plot .main-svg, [data-testid="stMain"] canvas, .st-key-picture, .domino, .lists';
const running = (page) => page.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === "running";
const drawn = (one) => { // one: a frame's record; of a page that went on, its script must have run since
  const page = one.frame.contentDocument, now = performance.now();
  if (!page || running(page) || !(one.ran || now - one.asked > LONGEST)) { one.ended = 0; return false; }
  one.ended ||= now;
  if (now - one.moved < QUIET && now - one.ended < LONGEST) return false;
  return Boolean(page.querySelector(".iso-error") || (page.querySelector(".iso-lead") && page.querySelector(PICTURE)));
};
// Beats whose map is one and the same, seen otherwise: number of a beat → that of the first of them.
const chains = (beats) => {
  const ground = ({ live }) => {
    const url = new URL(live || "/", location.origin), keys = MAPS[url.pathname];
    return keys ? [url.pathname, ...keys.map((key) => url.searchParams.get(key) || "")].join("|") : "";
  };
  const found = [];
  beats.forEach((beat, i) => found.push(i && ground(beat) && ground(beat) === ground(beats[i - 1]) ? found[i - 1] : i));
  return found;
};

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".stage");
  root.stop?.();
  const base = location.pathname.replace(/[^/]*\/?$/, ""), beats = data.beats, chain = chains(beats);
  let frames = [];
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
  const held = (i) => frames.find((one) => one.chain === chain[i]);
  const watch = (one) => { // when its page last changed, and whether its script ran
    const page = one.frame.contentDocument;
    if (!page || one.page === page) return;
    one.page = page; one.moved = performance.now();
    new one.frame.contentWindow.MutationObserver(() => { one.moved = performance.now(); if (running(page)) one.ran = true; })
      .observe(page.documentElement, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["data-test-script-state"] });
  };
  const load = (i) => {
    if (!beats[i]?.live || held(i)?.beat === i) return;
    let one = held(i);
    if (!one && frames.length >= FRAMES) one = frames.filter((other) => other.beat !== at).sort((a, b) => Math.abs(b.beat - at) - Math.abs(a.beat - at))[0];
    if (one) return goOn(one, i);
    const frame = make("iframe");
    one = { frame, beat: i, chain: chain[i], asked: performance.now(), moved: 0, ran: false, ready: false, live: 0 };
    frame.title = beats[i].title || `beat ${i + 1}`; frame.tabIndex = -1; frame.src = source(i, false);
    frame.addEventListener("load", () => { listen(frame); watch(one); if (!one.free) dress(frame, true); one.ran = true; });
    frames.push(one); place.append(frame);
  };
  const goOn = (one, i) => { // within the page that is there: its scripts are not read again
    const page = one.frame.contentWindow, from = new URL(source(one.beat, false), location.origin), to = new URL(source(i, false), location.origin), seen = to.searchParams.get("at");
    const here = one.page ? new URL(page.location.href) : null, loaded = one.ready || Boolean(one.page?.querySelector(".iso-lead"));
    if (from.href === to.href && one.ready) { Object.assign(one, { beat: i, chain: chain[i] }); return; } // it stands already
    Object.assign(one, { beat: i, chain: chain[i], asked: performance.now(), ran: false, ready: false, ended: 0, live: 0 });
    one.frame.title = beats[i].title || `beat ${i + 1}`;
    if (!loaded) { one.frame.src = to.href; return; }
    for (const url of [from, to]) url.searchParams.delete("at");
    const only = from.href === to.href && (here.searchParams.get("item") || "") === (to.searchParams.get("item") || ""); // the view alone is another
    page.history.replaceState(page.history.state, "", source(i, false));
    page.dispatchEvent(new page.CustomEvent("isogloss-went", { detail: { at: seen, only } }));
    if (only) one.ran = true; else page.dispatchEvent(new page.PopStateEvent("popstate", { state: page.history.state }));
  };
  const drop = (which) => { for (const one of frames.filter(which)) one.frame.remove(); frames = frames.filter((one) => one.frame.isConnected); };
  const check = (one) => {
    if (!one || one.ready || !drawn(one)) return;
    one.ready = true; one.live = performance.now();
    if (!one.dressed && !one.free) { one.dressed = true; one.frame.contentWindow.dispatchEvent(new Event("resize")); }
  };
  const tick = () => { // what is drawn takes the picture's place; then the next one is loaded
    const now = performance.now(), rests = now - shown, mine = held(at), stays = Boolean(mine?.on);
    if (rests <= SHOW && !stays) { for (const one of frames) { one.on = false; one.frame.classList.remove("on"); } root.dataset.live = root.dataset.ahead = "false"; return; } // the picture comes first
    if (rests > REST) load(at);
    const here = held(at);
    check(here);
    const live = here ? here.ready && here.beat === at : false;
    for (const one of frames) { one.on = one === here && (live || stays); one.frame.classList.toggle("on", one.on); }
    if (rests > REST && (live ? now - Math.max(here.live, shown) > AHEAD : !beats[at].live) && chain[at + 1] !== chain[at]) { load(at + 1); check(held(at + 1)); }
    const scale = wheel ? 1 : Math.max(1, place.clientWidth / WIDE), next = beats[at + 1]?.live ? held(at + 1) : null;
    place.style.setProperty("--scale", scale.toFixed(3));
    root.dataset.live = live ? "true" : "false";
    root.dataset.ahead = !beats[at + 1]?.live || chain[at + 1] === chain[at] || (next?.ready && next.beat === at + 1) ? "true" : "false";
  };
  const show = (i, push = true) => {
    at = root.at = Math.max(0, Math.min(beats.length - 1, i));
    const beat = beats[at];
    title.textContent = beat.title; sentence.textContent = beat.sentence;
    pictures.forEach((one, j) => one.classList.toggle("on", j === at && Boolean(beat.picture)));
    count.textContent = `${at + 1} / ${beats.length}`;
    holds.textContent = wheel ? "Live: B comes back to the beat." : said[at] || "";
    root.dataset.beat = String(at + 1);
    drop((one) => !one.ready && one.beat !== at && one.chain !== chain[at]); // what still loads would hold the stage up
    shown = performance.now(); tick();
    if (held(at)?.on && held(at).beat !== at) requestAnimationFrame(() => requestAnimationFrame(() => load(at))); // its map is on: it moves
    if (push) { const url = new URL(location.href); url.searchParams.set("beat", String(at + 1)); history.replaceState(history.state, "", url); }
    channel?.postMessage({ at, since });
  };
  const take = () => { // the page itself, with its bar, where the picture was
    load(at);
    const one = held(at);
    if (!one) return;
    wheel = true; root.classList.add("wheel");
    Object.assign(one, { free: true, ready: false, ran: false, asked: performance.now(), page: null });
    dress(one.frame, false); one.frame.tabIndex = 0; one.frame.src = source(at, true);
    one.frame.addEventListener("load", () => one.frame.focus(), { once: true });
    show(at, false);
  };
  const back = () => {
    wheel = false; root.classList.remove("wheel");
    drop((one) => one.chain === chain[at]);
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
  root.stop = () => { clearInterval(clock); channel?.close(); window.removeEventListener("keydown", press, true); window.removeEventListener("isogloss-checked", checked); drop(() => true); };
  return root.stop;
}
