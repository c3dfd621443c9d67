// One cell unrolled from its gates alone, by the network's own equations, in 64 bits.

/**
 * A level of a layer along the text.
 * @typedef {object} Level
 * @property {number} layer
 * @property {number} level
 * @property {Float32Array} i
 * @property {Float32Array} f
 * @property {Float32Array} g
 * @property {Float32Array} o
 * @property {Float64Array} c raw state
 * @property {Float64Array} write i * g
 * @property {Float64Array} keep f * (c before)
 */
/**
 * @typedef {object} Unit
 * @property {number} length
 * @property {number} layers
 * @property {number} depth
 * @property {Level[]} levels layer by layer, outermost level first
 * @property {Float64Array[]} h by layer
 * @property {Change} change what interventions make of a state
 */
/** @typedef {(layer: number, level: number | null, t: number, value: number) => number} Change level null: h */

/** @typedef {{ h: readonly number[], c: readonly (readonly number[])[] }} Before a cell's state before a character: by layer, and by layer and level */

/** @type {Change} */
const UNCHANGED = (_layer, _level, _t, value) => value;

/**
 * A unit of which nothing is read yet: every number is none.
 * @param {number} length
 * @param {number} layers
 * @param {number} depth
 * @param {Change} change
 * @returns {Unit}
 */
export function blank(length, layers, depth, change = UNCHANGED) {
  const gate = () => new Float32Array(length).fill(Number.NaN);
  const value = () => new Float64Array(length).fill(Number.NaN);
  const levels = Array.from({ length: layers * depth }, (_, k) => ({
    ...{ layer: Math.floor(k / depth), level: k % depth },
    ...{ i: gate(), f: gate(), g: gate(), o: gate() },
    ...{ c: value(), write: value(), keep: value() },
  }));
  return { length, layers, depth, levels, h: Array.from({ length: layers }, value), change };
}

/**
 * Gates (T, L, D, 4, 1) in the order i f g o -> every state of the cell. Innermost: c = f c' + i g;
 * outwards: c of a level is o tanh(c) of the level inside it; h = o tanh(c) of level 0. What is changed is changed
 * right after it is computed, before anything reads it.
 * @param {Unit} unit that they are put into
 * @param {number} start the place of the first in the text
 * @param {Float32Array} gates
 * @param {Before} before
 */
export function fill({ length, layers, depth, levels, h, change }, start, gates, before) {
  const stop = Math.min(length, start + gates.length / (layers * depth * 4));
  let from = 0;
  for (let t = start; t < stop; t += 1)
    for (let layer = 0; layer < layers; layer += 1) {
      for (let level = 0; level < depth; level += 1, from += 4) {
        const { i, f, g, o } = /** @type {Level} */ (levels[layer * depth + level]);
        i[t] = gates[from] ?? 0;
        f[t] = gates[from + 1] ?? 0;
        g[t] = gates[from + 2] ?? 0;
        o[t] = gates[from + 3] ?? 0;
      }
      for (let level = depth - 1; level >= 0; level -= 1) {
        const here = /** @type {Level} */ (levels[layer * depth + level]);
        const last = t > start ? here.c[t - 1] : before.c[layer]?.[level];
        here.write[t] = (here.i[t] ?? 0) * (here.g[t] ?? 0);
        here.keep[t] = (here.f[t] ?? 0) * (last ?? 0);
        if (level === depth - 1)
          here.c[t] = change(layer, level, t, (here.keep[t] ?? 0) + (here.write[t] ?? 0));
        const out = (here.o[t] ?? 0) * Math.tanh(here.c[t] ?? 0);
        if (level > 0) {
          const outside = /** @type {Level} */ (levels[layer * depth + level - 1]);
          outside.c[t] = change(layer, level - 1, t, out);
        } /** @type {Float64Array} */ else h[layer][t] = change(layer, null, t, out);
      }
    }
}

const SUB = ["", "\u0303", "\u0303\u0303"];
/** A letter with the tildes of its level. @param {string} letter @param {number} level */
export const at = (letter, level) => letter + (SUB[level] ?? `\u0303${level}`);

/**
 * A term of an equation: a symbol or a sign, and its number.
 * @typedef {{ symbol: string, value: number | null }} Term
 */

/**
 * The equations of one step, top layer first, innermost first: each a row of terms.
 * @param {Unit} unit
 * @param {number} t
 * @returns {{ layer: number, terms: Term[] }[]}
 */
export function equationsAt(unit, t) {
  /** @type {{ layer: number, terms: Term[] }[]} */
  const rows = [];
  /** @param {string} symbol @param {number | undefined} value @returns {Term} */
  const term = (symbol, value) => ({ symbol, value: value ?? 0 });
  /** @param {string} symbol @returns {Term} */
  const sign = (symbol) => ({ symbol, value: null });
  /** @param {number} layer @param {number | null} level @param {number} computed @param {number | undefined} value */
  const changedTo = (layer, level, computed, value) =>
    unit.change(layer, level, t, computed) === computed
      ? []
      : [sign(", changed to"), term(level === null ? "h" : at("c", level), value)];
  for (let layer = unit.layers - 1; layer >= 0; layer -= 1) {
    const of = (/** @type {number} */ level) =>
      /** @type {Level} */ (unit.levels[layer * unit.depth + level]);
    const deep = unit.depth - 1;
    const inner = of(deep);
    rows.push({
      layer,
      terms: [
        term(at("c", deep), (inner.keep[t] ?? 0) + (inner.write[t] ?? 0)),
        sign("="),
        term(at("f", deep), inner.f[t]),
        sign("·"),
        term(`${at("c", deep)} before`, t > 0 ? inner.c[t - 1] : 0),
        sign("+"),
        term(at("i", deep), inner.i[t]),
        sign("·"),
        term(at("g", deep), inner.g[t]),
        ...changedTo(layer, deep, (inner.keep[t] ?? 0) + (inner.write[t] ?? 0), inner.c[t]),
      ],
    });
    for (let level = deep; level >= 0; level -= 1) {
      const here = of(level);
      const out = level > 0 ? of(level - 1).c[t] : unit.h[layer]?.[t];
      rows.push({
        layer,
        terms: [
          term(level > 0 ? at("c", level - 1) : "h", (here.o[t] ?? 0) * Math.tanh(here.c[t] ?? 0)),
          sign("="),
          term(at("o", level), here.o[t]),
          sign("·"),
          term(`tanh(${at("c", level)})`, Math.tanh(here.c[t] ?? 0)),
          ...changedTo(
            layer,
            level > 0 ? level - 1 : null,
            (here.o[t] ?? 0) * Math.tanh(here.c[t] ?? 0),
            out,
          ),
        ],
      });
    }
  }
  return rows;
}
