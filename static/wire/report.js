// What a result file of timescales says, for each memory. No DOM here.

/**
 * @typedef {object} Unit
 * @property {number} layer
 * @property {number | null} level
 * @property {"c" | "h"} state
 * @property {"read" | "raw"} value
 * @property {number | null} unit
 * @property {string} measure
 * @property {number | null} tau
 * @property {"ok" | "censored" | "dead" | "saturated" | "n/a"} status
 */
/**
 * @typedef {object} Curve
 * @property {string} measure
 * @property {number} [layer]
 * @property {number | null} [level]
 * @property {"c" | "h"} [state]
 * @property {"read" | "raw"} [value]
 * @property {number[]} lags
 * @property {Record<string, number[]>} [quantiles]
 * @property {Record<string, number | null>} [tau]
 * @property {number[]} [bits]
 * @property {{ layer: number, level: number | null, state: "c" | "h" }[]} [members]
 * @property {string} [text]
 */
/**
 * @typedef {object} Report
 * @property {string} model
 * @property {{ network: { layers: number, depth: number, hidden: number } }} settings
 * @property {Memory[]} states every c and h of the network: not in the file, but from /api/models
 * @property {Unit[]} units
 * @property {Curve[]} curves
 * @property {{ answer: string, sentence: string, rule: string, rival?: string, evidence: Record<string, any>[] }[]} verdicts
 */
/** @typedef {import("../base/memories.js").Memory} Memory */

/**
 * What the server says of a measure.
 * @typedef {object} Measure
 * @property {string} key
 * @property {string} label
 * @property {string} question
 * @property {string} method
 * @property {string} axis
 * @property {"read" | "raw"} value
 * @property {boolean} of_units
 */

/** The measure by which cells are ordered and left out. */
export const PRIMARY = "context_swap";

/** Whether a row is of this memory. @param {Memory} memory @param {{ layer?: number, level?: number | null, state?: string }} row */
export const isOf = (memory, row) =>
  row.layer === memory.layer && row.state === memory.state && (row.level ?? null) === memory.level;

/** @param {Report} report @param {Memory} memory @param {Measure} measure */
export function unitsOf(report, memory, { key, value }) {
  // Read and raw are the same for all but innermost cells, of which raw alone has gates.
  return report.units.filter(
    (row) => row.measure === key && row.value === value && isOf(memory, row),
  );
}

/**
 * Counts, and the quantiles 10, 50, 90 % as the report gives them: a word where it is longer than measured, or
 * nothing is lost; null where there is none.
 * @param {Report} report
 * @param {Memory} memory
 * @param {Measure} measure
 * @returns {{ used: number, saturated: number, dead: number, censored: number, tau: (number | string | null)[] }}
 */
export function summary(report, memory, measure) {
  const rows = unitsOf(report, memory, measure);
  /** @param {string} status */
  const count = (status) => rows.filter((row) => row.status === status).length;
  const censored = count("censored");
  const used = count("ok") + censored;
  const quantiles = !measure.of_units
    ? /** @type {Record<string, number | null>} */ ({ 0.5: rows[0]?.tau ?? null })
    : (curveOf(report, memory, measure)?.tau ?? {});
  const tau = ["0.1", "0.5", "0.9"].map((q) => {
    if (!measure.of_units && q === "0.5" && rows[0]?.status === "dead") return "no loss";
    if (used === 0 || !(q in quantiles)) return null;
    return quantiles[q] ?? "longer";
  });
  return { used, saturated: count("saturated"), dead: count("dead"), censored, tau };
}

/** The forgetting curve of a memory on natural text. @param {Report} report @param {Memory} memory @param {Measure} measure */
export function curveOf(report, memory, measure) {
  return report.curves.find(
    (curve) =>
      curve.measure === measure.key &&
      curve.quantiles &&
      curve.text !== "shuffled" &&
      curve.value === measure.value &&
      isOf(memory, curve),
  );
}
