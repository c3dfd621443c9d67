// How long each cell of a model remembers: GET /api/timescales/NAME/cells. No DOM here.

/** @typedef {"ok" | "censored" | "dead" | "saturated" | "n/a" | null} Status */
/**
 * One memory, by number of the cell.
 * @typedef {object} CellTimescales
 * @property {number} layer
 * @property {number | null} level
 * @property {"c" | "h"} state
 * @property {(number | null)[]} tau in characters
 * @property {(number | null)[]} low
 * @property {(number | null)[]} high
 * @property {Status[]} status
 * @property {{ lags: number[], low: (number | null)[], median: (number | null)[], high: (number | null)[] } | null} curves over all cells of the memory
 * @property {{ lags: number[], shares: (number[] | null)[] } | null} [each] what is left in each cell; older files do not say
 */
/**
 * @typedef {object} CellReport
 * @property {string} model
 * @property {string | null} text what it was measured on
 * @property {number | null} characters
 * @property {number | null} longest lag that can be told, in characters
 * @property {CellTimescales[]} memories none where the model was not measured
 */

/** @param {string} model @returns {Promise<CellReport>} */
export async function cellTimescales(model) {
  const answer = await fetch(`api/timescales/${encodeURIComponent(model)}/cells`);
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

/**
 * What a report says of a memory.
 * @param {CellReport} report
 * @param {{ layer: number, level: number | null, state: "c" | "h" }} memory
 */
export const rowOf = ({ memories }, memory) =>
  memories.find(
    ({ layer, level, state }) =>
      layer === memory.layer && state === memory.state && (state === "h" || level === memory.level),
  );

/**
 * All cells of a memory: longer than could be measured, then longest first, then those without a timescale.
 * @param {CellReport} report
 * @param {{ layer: number, level: number | null, state: "c" | "h" }} memory
 * @param {number} hidden
 * @returns {number[]}
 */
export function longestFirst(report, memory, hidden) {
  const row = rowOf(report, memory);
  const lasts = Array.from({ length: hidden }, (_, cell) => {
    const status = row?.status[cell];
    if (status === "censored") return Number.POSITIVE_INFINITY;
    return status === "ok" ? (row?.tau[cell] ?? -1) : -1;
  });
  const cells = Array.from({ length: hidden }, (_, cell) => cell);
  return cells.sort((a, b) => {
    const [one = 0, other = 0] = [lasts[a], lasts[b]];
    return one === other ? a - b : other - one;
  });
}
