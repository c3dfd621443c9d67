// Text as the models count it: code points. The browser counts UTF-16 units; this file is the border.

/**
 * One replacement that turns a text into another.
 * @typedef {object} Edit
 * @property {number} at code points before it
 * @property {number} delete code points taken out
 * @property {string} insert
 * @property {number} unit UTF-16 units before it
 * @property {number} units UTF-16 units taken out
 */

/** @param {number} unit */
const isHigh = (unit) => unit >= 0xd800 && unit < 0xdc00;
/** @param {number} unit */
const isLow = (unit) => unit >= 0xdc00 && unit < 0xe000;

/**
 * The text that is read and shown: CRLF and CR become LF, a byte order mark before it is left out, half a surrogate
 * pair becomes U+FFFD. The same as models/text.py.
 * @param {string} raw
 */
export function normalise(raw) {
  const text = raw.startsWith("\ufeff") ? raw.slice(1) : raw;
  // With the u flag a surrogate matches only where its other half is missing.
  return text.replace(/\r\n?/g, "\n").replace(/[\ud800-\udfff]/gu, "\ufffd");
}

/**
 * Code points among the first `units` UTF-16 units of a well-formed text.
 * @param {string} text
 */
export function countPoints(text, units = text.length) {
  let points = units;
  for (let k = 0; k < units; k += 1) if (isLow(text.charCodeAt(k))) points -= 1;
  return points;
}

/**
 * UTF-16 offset of every code point, and the text's length after them.
 * @param {string} text
 */
export function unitOffsets(text) {
  const offsets = new Uint32Array(countPoints(text) + 1);
  let point = 0;
  for (let unit = 0; unit < text.length; unit += 1) {
    if (isLow(text.charCodeAt(unit))) continue;
    offsets[point] = unit;
    point += 1;
  }
  offsets[point] = text.length;
  return offsets;
}

/**
 * The first `points` code points.
 * @param {string} text
 * @param {number} points
 */
export function firstPoints(text, points) {
  if (text.length <= points) return text;
  let unit = 0;
  for (let k = 0; k < points && unit < text.length; k += 1)
    unit += isHigh(text.charCodeAt(unit)) ? 2 : 1;
  return text.slice(0, unit);
}

/**
 * The one replacement between two well-formed texts, or null where they are equal. It never splits a
 * surrogate pair.
 * @param {string} before
 * @param {string} after
 * @returns {Edit | null}
 */
export function difference(before, after) {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before.charCodeAt(head) === after.charCodeAt(head)) head += 1;
  if (head > 0 && isHigh(before.charCodeAt(head - 1))) head -= 1;
  let tail = 0;
  while (
    tail < shorter - head &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  )
    tail += 1;
  if (tail > 0 && isLow(before.charCodeAt(before.length - tail))) tail -= 1;
  const gone = before.slice(head, before.length - tail);
  return {
    at: countPoints(before, head),
    delete: countPoints(gone),
    insert: after.slice(head, after.length - tail),
    unit: head,
    units: gone.length,
  };
}
