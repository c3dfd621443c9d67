// A minimal pair: a text and the same text with one change, laid side by side character by character. Pure.

import { PENDING } from "../../wire/columns.js";

/** @typedef {import("../../state/state.js").Change} Change */
/** @typedef {import("../forgetting/difference.js").Place} Place */
/**
 * Where a character stands in each text; null where the text has none there.
 * @typedef {object} Column
 * @property {number | null} one in the text as it is
 * @property {number | null} other in the changed text
 */
/**
 * One memory of one cell along the columns, a byte a column, PENDING where a text has no character.
 * @typedef {object} Track
 * @property {string} name of the memory
 * @property {string} symbol
 * @property {Int8Array} one in the text as it is
 * @property {Int8Array} other in the changed text
 * @property {Int8Array} apart other minus one; 127 is a difference of 1 or more
 */

/** Characters shown before the change: there the two are alike. */
const BEFORE = 60;
/** Shown after it at most, and at least. */
export const AFTER = 1000;
const LEAST = 120;
/** A smaller difference is hardly seen. */
export const SEEN = 0.1;

const QUOTATION = /["“”«»]/u;

/**
 * The change to begin with: the first quotation mark left out; without one in the text, one put in where a word begins.
 * @param {readonly string[]} characters
 * @returns {Change}
 */
export function firstChange(characters) {
  const mark = characters.findIndex((character) => QUOTATION.test(character));
  if (mark >= 0) return { at: mark, delete: 1, insert: "" };
  const quarter = Math.floor(characters.length / 4);
  const begins = characters.findIndex(
    (c, k) => k >= quarter && characters[k - 1] === " " && c !== " ",
  );
  return { at: Math.max(0, begins), delete: 0, insert: '"' };
}

/**
 * The columns around a change. What is changed is aligned at its start, what follows at its end.
 * @param {number} length of the text as it is
 * @param {Change} change
 * @returns {Column[]}
 */
export function aligned(length, { at, delete: gone, insert }) {
  const come = [...insert].length;
  /** @type {Column[]} */
  const columns = [];
  for (let t = Math.max(0, at - BEFORE); t < at; t += 1) columns.push({ one: t, other: t });
  for (let k = 0; k < Math.max(gone, come); k += 1)
    columns.push({ one: k < gone ? at + k : null, other: k < come ? at + k : null });
  const end = Math.min(length, at + gone + AFTER);
  for (let t = at + gone; t < end; t += 1) columns.push({ one: t, other: t + come - gone });
  return columns;
}

/** The first column after the change. @param {readonly Column[]} columns @param {Change} change */
export function afterChange(columns, { at, delete: gone }) {
  const first = columns.findIndex(({ one }) => one !== null && one >= at + gone);
  return first < 0 ? columns.length : first;
}

/**
 * A memory of the cell in both texts, column by column.
 * @param {{ name: string, symbol: string }} memory
 * @param {readonly Column[]} columns
 * @param {ArrayLike<number>} one display values of the text as it is, time first
 * @param {ArrayLike<number>} other of the changed text
 * @param {{ offset: number, stride: number }} place of the cell's value among those of a character
 * @returns {Track}
 */
export function trackOf({ name, symbol }, columns, one, other, { offset, stride }) {
  const bytes = [one, other].map((values, k) =>
    Int8Array.from(columns, (column) => {
      const t = k === 0 ? column.one : column.other;
      const value = t === null ? undefined : values[t * stride + offset];
      return value === undefined ? PENDING : Math.round(127 * value);
    }),
  );
  const [a = new Int8Array(0), b = new Int8Array(0)] = bytes;
  const apart = Int8Array.from(columns, ({ one: t, other: u }) => {
    if (t === null || u === null) return PENDING;
    const by =
      (other[u * stride + offset] ?? Number.NaN) - (one[t * stride + offset] ?? Number.NaN);
    return Number.isNaN(by) ? PENDING : Math.max(-127, Math.min(127, Math.round(127 * by)));
  });
  return { name, symbol, one: a, other: b, apart };
}

/** The last column at which a memory is seen to differ; -1 if there is none. @param {Track} track */
export function lastSeen({ apart }) {
  let last = apart.length - 1;
  while (last >= 0 && (apart[last] === PENDING || Math.abs(apart[last] ?? 0) < 127 * SEEN))
    last -= 1;
  return last;
}

/**
 * How many columns are shown: until no memory differs any more, and some more.
 * @param {readonly Track[]} tracks
 * @param {number} after the first column after the change
 */
export function shownColumns(tracks, after) {
  const last = Math.max(-1, ...tracks.map(lastSeen));
  return Math.min(tracks[0]?.apart.length ?? 0, Math.max(last + 1 + BEFORE, after + LEAST));
}
