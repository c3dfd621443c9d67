// How long a cell remembers, in words. Pure.

import { inCharacters } from "../base/format.js";
import { rowOf } from "../wire/timescales.js";

/** @typedef {{ words: string, meaning: string }} Told */

/**
 * How long a cell remembers, and how that is known; null where the report does not say.
 * @param {import("../wire/timescales.js").CellReport} report
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
