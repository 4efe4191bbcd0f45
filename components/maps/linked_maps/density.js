// The density of all points of a large map, under its single points: the whole map, over it the view in detail.
import { rgb } from "./paint.js";

export function drawDensity(stage, panel, m) {
  const { under: ctx, whole0, set, ratio } = stage;
  for (const one of new Set([whole0, set])) {
    const { box: [x0, y0, x1, y1], all } = one.detail[m];
    const [left, top] = stage.screen(panel, x0, y1), [right, bottom] = stage.screen(panel, x1, y0);
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.save(); ctx.beginPath(); ctx.rect(panel.x, panel.y, panel.w, panel.h); ctx.clip();
    if (one !== whole0) ctx.clearRect(left, top, right - left, bottom - top);
    if (!all) ctx.drawImage(picture(one, m), left, top, right - left, bottom - top);
    ctx.restore();
  }
}

// Shades as an image, made once for a map of a set; its first line is the top.
function picture(set, m) {
  set.pictures ??= [];
  if (!set.pictures[m]) {
    const { wide } = set.detail[m], shades = set.arrays[`density${m}`], high = shades.length / wide;
    const image = new OffscreenCanvas(wide, high), pixels = new ImageData(wide, high), colour = rgb(set.maps[m].colour);
    for (let i = 0; i < shades.length; i++) {
      const at = 4 * ((high - 1 - Math.floor(i / wide)) * wide + (i % wide));
      pixels.data.set(colour, at); pixels.data[at + 3] = shades[i] ? 30 + shades[i] * 0.8 : 0;
    }
    image.getContext("2d").putImageData(pixels, 0, 0);
    set.pictures[m] = image;
  }
  return set.pictures[m];
}
