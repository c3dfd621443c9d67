// Pixels of the page's small pictures: the image as it is read, a glimpse, the values of a memory.

import { sized } from "../../base/canvas.js";
import { SIDE } from "./raster.js";

/** @typedef {import("../../base/colour.js").Palette} Palette */
/** @typedef {import("../../base/colour.js").RGB} RGB */

/**
 * Ink on paper: from transparent to the ink.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} values 0 .. 1, row after row
 * @param {number} width pixels of a row
 * @param {RGB} ink
 */
export function paintInk(canvas, values, width, [r, g, b]) {
  const height = values.length / width;
  const picture = new ImageData(width, height);
  for (let k = 0; k < values.length; k += 1)
    picture.data.set([r, g, b, Math.round(255 * (values[k] ?? 0))], 4 * k);
  put(canvas, picture);
}

/**
 * The image, and on it the pixels that are being read.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} image
 * @param {RGB} ink
 * @param {import("./glimpses.js").Glimpse | null} lit
 * @param {RGB} light
 */
export function paintImage(canvas, image, ink, lit, light) {
  paintInk(canvas, image, SIDE, ink);
  const pen = canvas.getContext("2d");
  if (!lit || !pen) return;
  pen.fillStyle = `rgb(${light.join(" ")} / 0.42)`;
  for (let y = lit.y; y < lit.y + lit.side; y += lit.step)
    for (let x = lit.x; x < lit.x + lit.side; x += lit.step) pen.fillRect(x, y, 1, 1);
}

/**
 * Display values, a row a cell, a column a glimpse.
 * @param {HTMLCanvasElement} canvas
 * @param {readonly (readonly number[])[]} steps values of the cells after every glimpse
 * @param {Palette} palette
 */
export function paintValues(canvas, steps, palette) {
  const [width, height] = [steps.length, steps[0]?.length ?? 0];
  const picture = new ImageData(width, height);
  const pixels = new Uint32Array(picture.data.buffer);
  for (const [t, cells] of steps.entries())
    for (const [cell, value] of cells.entries())
      pixels[cell * width + t] = palette.pixels[Math.round(127 * value) + 128] ?? 0;
  put(canvas, picture);
}

/** @param {HTMLCanvasElement} canvas @param {ImageData} picture */
function put(canvas, picture) {
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext("2d")?.putImageData(picture, 0, 0);
}

/**
 * Ten rows of bars: the probability of every digit after every glimpse, the likeliest in full ink.
 * @param {HTMLCanvasElement} canvas
 * @param {readonly (readonly number[])[]} steps probabilities
 */
export function paintBars(canvas, steps) {
  const pen = canvas.getContext("2d");
  if (!pen) return;
  const width = Math.round(canvas.clientWidth * devicePixelRatio);
  const height = Math.round(canvas.clientHeight * devicePixelRatio);
  canvas.width = width;
  canvas.height = height;
  const style = getComputedStyle(canvas);
  const [wide, high] = [width / steps.length, height / 10];
  const gap = devicePixelRatio;
  for (const [t, digits] of steps.entries()) {
    const most = Math.max(...digits);
    for (const [digit, p] of digits.entries()) {
      const bar = Math.max(p > 0.004 ? gap : 0, p * (high - 2 * gap));
      const [left, bottom] = [Math.round(t * wide) + gap, Math.round((digit + 1) * high) - gap];
      pen.fillStyle = style.borderTopColor;
      pen.fillRect(left, bottom, Math.ceil(wide) - 2 * gap, gap);
      pen.fillStyle = p === most ? style.color : style.outlineColor;
      pen.fillRect(left, bottom + gap - bar, Math.ceil(wide) - 2 * gap, bar);
    }
  }
}

/**
 * A bar a glimpse, up for the answer and down against it.
 * @param {HTMLCanvasElement} canvas
 * @param {readonly number[]} bits
 */
export function paintGiven(canvas, bits) {
  const sharp = sized(canvas);
  if (!sharp) return;
  const { pen, ratio, width, height } = sharp;
  const style = getComputedStyle(canvas);
  const most = Math.max(1, ...bits.map(Math.abs));
  const middle = Math.round(height / 2);
  const wide = width / bits.length;
  for (const [t, value] of bits.entries()) {
    const high = (value / most) * (middle - ratio);
    pen.fillStyle = value > 0 ? style.color : style.outlineColor;
    pen.fillRect(Math.round(t * wide) + ratio, middle, Math.ceil(wide) - 2 * ratio, -high);
  }
  pen.fillStyle = style.borderTopColor;
  pen.fillRect(0, middle, width, ratio);
}

/**
 * One cell along the glimpses, a curve a memory, from -1 to 1.
 * @param {HTMLCanvasElement} canvas
 * @param {readonly { values: readonly number[], colour: string }[]} curves
 */
export function paintCurves(canvas, curves) {
  const sharp = sized(canvas);
  if (!sharp) return;
  const { pen, ratio, width, height } = sharp;
  const pad = 4 * ratio;
  /** @param {number} value */
  const y = (value) => pad + ((1 - value) / 2) * (height - 2 * pad);
  pen.strokeStyle = getComputedStyle(canvas).borderTopColor;
  pen.lineWidth = ratio;
  for (const value of [1, 0, -1]) {
    pen.beginPath();
    pen.moveTo(0, Math.round(y(value)) + 0.5);
    pen.lineTo(width, Math.round(y(value)) + 0.5);
    pen.stroke();
  }
  for (const { values, colour } of curves) {
    const wide = width / values.length;
    pen.strokeStyle = pen.fillStyle = colour;
    pen.lineWidth = 2 * ratio;
    pen.lineJoin = "round";
    pen.beginPath();
    for (const [t, value] of values.entries()) pen.lineTo((t + 0.5) * wide, y(value));
    pen.stroke();
    for (const [t, value] of values.entries()) {
      pen.beginPath();
      pen.arc((t + 0.5) * wide, y(value), 2.5 * ratio, 0, 7);
      pen.fill();
    }
  }
}
