// What a change of the text leaves behind: how far apart two readings are, character by character. Pure.

import { SATURATED_SHARE, SATURATED_VALUE } from "../../base/memories.js";

/** @typedef {import("../../state/state.js").Change} Change */
/**
 * Where the values of one memory stand in an array of time by everything else.
 * @typedef {object} Place
 * @property {number} offset
 * @property {number} stride values of one character
 * @property {readonly number[]} cells
 */

/** A change followed for so many characters. */
export const HORIZON = 2000;

/**
 * The text up to the horizon, as it is and as the change makes it.
 * @param {readonly string[]} characters
 * @param {Change} change
 * @returns {[string, string]}
 */
export function bothTexts(characters, { at, delete: gone, insert }) {
  const after = characters.slice(at + gone, at + gone + HORIZON).join("");
  const before = characters.slice(0, at).join("");
  return [before + characters.slice(at, at + gone).join("") + after, before + insert + after];
}

/**
 * The characters from the last changed one on; before the first stands the zero state.
 * @param {readonly string[]} characters
 * @param {number} end the first character after the change
 */
export const fromChange = (characters, end) =>
  end > 0 ? characters.slice(end - 1) : ["", ...characters];

/**
 * The word at a position: a run of letters, digits, marks and apostrophes; else that character alone.
 * @param {readonly string[]} characters
 * @param {number} position
 * @returns {{ at: number, delete: number }}
 */
export function wordAt(characters, position) {
  const isWord = (/** @type {number} */ k) => /[\p{L}\p{N}\p{M}'’]/u.test(characters[k] ?? "");
  if (!isWord(position)) return { at: position, delete: 1 };
  let from = position;
  let to = position + 1;
  while (from > 0 && isWord(from - 1)) from -= 1;
  while (to < characters.length && isWord(to)) to += 1;
  return { at: from, delete: to - from };
}

/**
 * Cells at their end for more than 95 % of a text: they have no memory to change.
 * @param {ArrayLike<number>} values display values of an innermost memory
 * @param {Place} place
 * @returns {Set<number>}
 */
export function saturated(values, { offset, stride, cells }) {
  const length = Math.floor(values.length / stride);
  return new Set(
    cells.filter((cell) => {
      let full = 0;
      for (let t = 0; t < length; t += 1)
        if (Math.abs(values[t * stride + offset + cell] ?? 0) > SATURATED_VALUE) full += 1;
      return full > SATURATED_SHARE * length;
    }),
  );
}

/**
 * Mean over cells of |difference| of two readings, from the last changed character on. What was not read yet
 * is the zero state.
 * @param {ArrayLike<number>} one values of the text as it is
 * @param {ArrayLike<number>} other values of the changed text
 * @param {Place} place
 * @param {Change} change
 * @returns {Float64Array} by characters after the change, 0 being the last changed one
 */
export function apart(one, other, { offset, stride, cells }, { at, delete: gone, insert }) {
  const first = at + gone - 1;
  const shift = [...insert].length - gone;
  const count = Math.max(0, Math.floor(one.length / stride) - first);
  const mean = new Float64Array(count);
  if (cells.length === 0) return mean;
  for (let k = 0; k < count; k += 1) {
    const t = first + k;
    let sum = 0;
    for (const cell of cells) {
      const a = t < 0 ? 0 : (one[t * stride + offset + cell] ?? 0);
      const b = t + shift < 0 ? 0 : (other[(t + shift) * stride + offset + cell] ?? 0);
      sum += Math.abs(a - b);
    }
    mean[k] = sum / cells.length;
  }
  return mean;
}

/**
 * What is left of a difference, relative to that at the change; null where the change made none.
 * @param {Float64Array} difference
 * @returns {Float64Array | null}
 */
export function left(difference) {
  const first = difference[0] ?? 0;
  return first > 0 ? difference.map((value) => value / first) : null;
}

/**
 * After how many characters 1/e is left, the logarithm interpolated; null if that is beyond the end.
 * @param {ArrayLike<number>} curve starts at 1
 */
export function eFold(curve) {
  for (let k = 1; k < curve.length; k += 1) {
    const [before, now] = [curve[k - 1] ?? 0, curve[k] ?? 0];
    if (now > 1 / Math.E) continue;
    const high = Math.log(before);
    return k - 1 + (high + 1) / (high - Math.log(Math.max(now, Number.MIN_VALUE)));
  }
  return null;
}

/**
 * After how many characters 1/e is left for good, the logarithm interpolated; null if that is beyond the end. A
 * curve may fall below it and rise again, and what comes back was not forgotten.
 * @param {ArrayLike<number>} curve starts at 1
 */
export function forgotten(curve) {
  let last = curve.length - 1;
  while (last >= 0 && (curve[last] ?? 0) <= 1 / Math.E) last -= 1;
  if (last < 0 || last === curve.length - 1) return null;
  const high = Math.log(curve[last] ?? 0);
  return last + (high + 1) / (high - Math.log(Math.max(curve[last + 1] ?? 0, Number.MIN_VALUE)));
}
