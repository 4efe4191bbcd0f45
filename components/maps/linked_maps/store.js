// What the browser keeps of sets of maps: blocks of bytes that Python packed (components/pack.py), by version.
const KEY = Symbol.for("isogloss.maps");
const ZIPPED = 0xffffffff;
const MOST = 3; // sets kept at a time; an older one is sent again when it is wanted
const TYPES = { uint8: Uint8Array, int8: Int8Array, int32: Int32Array, float32: Float32Array };
const registry = (globalThis[KEY] ??= { sets: new Map(), changes: new EventTarget() });

export function unpack(bytes) {
  const own = bytes.slice(); // a copy that starts at 0: what arrives is not aligned for typed arrays
  const length = new DataView(own.buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(own.subarray(4, 4 + length)));
  const start = Math.ceil((4 + length) / 8) * 8, arrays = {};
  for (const [name, [kind, at, size]] of Object.entries(header.arrays)) arrays[name] = new TYPES[kind](own.buffer, start + at, size);
  return prepare({ ...header, arrays, bytes: own });
}

// Maps with their arrays by name; places get a third coordinate, 0 on flat maps.
function prepare(set) {
  const { arrays, dims } = set;
  let offset = 0;
  set.maps = set.maps.map((map, m) => {
    const flat = arrays[`places${m}`], n = arrays[`ids${m}`].length, xyz = dims === 3 ? flat : new Float32Array(3 * n);
    if (dims === 2) for (let i = 0; i < n; i++) { xyz[3 * i] = flat[2 * i]; xyz[3 * i + 1] = flat[2 * i + 1]; }
    const ids = arrays[`ids${m}`], rowOf = new Int32Array(set.labels.length).fill(-1);
    for (let i = 0; i < n; i++) rowOf[ids[i]] = i;
    const made = { ...map, n, ids, xyz, rowOf, offset, near: arrays[`near${m}`], kept: arrays[`kept${m}`], order: arrays[`order${m}`], stay: arrays[`stay${m}`], counts: arrays[`count${m}`] };
    offset += n;
    return made;
  });
  // Items of a large set keep their number in the whole of it.
  set.local = set.large ? new Map([...arrays.global].map((id, i) => [id, i])) : null;
  set.globalOf = (id) => (set.large ? arrays.global[id] : id);
  set.localOf = (id) => (set.large ? set.local.get(id) ?? -1 : id < set.labels.length ? id : -1);
  set.facets = set.facets.map((facet, f) => ({ ...facet, codes: arrays[`code${f}`], shades: arrays[`shade${f}`] }));
  return set;
}
// Of a large map only some neighbors are here; −1 stands for the others.
export const neighborsOf = (set, m, row) => Array.from(set.maps[m].near.subarray(row * set.k, (row + 1) * set.k)).filter((other) => other >= 0);

// What Python sends: a block, or a large one compressed (components/maps/pack.py) that is unpacked where it is not here yet.
export async function bring(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (view.getUint32(0, true) !== ZIPPED) return keep(bytes);
  const start = 8 + view.getUint32(4, true), version = new TextDecoder().decode(bytes.subarray(8, start));
  if (registry.sets.has(version) && !version.includes(":")) return tell(version);
  coming.add(version);
  const whole = new Blob([bytes.subarray(start)]).stream().pipeThrough(new DecompressionStream("gzip"));
  try { keep(new Uint8Array(await new Response(whole).arrayBuffer())); } finally { coming.delete(version); }
}
const coming = new Set(); // what is being unpacked
// Python does not send again what it takes for kept here; where it is not, after a second, that is said.
export const lacks = (version) => !registry.sets.has(version) && !coming.has(version);

export function keep(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const { version } = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  if (!registry.sets.has(version) || version.includes(":")) {
    registry.sets.delete(version); // at the end of the queue again
    registry.sets.set(version, unpack(bytes));
    const sets = [...registry.sets.keys()];
    const shown = new Set([...document.querySelectorAll(".lm[data-version]")].map((node) => node.dataset.version));
    for (const old of sets.slice(0, -MOST)) if (!shown.has(old.split(":")[0])) registry.sets.delete(old);
  }
  tell(version);
}
const tell = (version) => registry.changes.dispatchEvent(new CustomEvent("kept", { detail: version }));

export const kept = (version) => registry.sets.get(version);
export const onKept = (listen) => {
  registry.changes.addEventListener("kept", listen);
  return () => registry.changes.removeEventListener("kept", listen);
};
