// Orders of the cells of one model, from the values of all of them over the text.

/** @typedef {import("../wire/columns.js").Columns} Columns */
/** @typedef {import("../state/orders.js").OrderName} OrderName */

import { PENDING } from "../wire/columns.js";

/**
 * How far a cell comes up under an order; larger is earlier. Values are read in the first memory (the
 * innermost of the top layer).
 * @param {OrderName} order
 * @param {Columns} columns of every cell
 * @param {number} pick slot of the picked cell
 */
export function scores(order, columns, pick) {
  const { done, width, values, memories } = columns;
  const count = columns.cells.length;
  const score = new Float64Array(count);
  if (order === "index") return score;
  const second = memories > 1 ? count : 0;
  for (let k = 0; k < count; k += 1) {
    let n = 0;
    let sum = 0;
    let squares = 0;
    let magnitude = 0;
    let products = 0;
    let sumPick = 0;
    let squaresPick = 0;
    let apart = 0;
    for (let t = 0, index = 0; t < done; t += 1, index += width) {
      const v = values[index + k] ?? PENDING;
      if (v === PENDING) continue;
      const p = values[index + pick] ?? 0;
      n += 1;
      sum += v;
      squares += v * v;
      magnitude += Math.abs(v);
      products += v * p;
      sumPick += p;
      squaresPick += p * p;
      apart += Math.abs(v - (values[index + second + k] ?? 0));
    }
    if (n === 0) continue;
    const variance = squares / n - (sum / n) ** 2;
    if (order === "variance") score[k] = variance;
    else if (order === "magnitude") score[k] = magnitude / n;
    else if (order === "contrast") score[k] = apart / n;
    else {
      const scale = Math.sqrt(variance * (squaresPick / n - (sumPick / n) ** 2));
      score[k] = k === pick ? 2 : scale > 0 ? (products / n - (sum * sumPick) / n / n) / scale : -2;
    }
  }
  return score;
}

/**
 * The cells, best first; equal ones by number.
 * @param {OrderName} order
 * @param {Columns} columns of every cell
 * @param {number} pick
 */
export function ranking(order, columns, pick) {
  const score = scores(order, columns, pick);
  return columns.cells.map((_, k) => k).sort((a, b) => (score[b] ?? 0) - (score[a] ?? 0) || a - b);
}
