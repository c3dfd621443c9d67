// Orders of the cells of one model, from the values of all of them over the text.

/** @typedef {import("../wire/columns.js").Columns} Columns */
/** @typedef {import("../state/orders.js").OrderName} OrderName */

import { PENDING } from "../wire/columns.js";

/**
 * How far a cell comes up under an order; larger is earlier.
 * @param {OrderName} order
 * @param {Columns} columns of every cell
 * @param {number} pick slot of the picked cell
 * @param {number} by the memory whose values are read
 */
export function scores(order, columns, pick, by = 0) {
  const { done, width, values, memories } = columns;
  const count = columns.cells.length;
  const score = new Float64Array(count);
  if (order === "index") return score;
  const own = Math.min(by, memories - 1) * count;
  // What lies apart are two memories of one cell: this one and the next, or the one before where it is the last.
  const beside = (by + 1 < memories ? by + 1 : Math.max(0, memories - 2)) * count;
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
      const v = values[index + own + k] ?? PENDING;
      if (v === PENDING) continue;
      const p = values[index + own + pick] ?? 0;
      n += 1;
      sum += v;
      squares += v * v;
      magnitude += Math.abs(v);
      products += v * p;
      sumPick += p;
      squaresPick += p * p;
      apart += Math.abs(v - (values[index + beside + k] ?? 0));
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

/** -2 stands for a cell without variance. @param {number} score */
const like = (score) => (score === -2 ? score : Math.abs(score));

/**
 * The cells, best first; equal ones by number. An opposite is as like as a twin.
 * @param {OrderName} order
 * @param {Columns} columns of every cell
 * @param {number} pick
 * @param {number} by the memory whose values are read
 */
export function ranking(order, columns, pick, by = 0) {
  const score = scores(order, columns, pick, by).map((s) =>
    order === "correlation" ? like(s) : s,
  );
  return columns.cells.map((_, k) => k).sort((a, b) => (score[b] ?? 0) - (score[a] ?? 0) || a - b);
}
