// How long each cell of a model remembers: GET /api/timescales/NAME/cells, in words. No DOM here.

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
/** @typedef {{ words: string, meaning: string }} Told */

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

/** Two digits, and no more than there is to say. @param {number} tau */
export const inCharacters = (tau) => (tau < 9.95 ? tau.toFixed(1) : String(Math.round(tau)));

/**
 * How long a cell remembers, and how that is known; null where the report does not say.
 * @param {CellReport} report
 * @param {{ layer: number, level: number | null, state: "c" | "h" }} memory
 * @param {number} cell
 * @returns {Told | null}
 */
export function remembers(report, memory, cell) {
  if (report.memories.length === 0)
    return {
      words: "not measured",
      meaning: `How long the cells of ${report.model} remember has not been measured. python -m analysis.timescales --model ${report.model} --text FILE --out checkpoints/${report.model}.timescales.json measures it.`,
    };
  const row = rowOf(report, memory);
  const status = row?.status[cell] ?? null;
  const where = `on ${report.characters?.toLocaleString("en-US")} characters of ${report.text}`;
  const how = `Context swap ${where}: how long the cell still shows that another text went before`;
  const [tau, low, high] = [row?.tau[cell], row?.low[cell], row?.high[cell]];
  if (status === "ok" && typeof tau === "number") {
    const interval =
      typeof low === "number" && typeof high === "number"
        ? `, 95 % interval ${inCharacters(low)} to ${inCharacters(high)}`
        : "";
    return {
      words: `remembers ${inCharacters(tau)} characters`,
      meaning: `${how}. 1/e of the difference is left after ${inCharacters(tau)} characters${interval}.`,
    };
  }
  if (status === "censored")
    return {
      words: `remembers over ${report.longest ?? "all"} characters`,
      meaning: `${how}. Longer than could be measured.`,
    };
  if (status === "saturated")
    return { words: "saturated", meaning: `Stuck at −1 or +1 ${where}: no memory to measure.` };
  if (status === "dead")
    return { words: "constant", meaning: `Its value does not change ${where}.` };
  return null;
}

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
