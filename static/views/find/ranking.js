// How well each cell tells a label: the area under the curve (AUC) of its values. Pure: the worker runs it.

import { PENDING } from "../../wire/columns.js";

/**
 * Of every column; NaN where all or none of the characters are in the label.
 * @typedef {object} Told
 * @property {number} inside characters that are in the label
 * @property {number} outside
 * @property {Float64Array} auc P(inside > outside) + P(equal) / 2 over pairs of characters
 * @property {Float64Array} high mean display value inside
 * @property {Float64Array} low mean display value outside
 */
/**
 * A cell by its rank.
 * @typedef {object} Ranked
 * @property {number} panel
 * @property {number} memory
 * @property {number} cell
 * @property {1 | -1} sign 1: high where the label is; -1: low
 * @property {number} auc of sign * value, 0.5 or more
 * @property {number} inside mean display value
 * @property {number} outside
 */

const VALUES = 256;
/** Characters between two words on how far it is. */
const STEP = 1024;

/**
 * Count the values of every column inside and outside, then compare. Values are bytes, so ties are exact.
 * @param {Int8Array} values time first
 * @param {number} width columns
 * @param {Uint8Array} label one a character
 * @param {number} from characters before it do not count
 * @param {(share: number) => void} told
 * @returns {Told}
 */
export function tell(values, width, label, from = 0, told = () => {}) {
  const counts = [new Uint32Array(width * VALUES), new Uint32Array(width * VALUES)];
  const sizes = [0, 0];
  for (let t = from; t < label.length; t += 1) {
    const which = label[t] ?? 0;
    const count = /** @type {Uint32Array} */ (counts[which]);
    sizes[which] = (sizes[which] ?? 0) + 1;
    const row = t * width;
    for (let j = 0; j < width; j += 1) {
      const at = j * VALUES + (values[row + j] ?? PENDING) - PENDING;
      count[at] = (count[at] ?? 0) + 1;
    }
    if (t % STEP === STEP - 1) told((t - from) / (label.length - from));
  }
  const [outside = 0, inside = 0] = sizes;
  const [no, yes] = /** @type {[Uint32Array, Uint32Array]} */ (counts);
  const auc = new Float64Array(width);
  const high = new Float64Array(width);
  const low = new Float64Array(width);
  for (let j = 0; j < width; j += 1) {
    let below = 0;
    let pairs = 0;
    let sumInside = 0;
    let sumOutside = 0;
    for (let v = 0; v < VALUES; v += 1) {
      const a = yes[j * VALUES + v] ?? 0;
      const b = no[j * VALUES + v] ?? 0;
      pairs += a * (below + b / 2);
      below += b;
      sumInside += a * (v + PENDING);
      sumOutside += b * (v + PENDING);
    }
    auc[j] = pairs / (inside * outside);
    high[j] = sumInside / inside / 127;
    low[j] = sumOutside / outside / 127;
  }
  return { inside, outside, auc, high, low };
}

/**
 * All cells of all models, best first; equal ones in the order of the page.
 * @param {readonly (Told | null)[]} told by panel
 * @param {readonly { memories: readonly number[], hidden: number }[]} models the memories that are ranked
 * @returns {Ranked[]}
 */
export function ranked(told, models) {
  /** @type {Ranked[]} */
  const rows = [];
  for (const [panel, { memories, hidden }] of models.entries()) {
    const one = told[panel];
    if (!one) continue;
    for (const memory of memories)
      for (let cell = 0; cell < hidden; cell += 1) {
        const column = memory * hidden + cell;
        const auc = one.auc[column] ?? Number.NaN;
        if (Number.isNaN(auc)) continue;
        const sign = auc >= 0.5 ? 1 : -1;
        const [inside = 0, outside = 0] = [one.high[column], one.low[column]];
        rows.push({ panel, memory, cell, sign, auc: sign > 0 ? auc : 1 - auc, inside, outside });
      }
  }
  return rows.sort(
    (x, y) => y.auc - x.auc || x.panel - y.panel || x.memory - y.memory || x.cell - y.cell,
  );
}

/**
 * The cells on at exactly the characters of a span, those that are on least elsewhere first.
 * @param {Int8Array} values time first
 * @param {number} width columns
 * @param {number} length characters
 * @param {import("../../state/state.js").Span} span
 * @param {number} threshold of sign * value
 * @returns {{ column: number, sign: 1 | -1, elsewhere: number }[]} elsewhere: share of the other characters
 */
export function onExactly(values, width, length, { from, to }, threshold) {
  const least = Math.ceil(127 * threshold - 1e-9);
  const found = [];
  for (let column = 0; column < width; column += 1)
    for (const sign of /** @type {const} */ ([1, -1])) {
      const on = (/** @type {number} */ t) => sign * (values[t * width + column] ?? 0) >= least;
      if ((from > 0 && on(from - 1)) || (to < length && on(to))) continue;
      let all = true;
      for (let t = from; all && t < to; t += 1) all = on(t);
      if (!all) continue;
      let others = 0;
      for (let t = 0; t < length; t += 1) if ((t < from || t >= to) && on(t)) others += 1;
      found.push({ column, sign, elsewhere: others / Math.max(1, length - (to - from)) });
    }
  return found.sort((x, y) => x.elsewhere - y.elsewhere || x.column - y.column);
}
