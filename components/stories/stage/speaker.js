// The speaker's window: notes of the beat that is on, the next one and the clock; in step with the stage by a channel of this browser.
const make = (tag, names = "", text = "") => { const one = document.createElement(tag); one.className = names; one.textContent = text; return one; };
const two = (n) => String(n).padStart(2, "0");
const KEYS = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".speaker"), beats = data.beats;
  root.stop?.();
  const channel = new BroadcastChannel(`isogloss-story-${data.name}`);
  const title = make("h1"), notes = make("p", "notes"), next = make("div", "next"), foot = make("div", "foot");
  const clock = make("span", "clock"), gone = make("span", "gone"), count = make("span", "count");
  const step = (label, by) => { const one = make("button", "", label); one.type = "button"; one.onclick = () => go(at + by); return one; };
  let at = 0, since = Date.now();
  title.dir = notes.dir = next.dir = "auto"; root.style.colorScheme = data.dark ? "dark" : "light";
  const show = () => {
    const beat = beats[at], after = beats[at + 1];
    title.textContent = beat.title; notes.textContent = beat.notes || "No notes."; count.textContent = `${at + 1} / ${beats.length}`;
    next.replaceChildren(make("span", "", after ? `Next: ${after.title}` : "This is the last beat."));
    if (after?.picture) { const picture = make("img"); picture.src = after.picture; picture.alt = ""; next.append(picture); }
    root.dataset.beat = String(at + 1);
  };
  const go = (to) => { at = Math.max(0, Math.min(beats.length - 1, to)); show(); channel.postMessage({ go: at }); };
  const tell = () => {
    const now = new Date(), seconds = Math.max(0, Math.floor((Date.now() - since) / 1000));
    clock.textContent = `${two(now.getHours())}:${two(now.getMinutes())}`;
    gone.textContent = `${Math.floor(seconds / 60)}:${two(seconds % 60)} since the start`;
  };
  const press = (event) => {
    if (event.key === "Home") go(0); else if (event.key === "End") go(beats.length - 1);
    else if (event.key in KEYS && !(event.key === " " && event.composedPath()[0].tagName === "BUTTON")) go(at + KEYS[event.key]);
    else return;
    event.preventDefault();
  };
  channel.onmessage = ({ data: told }) => { if (Number.isInteger(told.at)) { at = Math.max(0, Math.min(beats.length - 1, told.at)); since = told.since || since; show(); tell(); } };
  foot.append(clock, gone, count, step("Before", -1), step("Next", 1));
  root.replaceChildren(title, notes, next, foot);
  show(); tell(); channel.postMessage({ ask: true });
  const every = setInterval(tell, 1000);
  window.addEventListener("keydown", press, true);
  root.stop = () => { clearInterval(every); channel.close(); window.removeEventListener("keydown", press, true); };
  return root.stop;
}
