// The cells of a network as Find sees them: which a corpus holds, and which belong together. Pure.

import { remembersIn } from "../../base/architectures.js";

/** @typedef {import("../../base/memories.js").Card} Card */

/** Memories that a corpus holds: cells, and the h of a GRU. @param {Card} card */
export const inCorpus = (card) =>
  card.memories.flatMap((memory, k) => (remembersIn(card, memory) ? [k] : []));

/** A cell as the server names it. @param {Card} card @param {number} memory @param {number} cell */
export function placeIn(card, memory, cell) {
  const { layer = 0, level = null } = card.memories[memory] ?? {};
  return { layer, level, cell };
}

/** The other memories of the same cell in a corpus: those of its layer. @param {Card} card @param {number} memory */
export function besideOf(card, memory) {
  const { layer } = card.memories[memory] ?? {};
  return inCorpus(card).filter((m) => m !== memory && card.memories[m]?.layer === layer);
}

/**
 * Memories in which a cell of the same number is another cell: those of the other layers.
 * @param {Card} card
 * @param {number} memory
 */
export function otherLayersOf(card, memory) {
  const own = card.memories[memory];
  return card.memories.flatMap(({ layer }, m) => (own && layer !== own.layer ? [m] : []));
}
