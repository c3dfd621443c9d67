// How a cell of an LSTM, plain, stacked or nested, is unrolled and shown.

import { cellSymbol } from "../../base/memories.js";
import { rangeOf } from "./chart.js";

export { draw } from "./lstmdiagram.js";
export { blank, equationsAt, fill } from "./unit.js";

/** @typedef {import("./unit.js").Unit} Unit */
/** @typedef {import("./chart.js").Curve} Curve */

/** The charts of a unit, top layer first. @param {Unit} unit */
export function charts(unit) {
  const made = [];
  for (let layer = unit.layers - 1; layer >= 0; layer -= 1) {
    const where = unit.layers > 1 ? `layer ${layer + 1}: ` : "";
    const levels = unit.levels.filter((level) => level.layer === layer);
    const inner = /** @type {import("./unit.js").Level} */ (levels.at(-1));
    const c = cellSymbol(inner.level);
    /** @type {Curve[]} */
    const states = [
      { name: `tanh(${c})`, colour: "--curve-1", values: inner.c.map(Math.tanh) },
      ...levels
        .slice(0, -1)
        .reverse()
        .map((level, k) => ({
          name: cellSymbol(level.level),
          colour: `--curve-${2 + k}`,
          values: level.c,
        })),
      { name: "h", colour: "--curve-4", values: unit.h[layer] ?? [], dash: true },
    ];
    made.push({ title: `${where}states`, curves: states, range: /** @type {const} */ ([-1, 1]) });
    /** @type {Curve[]} */
    const split = [
      { name: `${c} =`, colour: "--curve-1", values: inner.c },
      { name: `kept, f·${c} before`, colour: "--curve-3", values: inner.keep },
      { name: "+ written, i·g", colour: "--curve-2", values: inner.write },
    ];
    made.push({ title: `${where}memory ${c}`, curves: split, range: rangeOf(split) });
    for (const level of [...levels].reverse()) {
      const deep =
        unit.depth === 1
          ? ""
          : level === inner
            ? "inner "
            : level.level === 0
              ? "outer "
              : "middle ";
      /** @type {Curve[]} */
      const gates = [
        { name: "i", colour: "--curve-2", values: level.i },
        { name: "f", colour: "--curve-3", values: level.f },
        { name: "o", colour: "--curve-4", values: level.o },
      ];
      made.push({
        title: `${where}${deep}gates`,
        curves: gates,
        range: /** @type {const} */ ([0, 1]),
      });
    }
  }
  return made;
}
