// The view in the address: what was zoomed to, the moment of the morph, the turn, the filters.
const KEY = "at";
const round = (v, digits = 4) => String(Number(v.toPrecision(digits)));

export function write(state) {
  const parts = [];
  if (state.view) parts.push(`v:${state.view.map((v) => round(v)).join(",")}`);
  if (state.t !== null) parts.push(`t:${round(state.t, 3)}`);
  if (state.turned) parts.push(`r:${state.turned.map((v) => round(v, 3)).join(",")}`);
  for (const [name, levels] of state.filters) parts.push(`f:${encodeURIComponent(name)},${[...levels].sort((a, b) => a - b).join(",")}`);
  if (state.unlinked) parts.push("u");
  if (state.distance) parts.push("d");
  if (state.arrows) parts.push("a");
  const url = new URL(window.location.href);
  if ((url.searchParams.get(KEY) || "") === parts.join(";")) return;
  if (parts.length) url.searchParams.set(KEY, parts.join(";")); else url.searchParams.delete(KEY);
  window.history.replaceState(window.history.state, "", url);
}

// What an address asks for; `dropped` says that some of it could not be used.
export function read(text = new URL(window.location.href).searchParams.get(KEY)) {
  const state = { view: null, t: null, turned: null, filters: new Map(), unlinked: false, distance: false, arrows: false, dropped: false };
  for (const part of (text || "").slice(0, 2000).split(";").filter(Boolean)) {
    const [kind, rest = ""] = part.split(/:(.*)/s), fields = rest.split(",");
    const numbers = fields.map((f) => (f.trim() === "" ? NaN : Number(f)));
    const good = (n) => numbers.length === n && numbers.every((v) => Number.isFinite(v) && Math.abs(v) < 1e6);
    if (kind === "v" && [3, 6, 9, 12].some(good) && numbers.every((v, i) => i % 3 < 2 || v > 0)) state.view = numbers;
    else if (kind === "t" && good(1)) state.t = numbers[0];
    else if (kind === "r" && good(2)) state.turned = numbers;
    else if (kind === "f" && fields.length > 1 && numbers.slice(1).every((v) => Number.isInteger(v) && v >= 0 && v < 255)) {
      try { state.filters.set(decodeURIComponent(fields[0]), new Set(numbers.slice(1))); } catch { state.dropped = true; }
    } else if (part === "u") state.unlinked = true;
    else if (part === "d") state.distance = true;
    else if (part === "a") state.arrows = true;
    else state.dropped = true;
  }
  return state;
}
