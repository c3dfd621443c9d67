// The text that is shown, the warm-up and what is typed, counted once a keystroke.

import { countPoints, difference, unitOffsets } from "./edits.js";

/**
 * @typedef {object} Passage
 * @property {string} text the warm-up and what is typed
 * @property {number} border code points of the warm-up
 * @property {number} length in code points
 * @property {Uint32Array} offsets UTF-16 offset of every code point, and the text's length after them
 * @property {import("./edits.js").Edit | null} edit what made it from the one before; null: nothing
 */

/** @type {Passage} */
export const EMPTY = { text: "", border: 0, length: 0, offsets: unitOffsets(""), edit: null };

/**
 * @param {Passage} before
 * @param {string} warmUp
 * @param {string} typed
 * @returns {Passage}
 */
export function nextPassage(before, warmUp, typed) {
  const text = warmUp + typed;
  const border = countPoints(warmUp);
  const edit = difference(before.text, text);
  if (!edit) return { ...before, border, edit };
  const offsets = unitOffsets(text);
  return { text, border, length: offsets.length - 1, offsets, edit };
}

/** The character at a position, "" where there is none. @param {Passage} passage @param {number} position */
export const characterOf = ({ text, offsets, length }, position) =>
  position >= 0 && position < length ? text.slice(offsets[position], offsets[position + 1]) : "";

/**
 * Code points before a UTF-16 unit.
 * @param {Uint32Array} offsets of every code point, and the text's length after them
 * @param {number} unit
 */
export function pointAt(offsets, unit) {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offsets[middle] ?? 0) < unit) low = middle + 1;
    else high = middle;
  }
  return low;
}
