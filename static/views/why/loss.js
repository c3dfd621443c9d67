// What it costs a network to lose a memory, in words and lengths. Pure.

/** @typedef {import("../../base/memories.js").Card} Card */
/** @typedef {{ low: number | null, median: number | null, high: number | null, totals: number[] }} Random */
/** @typedef {{ layer: number, level: number | null, total: number, random: Random }} Group */
/** @typedef {{ groups: Group[], natural: number[] }} Answer what POST /api/effects says */
/** @typedef {"swap" | "mean" | "zero"} Operation */

/** Characters that a memory is missed over. */
export const AFTER = 40;
/** Random sets beside it. */
export const SETS = 20;

/** What is done, as options of a choice. @type {readonly [Operation, string][]} */
export const OPERATIONS = [
  ["swap", "swapped with another place"],
  ["mean", "held at its mean"],
  ["zero", "held at zero"],
];

/**
 * The character from which on memories are taken: the one pinned, or one with enough text after it.
 * @param {number} length of the text
 * @param {number} border characters of the warm-up
 * @param {number | null} pinned
 */
export function placeOf(length, border, pinned) {
  if (length < 2) return null;
  const last = length - 2;
  return pinned === null
    ? Math.min(last, Math.max(border, length - 1 - AFTER))
    : Math.min(last, pinned);
}

/** Two digits, or as many as stand before the point. @param {number} bits */
export const inBits = (bits) => {
  const size = Math.abs(bits);
  const words = size < 0.05 ? "0" : size < 10 ? size.toFixed(1) : size.toFixed(0);
  return bits < 0 && words !== "0" ? `−${words}` : words;
};

/** @param {Card} card @param {Group} group */
export const nameOf = ({ memories }, group) =>
  memories.find(
    ({ layer, level, state }) =>
      layer === group.layer && (group.level === null ? state === "h" : level === group.level),
  )?.name ?? `layer ${group.layer + 1}`;

/**
 * "Without its inner memory A loses 3.3 bits over the next 40 characters, …; equally many random cells cost …".
 * @param {Card} card
 * @param {string} place the letter of the model
 * @param {Answer} answer
 */
export function sentence(card, place, { groups, natural }) {
  const count = natural.length - 1;
  const over = `over the next ${count === 1 ? "character" : `${count} characters`}`;
  const parts = groups.map((group, k) => {
    const bits = `${inBits(group.total)}${k === 0 ? " bits" : ""}`;
    const name = nameOf(card, group);
    const memory = name === "output" ? "its output" : `its ${name} memory`;
    if (k > 0) return `without ${memory} ${bits}`;
    return `Without ${memory} ${place} loses ${bits} ${over}`;
  });
  const { low, high } = groups[0]?.random ?? { low: null, high: null };
  const beside =
    low === null || high === null
      ? ""
      : `; equally many random cells cost ${inBits(low)} to ${inBits(high)}`;
  return `${parts.join(", ")}${beside}.`;
}

/** Where the axis ends: above all that is drawn. @param {readonly Answer[]} answers */
export const axisOf = (answers) =>
  Math.max(
    1,
    ...answers.flatMap(({ groups }) =>
      groups.flatMap(({ total, random }) => [total, random.high ?? 0]),
    ),
  );
