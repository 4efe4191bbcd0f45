// Keys of the stage: PageDown and PageUp, as a pointer sends them; Esc leaves it, unless something else is open.
export default function ({ setTriggerValue }) {
  const steps = { PageDown: "next", PageUp: "before", Escape: "end" };
  const press = (event) => {
    const target = event.composedPath()[0];
    if (!(event.key in steps) || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName || "")) return;
    if (event.key === "Escape" && document.querySelector('[data-baseweb="popover"], dialog[open]')) return;
    event.preventDefault();
    setTriggerValue("step", steps[event.key]);
  };
  document.addEventListener("keydown", press);
  return () => document.removeEventListener("keydown", press);
}
