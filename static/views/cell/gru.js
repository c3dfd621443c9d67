// One unit of a GRU: unrolled from its gates alone, in 64 bits, its curves, its equations and its drawing.

import { rangeOf } from "./chart.js";
import { keyOf, paint, Sheet, stack, TILE } from "./diagram.js";

/** @typedef {import("./unit.js").Term} Term */
/** @typedef {import("./chart.js").Curve} Curve */
/** @typedef {import("./unit.js").Change} Change */
/**
 * A layer along the text.
 * @typedef {object} Layer
 * @property {Float64Array} r
 * @property {Float64Array} z
 * @property {Float64Array} n
 * @property {Float64Array} h
 * @property {Float64Array} keep z * (h before)
 * @property {Float64Array} write (1 - z) * n
 */
/** @typedef {{ length: number, layers: number, rows: Layer[], change: Change }} Unit rows: a layer each */

/**
 * A unit of which nothing is read yet: every number is none.
 * @param {number} length
 * @param {number} layers
 * @param {number} _depth 1
 * @param {Change} change what interventions make of a state
 * @returns {Unit}
 */
export function blank(length, layers, _depth, change = (_layer, _level, _t, value) => value) {
  const none = () => new Float64Array(length).fill(Number.NaN);
  const row = () => ({ r: none(), z: none(), n: none(), h: none(), keep: none(), write: none() });
  return { length, layers, rows: Array.from({ length: layers }, row), change };
}

/**
 * Gates (T, L, 1, 3, 1) in the order r z n -> h = z h' + (1 - z) n.
 * @param {Unit} unit that they are put into
 * @param {number} start the place of the first in the text
 * @param {Float32Array} gates
 * @param {import("./unit.js").Before} before
 */
export function fill({ length, layers, rows, change }, start, gates, before) {
  const stop = Math.min(length, start + gates.length / (layers * 3));
  for (const [layer, { r, z, n, h, keep, write }] of rows.entries())
    for (let t = start; t < stop; t += 1) {
      const from = ((t - start) * layers + layer) * 3;
      const last = t > start ? h[t - 1] : before.h[layer];
      const open = gates[from + 1] ?? 0;
      r[t] = gates[from] ?? 0;
      z[t] = open;
      n[t] = gates[from + 2] ?? 0;
      keep[t] = open * (last ?? 0);
      write[t] = (1 - open) * (n[t] ?? 0);
      h[t] = change(layer, null, t, (keep[t] ?? 0) + (write[t] ?? 0));
    }
}

/** The charts of a unit, top layer first. @param {Unit} unit */
export function charts({ layers, rows }) {
  return [...rows.entries()].reverse().flatMap(([layer, { r, z, n, h, keep, write }]) => {
    const where = layers > 1 ? `layer ${layer + 1}: ` : "";
    /** @type {Curve[]} */
    const split = [
      { name: "h =", colour: "--curve-1", values: h },
      { name: "kept, z·h before", colour: "--curve-3", values: keep },
      { name: "+ written, (1 − z)·n", colour: "--curve-2", values: write },
    ];
    /** @type {Curve[]} */
    const states = [
      { name: "h", colour: "--curve-1", values: h },
      { name: "n, the candidate", colour: "--curve-2", values: n, dash: true },
    ];
    /** @type {Curve[]} */
    const gates = [
      { name: "r", colour: "--curve-4", values: r },
      { name: "z", colour: "--curve-3", values: z },
    ];
    return [
      { title: `${where}states`, curves: states, range: /** @type {const} */ ([-1, 1]) },
      { title: `${where}memory h`, curves: split, range: rangeOf(split) },
      { title: `${where}gates`, curves: gates, range: /** @type {const} */ ([0, 1]) },
    ];
  });
}

/**
 * The equations of one step, top layer first.
 * @param {Unit} unit
 * @param {number} t
 * @returns {{ layer: number, terms: Term[] }[]}
 */
export function equationsAt({ rows, change }, t) {
  /** @param {string} symbol @param {number | undefined} value @returns {Term} */
  const term = (symbol, value) => ({ symbol, value: value ?? 0 });
  /** @param {string} symbol @returns {Term} */
  const sign = (symbol) => ({ symbol, value: null });
  return [...rows.entries()].reverse().map(([layer, { z, n, h, keep, write }]) => {
    const computed = (keep[t] ?? 0) + (write[t] ?? 0);
    const untouched = change(layer, null, t, computed) === computed;
    return {
      layer,
      terms: [
        term("h", computed),
        sign("="),
        term("z", z[t]),
        sign("·"),
        term("h before", t > 0 ? h[t - 1] : 0),
        sign("+"),
        term("1 − z", 1 - (z[t] ?? 0)),
        sign("·"),
        term("n", n[t]),
        ...(untouched ? [] : [sign(", changed to"), term("h", h[t])]),
      ],
    };
  });
}

// Columns, from the middle of the unit, where its memory stands.
const KEPT = -61;
const RESET = 10;
const WRITTEN = 84;
const BEFORE = -115;
const LEFT = -153;
const RIGHT = 122;

/**
 * Where everything stands.
 * @param {import("../../base/memories.js").Card} card
 */
export function layoutOf({ layers }) {
  const sheet = new Sheet();
  const top = stack(sheet, layers, KEPT, (layer, floor) => {
    const key = (/** @type {string} */ name) => keyOf(layer, 0, name);
    const bus = floor - 12;
    const gates = bus - 10 - TILE.down;
    const times = gates - TILE.down - 40;
    const sum = times - 40;
    for (const [name, x] of /** @type {const} */ ([
      ["z", KEPT],
      ["r", RESET],
      ["n", WRITTEN],
    ]))
      sheet.tile("gate", x, gates, name, key(name));
    sheet.tile("state", BEFORE, times, "h before", key("h before"));
    sheet.edge(`M${BEFORE + 28} ${times}H${KEPT - 7}`, key("h before"));
    sheet.edge(`M${KEPT} ${gates - TILE.down}V${times + 7}`, key("z"));
    sheet.edge(`M${RESET + TILE.across} ${gates}H${WRITTEN - TILE.across}`, key("r"));
    sheet.edge(`M${WRITTEN} ${gates - TILE.down}V${times + 7}`, key("n"));
    const turn = gates - TILE.down - 14;
    const rise = WRITTEN - 34;
    sheet.edge(
      `M${KEPT} ${turn}H${rise - 6}Q${rise} ${turn} ${rise} ${turn - 6}V${times + 6}Q${rise} ${times} ${rise + 6} ${times}H${WRITTEN - 7}`,
      key("rest"),
    );
    sheet.label(-34, turn - 5, "start", "word", "1 − z");
    sheet.label(2, turn - 5, "start", "number", "", key("rest"));
    sheet.sign("×", KEPT, times, key("kept"));
    sheet.sign("×", WRITTEN, times, key("written"));
    for (const [x, name] of /** @type {const} */ ([
      [KEPT, "kept"],
      [WRITTEN, "written"],
    ])) {
      const side = Math.sign(x);
      sheet.edge(
        `M${x} ${times - 7}V${sum + 6}Q${x} ${sum} ${x - side * 6} ${sum}H${side * 7}`,
        key(name),
      );
      const left = x < 0 ? x + 9 : x - 9;
      const anchor = x < 0 ? "start" : "end";
      sheet.label(left, times - 23, anchor, "word", name);
      sheet.label(left, times - 10, anchor, "number", "", key(name));
    }
    sheet.sign("+", 0, sum, key("out"));
    const roof = sum - 7 - 24;
    sheet.cells.push({
      ...{ layer, level: 0, x: LEFT, y: roof },
      ...{ width: RIGHT - LEFT, height: floor - roof },
    });
    sheet.buses.push(
      `M${KEPT} ${bus}H${WRITTEN}`,
      ...[KEPT, RESET, WRITTEN].map((x) => `M${x} ${bus}V${gates + TILE.down}`),
    );
    return { roof, exit: sum - 7 };
  });
  for (const { layer, x, y } of sheet.cells) {
    const title = layers === 1 ? "GRU" : `layer ${layer + 1}`;
    sheet.label(x + 11, y + 17, "start", "title", title);
  }
  return { ...sheet, left: LEFT - 1, top, width: RIGHT - LEFT + 2, height: 1 - top };
}

/**
 * The numbers of one step by their keys.
 * @param {Unit} unit
 * @param {number} t
 * @returns {Map<string, number>}
 */
export function numbersAt({ rows }, t) {
  /** @type {Map<string, number>} */
  const numbers = new Map();
  for (const [layer, { r, z, n, h, keep, write }] of rows.entries()) {
    for (const [name, row] of Object.entries({ r, z, n, kept: keep, written: write, out: h }))
      numbers.set(keyOf(layer, 0, name), row[t] ?? 0);
    numbers.set(keyOf(layer, 0, "rest"), 1 - (z[t] ?? 0));
    numbers.set(keyOf(layer, 0, "h before"), t > 0 ? (h[t - 1] ?? 0) : 0);
  }
  return numbers;
}

/** The drawing, and a way to put the numbers of a step into it. @param {import("../../base/memories.js").Card} card */
export function draw(card) {
  const layers = card.layers > 1 ? ` of ${card.layers} layers, one above the other` : "";
  const words = `Diagram of the GRU${layers}. Gates r and z, the candidate n, what is kept and written, and the memory h, with this cell’s numbers; the equations beside it say the same.`;
  return paint(layoutOf(card), "diagram", words, numbersAt);
}
