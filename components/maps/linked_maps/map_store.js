// The mount that brings the bytes; it shows nothing.
import { keep } from "./store.js";

export default function ({ data }) {
  if (data instanceof Uint8Array && data.byteLength > 4) keep(data);
}
