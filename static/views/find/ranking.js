// How well each cell distinguishes a label: the area under the curve (AUC) of its values. Pure: the worker runs it.

import { PENDING } from "../../wire/columns.js";

/**
 * Of every column; NaN where all or none of the characters are in the label.
 * @typedef {object} Told
 * @property {number} inside characters that are in the label
 * @property {number} outside
 * @property {Float64Array} auc P(inside > outside) + P(equal) / 2 over pairs of characters
 * @property {Float64Array} high mean display value inside
 * @property {Float64Array} low mean display value outside
 * @property {Float64Array} best of each shift of the label, the largest |AUC - 1/2| of all columns; none where it would take long
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
/** Shifts of the label that chance is taken from, and additions that they may take. */
const SHIFTS = 99;
const FEWEST_SHIFTS = 19;
const ADDITIONS = 2e8;
/** A shift is at least a NEAREST-th of the text: a label close to its place still tells of it. */
const NEAREST = 20;
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
  const middle = new Float64Array(width * VALUES);
  const auc = new Float64Array(width);
  const high = new Float64Array(width);
  const low = new Float64Array(width);
  for (let j = 0; j < width; j += 1) {
    let below = 0;
    let all = 0;
    let pairs = 0;
    let sumInside = 0;
    let sumOutside = 0;
    for (let v = 0; v < VALUES; v += 1) {
      const a = yes[j * VALUES + v] ?? 0;
      const b = no[j * VALUES + v] ?? 0;
      pairs += a * (below + b / 2);
      middle[j * VALUES + v] = all + (a + b) / 2;
      all += a + b;
      below += b;
      sumInside += a * (v + PENDING);
      sumOutside += b * (v + PENDING);
    }
    auc[j] = pairs / (inside * outside);
    high[j] = sumInside / inside / 127;
    low[j] = sumOutside / outside / 127;
  }
  const best = chance(values, width, label, from, middle);
  return { inside, outside, auc, high, low, best };
}

/**
 * The best column of every shift of the label in a circle: it keeps its share and its stretches, and loses its place.
 * @param {Int8Array} values
 * @param {number} width
 * @param {Uint8Array} label
 * @param {number} from
 * @param {Float64Array} middle rank of every value of every column, ties by half
 * @returns {Float64Array} of each shift
 */
function chance(values, width, label, from, middle) {
  const T = label.length - from;
  /** @type {number[]} */
  let fewer = [];
  /** @type {number[]} */
  const more = [];
  for (let t = 0; t < T; t += 1) (label[from + t] ? fewer : more).push(t);
  if (fewer.length > more.length) fewer = more;
  const m = fewer.length;
  const nearest = Math.max(1, Math.floor(T / NEAREST));
  const count = Math.min(SHIFTS, T - 2 * nearest + 1, Math.floor(ADDITIONS / (m * 1024)));
  if (m === 0 || count < FEWEST_SHIFTS) return new Float64Array(0);
  const sums = new Float64Array(width);
  return Float64Array.from({ length: count }, (_, k) => {
    const shift = nearest + Math.floor((k * (T - 2 * nearest + 1)) / count);
    sums.fill(0);
    for (const t of fewer) {
      const row = (from + ((t + shift) % T)) * width;
      for (let j = 0; j < width; j += 1)
        sums[j] =
          (sums[j] ?? 0) + (middle[j * VALUES + (values[row + j] ?? PENDING) - PENDING] ?? 0);
    }
    let most = 0;
    for (let j = 0; j < width; j += 1)
      most = Math.max(most, Math.abs(((sums[j] ?? 0) - (m * m) / 2) / (m * (T - m)) - 0.5));
    return most;
  });
}

/**
 * The AUC that the best cell of all models reaches by chance in 5 % of all shifts; null where it is not known.
 * @param {readonly (Told | null)[]} told by panel, of one label
 */
export function byChance(told) {
  const count = Math.min(...told.map((one) => one?.best.length ?? 0));
  if (told.length === 0 || count === 0) return null;
  const best = Float64Array.from({ length: count }, (_, k) =>
    Math.max(...told.map((one) => one?.best[k] ?? 0)),
  ).sort();
  return 0.5 + (best[Math.min(count - 1, Math.ceil(0.95 * (count - 1)))] ?? 0);
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
