// The architecture as a drawing, read upwards: layers stacked, each memory a box inside a box, and on
// every line the number that one cell sends along it.

import { say } from "../../base/dom.js";
import { signed } from "../../base/format.js";
import { kindOf } from "../../base/memories.js";
import { at } from "./unit.js";

/** @typedef {import("./unit.js").Unit} Unit */
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

// Columns, from the middle of the cell, where its memory stands.
const KEPT = -61;
const WRITTEN = 62;
const GATES = /** @type {const} */ ({ f: KEPT, i: WRITTEN - 26, g: WRITTEN + 26 });
const OUT_GATE = 72;
const BEFORE = -115;
// Halves of a tile, of one with a longer name, and of a sign.
export const TILE = { across: 24, down: 16 };
const WIDE = 28;
const SIGN = 7;
// The walls of an innermost cell, and how much further out the next ones stand.
const LEFT = -153;
const RIGHT = 148;
const WALL = { left: 11, right: 17 };

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

  /**
   * A level and all that is inside it.
   * @param {number} layer
   * @param {number} level
   * @param {number} depth
   * @param {number} floor its lower wall
   * @returns {{ roof: number, exit: number }} its upper wall, and where the line of its output starts
   */
  cell(layer, level, depth, floor) {
    const deeper = depth - 1 - level;
    const key = (/** @type {string} */ name) => keyOf(layer, level, name);
    const bus = floor - 12;
    const gates = bus - 10 - TILE.down;
    const times = gates - TILE.down - 13 - SIGN;
    for (const name of /** @type {const} */ (["f", "i", "g"]))
      this.tile("gate", GATES[name], gates, at(name, level), key(name));
    this.tile("state", BEFORE, times, `${at("c", level)} before`, key("before"));
    this.edge(`M${BEFORE + WIDE} ${times}H${KEPT - SIGN}`, key("before"));
    this.edge(`M${KEPT} ${gates - TILE.down}V${times + SIGN}`, key("f"));
    for (const [name, side] of /** @type {const} */ ([
      ["i", -1],
      ["g", 1],
    ])) {
      const x = GATES[name];
      this.edge(
        `M${x} ${gates - TILE.down}V${times + 6}Q${x} ${times} ${x - side * 6} ${times}H${WRITTEN + side * SIGN}`,
        key(name),
      );
    }
    this.sign("×", KEPT, times, key("kept"));
    this.sign("×", WRITTEN, times, key("written"));

    // In the memory's place stands a sum, or a cell that reads what is kept as its h and what is
    // written as its x.
    const sum = times - 36;
    const inside = times - 40;
    for (const [x, name, role] of /** @type {const} */ ([
      [KEPT, "kept", "h"],
      [WRITTEN, "written", "x"],
    ])) {
      const side = Math.sign(x);
      const end =
        deeper === 0
          ? `V${sum + 6}Q${x} ${sum} ${x - side * 6} ${sum}H${side * SIGN}`
          : `V${inside - 12}`;
      this.edge(`M${x} ${times - SIGN}${end}`, key(name));
      const word = deeper === 0 ? name : `${name} = ${at(role, level + 1)}`;
      this.label(x + 9, times - 23, "start", "word", word);
      this.label(x + 9, times - 10, "start", "number", "", key(name));
    }
    const inner = deeper > 0 ? this.cell(layer, level + 1, depth, inside) : null;
    if (!inner) this.sign("+", 0, sum, key("c"));
    const c = (inner ? inner.roof - 11 : sum - SIGN - 9) - TILE.down;
    this.edge(
      `M0 ${inner?.exit ?? sum - SIGN}V${c + TILE.down}`,
      inner ? keyOf(layer, level + 1, "out") : key("c"),
    );
    this.tile("state", 0, c, at("c", level), key("c"));

    const tanh = c - TILE.down - 8 - 8;
    const out = tanh - 8 - 8 - SIGN;
    this.edge(`M0 ${c - TILE.down}V${tanh + 8}`, key("c"));
    this.node("tanh", 0, tanh, 19, 8, key("tanh"));
    this.label(0, tanh + 4, "middle", "word", "tanh");
    this.label(-26, tanh + 4, "end", "number", "", key("tanh"));
    this.edge(`M0 ${tanh - 8}V${out + SIGN}`, key("tanh"));
    this.tile("gate", OUT_GATE, out, at("o", level), key("o"));
    this.edge(`M${OUT_GATE - TILE.across} ${out}H${SIGN}`, key("o"));
    this.sign("×", 0, out, key("out"));

    const roof = out - TILE.down - 9;
    const x = LEFT - deeper * WALL.left;
    const width = RIGHT + deeper * WALL.right - x;
    this.cells.push({ layer, level, x, y: roof, width, height: floor - roof });
    const riser = x + width - 9;
    this.buses.push(
      `M${KEPT} ${bus}H${riser - 6}Q${riser} ${bus} ${riser} ${bus - 6}V${out + 6}Q${riser} ${out} ${riser - 6} ${out}H${OUT_GATE + TILE.across}`,
      ...[GATES.f, GATES.i, GATES.g].map((gate) => `M${gate} ${bus}V${gates + TILE.down}`),
    );
    return { roof, exit: out - SIGN };
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

/**
 * Where everything stands.
 * @param {{ layers: number, depth: number, memories: import("../../base/memories.js").Memory[] }} card
 * @returns {Layout}
 */
export function layoutOf({ layers, depth, memories }) {
  const sheet = new Sheet();
  const top = stack(sheet, layers, KEPT, (layer, floor) => sheet.cell(layer, 0, depth, floor));
  const cells = sheet.cells.reverse();
  for (const { layer, level, x, y: roof } of cells) {
    const memory = memories.find((m) => m.layer === layer && m.level === level);
    const title = layers * depth === 1 ? kindOf({ layers, depth }) : (memory?.name ?? "");
    sheet.label(x + 11, roof + 17, "start", "title", title);
  }
  const left = LEFT - (depth - 1) * WALL.left - 1;
  const width = RIGHT + (depth - 1) * WALL.right + 1 - left;
  return { ...sheet, cells, left, top, width, height: 1 - top };
}

/**
 * The numbers of one step by their keys.
 * @param {Unit} unit
 * @param {number} t
 * @returns {Map<string, number>}
 */
export function numbersAt(unit, t) {
  /** @type {Map<string, number>} */
  const numbers = new Map();
  for (const { layer, level, i, f, g, o, c, write, keep } of unit.levels) {
    const outside = level > 0 ? unit.levels[layer * unit.depth + level - 1]?.c : unit.h[layer];
    const rows = { i, f, g, o, c, kept: keep, written: write, out: outside ?? [] };
    for (const [name, row] of Object.entries(rows))
      numbers.set(keyOf(layer, level, name), row[t] ?? 0);
    numbers.set(keyOf(layer, level, "tanh"), Math.tanh(c[t] ?? 0));
    numbers.set(keyOf(layer, level, "before"), t > 0 ? (c[t - 1] ?? 0) : 0);
    if (level === 0)
      numbers.set(keyOf(layer, level, "h before"), t > 0 ? (outside?.[t - 1] ?? 0) : 0);
  }
  return numbers;
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
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number>} attributes
 * @returns {SVGElementTagNameMap[K]}
 */
function shape(tag, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

/**
 * The drawing, and a way to put the numbers of a step into it.
 * @param {import("../../base/memories.js").Card} card
 */
export function drawDiagram(card) {
  const name = card.depth > 2 ? "diagram deep" : "diagram";
  return paint(layoutOf(card), name, wordsFor(card), numbersAt);
}

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

/** What the drawing shows. @param {{ layers: number, depth: number }} card */
function wordsFor({ layers, depth }) {
  const kind = kindOf({ layers, depth });
  const stack = layers > 1 ? ` of ${layers} layers, one above the other` : "";
  const nest =
    depth > 1
      ? `; in place of its memory each cell holds another cell, ${depth} levels in all, drawn as box in box`
      : "";
  return `Diagram of the ${kind}${stack}${nest}. Gates i, f, g and o, what is kept and written, the memory c and the output h, with this cell’s numbers; the equations beside it say the same.`;
}
