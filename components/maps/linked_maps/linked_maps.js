// The mount of the maps: a small spec comes from Python, the bytes come through map_store.js.
import { Stage } from "./stage.js";
import { kept, lacks, onKept } from "./store.js";

const PATIENCE = 1000; // milliseconds in which the bytes that belong to a spec may come

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".lm");
  if (!root) return undefined;
  if (root.stage && JSON.stringify(root.words) !== JSON.stringify(data.words)) { // another language: the tools are made anew
    root.stop(); root.stage.end();
    root.stage = null; root.shown = null;
  }
  if (!root.stage) {
    const send = (name, value) => root.send(name, value);
    send.live = true;
    send.words = root.words = data.words;
    root.stage = new Stage(root, send);
    const unheard = onKept(() => root.refresh()), goes = ({ detail }) => root.stage.goes(detail);
    window.addEventListener("isogloss-went", goes);
    root.stop = () => { unheard(); window.removeEventListener("isogloss-went", goes); };
  }
  // Python gets anew what the last run gave: functions and spec change, the stage stays.
  root.send = (name, value) => (name === "selected" || name === "wanted" ? setStateValue(name, value) : setTriggerValue(name, value));
  root.refresh = () => {
    const set = kept(data.version);
    if (!set) {
      clearTimeout(root.waiting);
      root.waiting = setTimeout(() => {
        if (root.asked === data.version || !lacks(data.version)) return;
        root.asked = data.version; // once, or a set that cannot be read would be asked for without end
        root.send("lacks", data.version);
      }, PATIENCE);
      return;
    }
    root.asked = null;
    const key = JSON.stringify([data, getComputedStyle(root).getPropertyValue("--st-background-color")]);
    if (root.shown !== key) { root.shown = key; root.stage.update(set, data); }
    root.stage.zoomedIn();
    root.stage.answer();
  };
  root.refresh();
  return () => { clearTimeout(root.waiting); root.stop(); root.stage.end(); };
}
