// The mount that brings the bytes; it shows nothing.
import { bring } from "./store.js";

export default function ({ data }) {
  if (data instanceof Uint8Array && data.byteLength > 4) bring(data);
}
