// What one sees in a minimal pair, as sentences. Pure.

import { several } from "../../base/format.js";
import { PENDING } from "../../wire/columns.js";
import { lastSeen, SEEN } from "./alignment.js";

/** @typedef {import("./alignment.js").Track} Track */

/**
 * How far apart the two readings of a memory are, and for how long one sees it.
 * @param {Track} track
 * @param {number} after the first column after the change
 */
export function trackWords(track, after) {
  const last = lastSeen(track);
  if (last < 0) return `never ${SEEN} apart`;
  let furthest = last;
  for (const [k, byte] of track.apart.entries())
    if (byte !== PENDING && Math.abs(byte) > Math.abs(track.apart[furthest] ?? 0)) furthest = k;
  const by = track.apart[furthest] ?? 0;
  const size = Math.abs(by) === 127 ? "1 or more" : `up to ${(Math.abs(by) / 127).toFixed(2)}`;
  const far = `${size} ${by < 0 ? "lower" : "higher"}`;
  if (last < after) return `${far}, at the change alone`;
  return last === track.apart.length - 1
    ? `${far}; ${SEEN} or more apart to the end`
    : `${far}; ${SEEN} or more apart until ${several(last - after + 1, "character")} after the change`;
}

/**
 * Until when one sees a difference, of all memories of all models.
 * @param {string} change as changeWords has it
 * @param {readonly { letter: string, cell: number, tracks: readonly Track[] }[]} models
 * @param {number} after the first column after the change
 */
export function sentence(change, models, after) {
  const told = models.map(({ letter, cell, tracks }) => {
    const each = tracks.map((track) => {
      const last = lastSeen(track);
      const count = last === track.apart.length - 1 ? "to the end" : Math.max(0, last - after + 1);
      return `${track.name} ${count}`;
    });
    return `${letter} (cell ${cell}): ${each.join(", ")}`;
  });
  return `Read ${change}, the cells are ${SEEN} or more apart until so many characters after the change: ${told.join("; ")}.`;
}
