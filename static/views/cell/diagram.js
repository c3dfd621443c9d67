// A sheet to draw a network on, read upwards: layers stacked, and on every line the number that one cell sends
// along it.

import { say } from "../../base/dom.js";
import { signed } from "../../base/format.js";
import { shape } from "../../base/svg.js";

/** @typedef {{ x: number, y: number, width: number, height: number }} Box */
/** @typedef {Box & { layer: number, level: number }} Cell */
/** @typedef {Box & { kind: "gate" | "state" | "point" | "tanh", key: string }} Node key: its number */
/** @typedef {{ path: string, key: string }} Edge key: the number it carries */
/**
 * A place for words, its baseline; what stands there is `text`, or the number of `key`.
 * @typedef {object} Label
 * @property {number} x
 * @property {number} y
 * @property {"start" | "middle" | "end"} anchor
 * @property {"title" | "symbol" | "word" | "number"} kind
 * @property {string} text
 * @property {string} key
 */
/**
 * @typedef {object} Layout
 * @property {number} left
 * @property {number} top
 * @property {number} width
 * @property {number} height
 * @property {Cell[]} cells one a level of a layer, outermost first
 * @property {string[]} buses paths to the gates, which read whole vectors
 * @property {Edge[]} edges
 * @property {Node[]} nodes
 * @property {Label[]} labels
 */

/** The name of a level's number. @param {number} layer @param {number} level @param {string} name */
export const keyOf = (layer, level, name) => `${layer}.${level}.${name}`;
/** The character read. */
const READ = "x";

// Halves of a tile, of one with a longer name, and of a sign.
export const TILE = { across: 24, down: 16 };
export const WIDE = 28;
export const SIGN = 7;

/** Everything drawn so far; y grows downwards, so a network that starts at 0 has negative ones. */
export class Sheet {
  constructor() {
    /** @type {Cell[]} */
    this.cells = [];
    /** @type {string[]} */
    this.buses = [];
    /** @type {Edge[]} */
    this.edges = [];
    /** @type {Node[]} */
    this.nodes = [];
    /** @type {Label[]} */
    this.labels = [];
  }

  /** @param {string} path @param {string} key */
  edge(path, key) {
    this.edges.push({ path, key });
  }

  /** @param {Node["kind"]} kind @param {number} x @param {number} y @param {number} across @param {number} down @param {string} key */
  node(kind, x, y, across, down, key) {
    const box = { x: x - across, y: y - down, width: 2 * across, height: 2 * down };
    this.nodes.push({ kind, key, ...box });
  }

  /** @param {number} x @param {number} y @param {Label["anchor"]} anchor @param {Label["kind"]} kind @param {string} text @param {string} key */
  label(x, y, anchor, kind, text, key = "") {
    this.labels.push({ x, y, anchor, kind, text, key });
  }

  /** A symbol over its number. @param {"gate" | "state"} kind @param {number} x @param {number} y @param {string} symbol @param {string} key */
  tile(kind, x, y, symbol, key) {
    this.node(kind, x, y, symbol.endsWith("before") ? WIDE : TILE.across, TILE.down, key);
    this.label(x, y - 3, "middle", "symbol", symbol);
    this.label(x, y + 11, "middle", "number", "", key);
  }

  /** @param {"×" | "+"} sign @param {number} x @param {number} y @param {string} key */
  sign(sign, x, y, key) {
    this.node("point", x, y, SIGN, SIGN, key);
    this.label(x, y + 4, "middle", "symbol", sign);
  }
}

/**
 * Layers one above the other, from an x at the bottom to an h at the top.
 * @param {Sheet} sheet
 * @param {number} layers
 * @param {number} before the column of the h of the step before
 * @param {(layer: number, floor: number) => { roof: number, exit: number }} cell draws a layer
 * @returns {number} the top
 */
export function stack(sheet, layers, before, cell) {
  const rim = 14;
  let y = -TILE.down;
  sheet.tile("state", 0, y, "x", READ);
  for (let layer = 0; layer < layers; layer += 1) {
    // From the tile below, an x or the h of the layer below, and from the h of the step before.
    const from = y - TILE.down;
    const floor = from - rim;
    const x = layer === 0 ? READ : keyOf(layer - 1, 0, "out");
    sheet.edge(`M0 ${from}V${floor - 12}`, x);
    sheet.tile("state", before, y, "h before", keyOf(layer, 0, "h before"));
    sheet.edge(`M${before} ${from}V${floor - 12}`, keyOf(layer, 0, "h before"));
    const { roof, exit } = cell(layer, floor);
    y = roof - rim - TILE.down;
    sheet.edge(`M0 ${exit}V${y + TILE.down}`, keyOf(layer, 0, "out"));
    sheet.tile("state", 0, y, "h", keyOf(layer, 0, "out"));
  }
  return y - TILE.down - 1;
}

/** A number in the width of a tile. @param {number} value */
export const short = (value) =>
  signed(value, Math.abs(value) < 9.9995 ? 3 : Math.abs(value) < 99.995 ? 2 : 0);

/** How a line looks that carries this: its sign, and one of five strengths, the last from 0.9 up. @param {number | undefined} value */
export const strength = (value) =>
  value === undefined
    ? ""
    : ` ${value < 0 ? "negative" : "positive"} s${Math.round(4 * Math.min(1, Math.abs(value)))}`;

/**
 * A layout as a drawing, and a way to put the numbers of a step into it.
 * @template Unrolled
 * @param {Layout} layout
 * @param {string} name its class
 * @param {string} words what it shows
 * @param {(unit: Unrolled, t: number) => Map<string, number>} numbersAt
 */
export function paint(layout, name, words, numbersAt) {
  const { left, top, width, height, cells, buses, edges, nodes, labels } = layout;
  const svg = shape("svg", {
    class: name,
    viewBox: `${left} ${top} ${width} ${height}`,
    width,
    height,
    role: "img",
    "aria-label": words,
  });
  /** @type {{ shape: Element, kind: string, key: string, strength: string }[]} */
  const coloured = [];
  /** @type {{ text: Element, key: string }[]} */
  const written = [];
  for (const { x, y, width, height } of cells)
    svg.append(shape("rect", { class: "level", x, y, width, height, rx: 10 }));
  for (const d of buses) svg.append(shape("path", { class: "bus", d }));
  for (const { path, key } of edges) {
    const made = shape("path", { class: "edge", d: path });
    coloured.push({ shape: made, kind: "edge", key, strength: "" });
    svg.append(made);
  }
  for (const { kind, key, x, y, width, height } of nodes) {
    const rx = kind === "state" ? 6 : kind === "gate" ? 3 : height / 2;
    const made = shape("rect", { class: kind, x, y, width, height, rx });
    if (kind === "state") coloured.push({ shape: made, kind, key, strength: "" });
    svg.append(made);
  }
  for (const { x, y, anchor, kind, text, key } of labels) {
    const made = shape("text", { class: kind, x, y, "text-anchor": anchor });
    made.textContent = text;
    if (key) {
      made.dataset.key = key;
      written.push({ text: made, key });
    }
    svg.append(made);
  }
  /** @param {Unrolled} unit @param {number} t @param {string} glyph of the character read */
  const show = (unit, t, glyph) => {
    const numbers = numbersAt(unit, t);
    for (const line of coloured) {
      const now = strength(numbers.get(line.key));
      if (now === line.strength) continue;
      line.strength = now;
      line.shape.setAttribute("class", line.kind + now);
    }
    for (const { text, key } of written) {
      const value = numbers.get(key);
      say(text, value === undefined ? glyph : short(value));
    }
  };
  return { svg, show };
}
