// What a cell is named after. Pure.

import { remembersIn } from "../base/architectures.js";

/** @typedef {import("../base/memories.js").Card} Card */
/** @typedef {import("../wire/atlas.js").Atlas} Atlas */
/** @typedef {Pick<import("../base/memories.js").Memory, "layer" | "level" | "state">} Memory */

/**
 * Whether a place of an atlas lies in a memory of its model: of a GRU h is all there is.
 * @param {Pick<Card, "cell">} card
 * @param {Memory} memory
 * @param {{ layer: number, level: number }} place
 */
export const holds = (card, memory, { layer, level }) =>
  remembersIn(card, memory) && memory.layer === layer && (memory.level ?? level) === level;

/**
 * The features that a cell marks, as its atlas has them.
 * @param {Atlas | null} atlas
 * @param {Pick<Card, "cell">} card
 * @param {Memory} memory
 * @param {number} cell
 * @returns {{ words: string, meaning: string }[]}
 */
export function namesOf(atlas, card, memory, cell) {
  if (!atlas) return [];
  return atlas.found
    .filter((named) => named.cell === cell && holds(card, memory, named))
    .map(({ label, sign, held_out: auc }) => ({
      words: label,
      meaning: `${sign > 0 ? "High" : "Low"} there, with an AUC of ${auc.toFixed(2)} on text that was not used to choose the cell`,
    }));
}
