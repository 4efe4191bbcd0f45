// Keys of the stage: PageDown and PageUp, as a pointer sends them; Esc leaves it, unless something else is open.
export default function ({ setTriggerValue }) {
  const steps = { PageDown: "next", PageUp: "before", Escape: "end" };
  const press = (event) => {
    const step = steps[event.key], target = event.composedPath()[0];
    if (!step || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName || "")) return;
    if (step === "end" && document.querySelector('[data-testid="stPopoverBody"], dialog[open]')) return;
    const link = [...document.querySelectorAll(".st-key-presenting a")].find((a) => a.textContent.trim() === step);
    if (!link && step !== "end") return;
    event.preventDefault();
    if (link && new URL(link.href, location.href).pathname !== location.pathname) link.click();
    else setTriggerValue("step", step);
  };
  document.addEventListener("keydown", press);
  return () => document.removeEventListener("keydown", press);
}
