// What one sees in a minimal pair, as sentences. Pure.

import { glyphOf } from "../../base/format.js";
import { PENDING } from "../../wire/columns.js";
import { lastSeen, SEEN } from "./alignment.js";

/** @typedef {import("./alignment.js").Track} Track */
/** @typedef {import("../../state/state.js").Change} Change */

/** @param {readonly string[]} characters */
const quoted = (characters) => `“${characters.map((c) => (c === " " ? c : glyphOf(c))).join("")}”`;

/**
 * The change, as what tells the second text from the first.
 * @param {readonly string[]} text
 * @param {Change} change
 */
export function changeWords(text, { at, delete: gone, insert }) {
  const old = quoted(text.slice(at, at + gone));
  const come = quoted([...insert]);
  if (gone === 0 && insert === "") return "without any change";
  if (insert === "") return `without ${old} at ${at}`;
  if (gone === 0) return `with ${come} before character ${at}`;
  return `with ${come} in place of ${old} at ${at}`;
}

/** @param {string} name of a memory */
const inWords = (name) => (/^(inner|middle|outer)$/.test(name) ? `the ${name} memory` : name);

/** @param {number} n */
const characters = (n) => `${n} character${n === 1 ? "" : "s"}`;

/**
 * One sentence a model: how far apart the two readings of a cell are, and for how long one sees it.
 * @param {string} model A to D
 * @param {number} cell
 * @param {readonly Track[]} tracks
 * @param {number} after the first column after the change
 */
export function sentence(model, cell, tracks, after) {
  const parts = tracks.map((track) => {
    const memory = inWords(track.name);
    const last = lastSeen(track);
    if (last < 0) return `${memory} never differs by ${SEEN}`;
    let furthest = last;
    for (const [k, byte] of track.apart.entries())
      if (byte !== PENDING && Math.abs(byte) > Math.abs(track.apart[furthest] ?? 0)) furthest = k;
    const by = track.apart[furthest] ?? 0;
    const size = Math.abs(by) === 127 ? "1 or more" : `up to ${(Math.abs(by) / 127).toFixed(2)}`;
    const far = `${memory} gets ${size} ${by < 0 ? "lower" : "higher"}`;
    if (last < after) return `${far}, at the change alone`;
    return last === track.apart.length - 1
      ? `${far}, and differs by ${SEEN} or more to the end`
      : `${far}, and differs by ${SEEN} or more until ${characters(last - after + 1)} after the change`;
  });
  return `${model}, cell ${cell}: ${parts.join("; ")}.`;
}
