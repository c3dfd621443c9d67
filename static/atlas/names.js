// What a cell is named after. Pure.

/** @typedef {import("../wire/atlas.js").Atlas} Atlas */

/**
 * The features that a cell marks, as its atlas has them.
 * @param {Atlas | null} atlas
 * @param {{ layer: number, level: number | null, state: "c" | "h" }} memory
 * @param {number} cell
 * @returns {{ words: string, meaning: string }[]}
 */
export function namesOf(atlas, memory, cell) {
  if (!atlas || memory.state === "h") return [];
  return atlas.found
    .filter(
      (named) =>
        named.cell === cell && named.layer === memory.layer && named.level === memory.level,
    )
    .map(({ label, sign, held_out: auc }) => ({
      words: label,
      meaning: `${sign > 0 ? "High" : "Low"} there, with an AUC of ${auc.toFixed(2)} on text that was not used to choose the cell`,
    }));
}
