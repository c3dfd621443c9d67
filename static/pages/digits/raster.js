// From strokes to an image as MNIST has them: the ink in a box of 20 x 20, its centre of mass in the
// middle of 28 x 28. Pure.

import { distanceTo } from "./strokes.js";

/** @typedef {import("./strokes.js").Point} Point */
/** @typedef {import("./strokes.js").Stroke} Stroke */
/** @typedef {{ values: Float32Array, width: number, height: number }} Raster ink 0 .. 1, row after row */
/** @typedef {{ image: Float32Array, scale: number, x: number, y: number }} Placed image[28 * row + column], and where a place of the source lies in it: scale * place + (x, y) */

export const SIDE = 28;
const BOX = 20;
/** Of the pen, in pixels of the image: the median of MNIST's strokes. */
const PEN = 2.4;
/** Points of the raster to a pixel of the image. */
const FINE = 4;
/** Fainter is no ink where the box is sought. */
const FAINTEST = 0.02;

/** The smallest box around the ink, right and bottom exclusive; null without ink. @param {Raster} raster */
function boxOf({ values, width, height }) {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      if ((values[y * width + x] ?? 0) > FAINTEST) {
        left = Math.min(left, x);
        right = Math.max(right, x + 1);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y + 1);
      }
  return right > 0 ? { left, top, right, bottom } : null;
}

/**
 * How much of every source point lies in every pixel, along one axis: [pixel, point, part of the pixel].
 * @param {number} from the box begins here
 * @param {number} to and ends here
 * @param {number} scale pixels to a point
 * @returns {[number, number, number][]}
 */
function shares(from, to, scale) {
  /** @type {[number, number, number][]} */
  const found = [];
  for (let point = from; point < to; point += 1) {
    const start = (point - from) * scale;
    const end = start + scale;
    for (let pixel = Math.floor(start); pixel < Math.min(BOX, end); pixel += 1)
      found.push([pixel, point, Math.min(end, pixel + 1) - Math.max(start, pixel)]);
  }
  return found;
}

/**
 * Where a box goes so that its centre of mass lies at pixel 14, and no ink is lost.
 * @param {number} mass its centre
 * @param {number} length of the box
 */
const offset = (mass, length) =>
  Math.min(SIDE - Math.ceil(length - 1e-6), Math.max(0, Math.round(SIDE / 2 - mass)));

/**
 * The ink of a raster of any size, centred and scaled as MNIST is: by areas into 20 x 20 pixels, the
 * ratio kept, then moved by whole pixels.
 * @param {Raster} raster
 * @returns {Placed | null} null without ink
 */
export function normalised(raster) {
  const box = boxOf(raster);
  if (!box) return null;
  const { values, width } = raster;
  const scale = BOX / Math.max(box.right - box.left, box.bottom - box.top);
  const across = shares(box.left, box.right, scale);
  const small = new Float32Array(BOX * BOX);
  for (const [row, y, high] of shares(box.top, box.bottom, scale))
    for (const [column, x, wide] of across) {
      const k = row * BOX + column;
      small[k] = (small[k] ?? 0) + (values[y * width + x] ?? 0) * high * wide;
    }
  let [mass, rows, columns] = [0, 0, 0];
  for (const [k, ink] of small.entries()) {
    mass += ink;
    rows += ink * Math.floor(k / BOX);
    columns += ink * (k % BOX);
  }
  const left = offset(columns / mass, (box.right - box.left) * scale);
  const top = offset(rows / mass, (box.bottom - box.top) * scale);
  const image = new Float32Array(SIDE * SIDE);
  for (const [k, ink] of small.entries())
    if (ink > 0) image[(Math.floor(k / BOX) + top) * SIDE + (k % BOX) + left] = Math.min(1, ink);
  return { image, scale, x: left - box.left * scale, y: top - box.top * scale };
}

/**
 * Strokes as a fine raster, drawn by a pen as thick as the digit is large.
 * @param {readonly Stroke[]} strokes at least one point
 * @returns {{ raster: Raster, scale: number, x: number, y: number }} and where a point of the drawing lies in it
 */
function inked(strokes) {
  const points = strokes.flat();
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const longest = Math.max(Math.max(...xs) - left, Math.max(...ys) - top);
  const radius = (PEN * FINE) / 2;
  // A single touch is a point of the pen's own size.
  const scale = (BOX * FINE - 2 * radius) / Math.max(longest, 0.05);
  const margin = radius + 1;
  const size = Math.ceil(longest * scale + 2 * margin);
  const values = new Float32Array(size * size);
  /** @param {Point} point @returns {Point} */
  const placed = ([x, y]) => [(x - left) * scale + margin, (y - top) * scale + margin];
  /** The points of the raster that a segment may ink, along one axis. @param {number} a @param {number} b */
  const reach = (a, b) =>
    /** @type {const} */ ([
      Math.max(0, Math.floor(Math.min(a, b) - margin)),
      Math.min(size - 1, Math.ceil(Math.max(a, b) + margin)),
    ]);
  for (const stroke of strokes) {
    const path = stroke.map(placed);
    for (const [k, a] of path.entries()) {
      const b = path[k + 1] ?? a;
      const [x0, x1] = reach(a[0], b[0]);
      const [y0, y1] = reach(a[1], b[1]);
      for (let y = y0; y <= y1; y += 1)
        for (let x = x0; x <= x1; x += 1) {
          const ink = radius + 0.5 - distanceTo([x + 0.5, y + 0.5], a, b);
          const at = y * size + x;
          if (ink > (values[at] ?? 0)) values[at] = Math.min(1, ink);
        }
    }
  }
  return {
    raster: { values, width: size, height: size },
    scale,
    x: margin - left * scale,
    y: margin - top * scale,
  };
}

/**
 * The image that a network reads of a drawing.
 * @param {readonly Stroke[]} strokes
 * @returns {Placed | null} null without ink
 */
export function imageOf(strokes) {
  if (strokes.every((stroke) => stroke.length === 0)) return null;
  const { raster, scale, x, y } = inked(strokes);
  const placed = normalised(raster);
  return (
    placed && {
      image: placed.image,
      scale: scale * placed.scale,
      x: x * placed.scale + placed.x,
      y: y * placed.scale + placed.y,
    }
  );
}
