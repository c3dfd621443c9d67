// The text of a file, out of its bytes: as models/text.py reads it. Pure.

import { counted } from "../base/format.js";

/** @typedef {{ name: string, bytes: number, little: boolean }} Encoding of `bytes` bytes a unit */

/** @type {[number[], Encoding][]} by byte order mark; UTF-32 first: its mark begins like that of UTF-16 */
const MARKED = [
  [[0xff, 0xfe, 0, 0], { name: "UTF-32", bytes: 4, little: true }],
  [[0, 0, 0xfe, 0xff], { name: "UTF-32", bytes: 4, little: false }],
  [[0xff, 0xfe], { name: "UTF-16", bytes: 2, little: true }],
  [[0xfe, 0xff], { name: "UTF-16", bytes: 2, little: false }],
];
const UTF_8 = { name: "UTF-8", bytes: 1, little: true };

/** UTF-8, or the encoding of its byte order mark, which is left out. @param {Uint8Array} content @throws {Error} with one sentence */
export function decoded(content) {
  const encoding =
    MARKED.find(([mark]) => mark.every((byte, k) => content[k] === byte))?.[1] ?? UTF_8;
  const wrong = encoding.bytes === 1 ? wrongByte(content) : wrongUnit(content, encoding);
  if (wrong === null)
    return encoding.bytes === 4
      ? unitsOf(content, encoding)
          .map((point) => String.fromCodePoint(point))
          .slice(1)
          .join("")
      : new TextDecoder(
          encoding.bytes === 1 ? "utf-8" : encoding.little ? "utf-16le" : "utf-16be",
        ).decode(content);
  const byte = (content[wrong] ?? 0).toString(16).padStart(2, "0");
  const reason =
    encoding === UTF_8 && looksLikeUtf16(content)
      ? "it looks like UTF-16 without a byte order mark"
      : `byte 0x${byte} at ${counted(wrong)} cannot stand there`;
  throw new Error(`it is not ${encoding.name} text: ${reason}. Save it as UTF-8`);
}

/** Whether nearly every second byte of the beginning is zero. @param {Uint8Array} content */
function looksLikeUtf16(content) {
  const start = content.subarray(0, 200);
  return [0, 1].some(
    (side) => start.filter((byte, k) => k % 2 === side && byte === 0).length > 0.4 * start.length,
  );
}

/** Where UTF-8 is broken: the first U+FFFD that the decoder put and the file does not hold. @param {Uint8Array} content @returns {number | null} */
function wrongByte(content) {
  const parts = new TextDecoder("utf-8", { ignoreBOM: true }).decode(content).split("\ufffd");
  let at = 0;
  for (const part of parts.slice(0, -1)) {
    at += new TextEncoder().encode(part).length;
    if (content[at] !== 0xef || content[at + 1] !== 0xbf || content[at + 2] !== 0xbd) return at;
    at += 3;
  }
  return null;
}

/** What whole units hold. @param {Uint8Array} content @param {Encoding} encoding @returns {number[]} */
function unitsOf(content, { bytes, little }) {
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  return Array.from({ length: Math.floor(content.length / bytes) }, (_, k) =>
    bytes === 4 ? view.getUint32(4 * k, little) : view.getUint16(2 * k, little),
  );
}

/** Where UTF-16 or UTF-32 is broken: half a surrogate pair, no code point, or the end within a unit. @param {Uint8Array} content @param {Encoding} encoding @returns {number | null} */
function wrongUnit(content, encoding) {
  const units = unitsOf(content, encoding);
  const between = (/** @type {number | undefined} */ unit, /** @type {number} */ from) =>
    unit !== undefined && unit >= from && unit < from + 0x400;
  for (let k = 0; k < units.length; k += 1) {
    const unit = units[k] ?? 0;
    const high = between(unit, 0xd800);
    if (high && encoding.bytes === 2 && between(units[k + 1], 0xdc00)) k += 1;
    else if (high || between(unit, 0xdc00) || unit > 0x10ffff) return k * encoding.bytes;
  }
  const whole = units.length * encoding.bytes;
  return whole < content.length ? whole : null;
}
