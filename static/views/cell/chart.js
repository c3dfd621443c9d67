// Curves along the text on a small canvas.

import { sized } from "../../base/canvas.js";
import { drawBorder } from "../axis.js";

/** @typedef {import("../axis.js").Axis} Axis */
/** @typedef {{ name: string, colour: string, values: ArrayLike<number>, dash?: boolean }} Curve */

/**
 * The range of a chart, symmetric about zero.
 * @param {Curve[]} curves
 * @returns {[number, number]}
 */
export function rangeOf(curves) {
  let most = 0;
  for (const { values } of curves)
    for (let k = 0; k < values.length; k += 1) {
      const size = Math.abs(values[k] ?? 0);
      if (size > most) most = size; // what is not read yet is not a number
    }
  const round = 10 ** Math.floor(Math.log10(most || 1));
  const top = Math.ceil((most / round) * 2) / 2;
  const end = Number((top * round || 1).toPrecision(2));
  return [-end, end];
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Axis} axis
 * @param {Curve[]} curves
 * @param {readonly [number, number]} range
 * @param {(name: string) => string} colours of a curve in the theme in force
 */
export function drawChart(canvas, axis, curves, [low, high], colours) {
  const sharp = sized(canvas);
  if (!sharp) return;
  const { pen, ratio, width, height } = sharp;
  const style = getComputedStyle(canvas);
  const pad = 3 * ratio;
  /** @param {number} v */
  const y = (v) => pad + ((high - v) / (high - low)) * (height - 2 * pad);
  const each = width / (axis.to - axis.from);
  pen.strokeStyle = style.borderTopColor;
  pen.lineWidth = ratio;
  for (const v of low < 0 ? [low, 0, high] : [low, high]) {
    pen.beginPath();
    pen.moveTo(0, Math.round(y(v)) + 0.5);
    pen.lineTo(width, Math.round(y(v)) + 0.5);
    pen.stroke();
  }
  pen.fillStyle = style.borderTopColor;
  drawBorder(pen, axis);
  pen.lineJoin = "round";
  for (const { values, colour, dash } of curves) {
    pen.strokeStyle = colours(colour);
    pen.lineWidth = 1.5 * ratio;
    pen.setLineDash(dash ? [4 * ratio, 3 * ratio] : []);
    pen.beginPath();
    const first = Math.max(0, Math.floor(axis.from) - 1);
    const last = Math.min(values.length, Math.ceil(axis.to) + 1);
    const step = Math.max(1, Math.floor(1 / each));
    let broken = false;
    for (let k = first; k < last; k += step) {
      const x = (k + 0.5 - axis.from) * each;
      const here = values[k] ?? 0;
      if (Number.isNaN(here)) {
        broken = true; // not read yet: no line leads across it
        continue;
      }
      if (broken) pen.moveTo(x, y(here));
      broken = false;
      if (step === 1) pen.lineTo(x, y(here));
      else {
        // Several characters a pixel: from the least to the greatest of them.
        let least = Number.POSITIVE_INFINITY;
        let most = Number.NEGATIVE_INFINITY;
        for (let j = k; j < Math.min(last, k + step); j += 1) {
          least = Math.min(least, values[j] ?? 0);
          most = Math.max(most, values[j] ?? 0);
        }
        pen.lineTo(x, y(least));
        pen.lineTo(x, y(most));
      }
    }
    pen.stroke();
  }
  pen.setLineDash([]);
}
