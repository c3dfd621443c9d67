// The architecture of LSTMs as a drawing: layers stacked, each memory a box inside a box.

import { kindOf } from "../../base/memories.js";
import { keyOf, paint, Sheet, SIGN, stack, TILE, WIDE } from "./diagram.js";
import { at } from "./unit.js";

/** @typedef {import("./unit.js").Unit} Unit */

// Columns, from the middle of the cell, where its memory stands.
const KEPT = -61;
const WRITTEN = 62;
const GATES = /** @type {const} */ ({ f: KEPT, i: WRITTEN - 26, g: WRITTEN + 26 });
const OUT_GATE = 72;
const BEFORE = -115;
// The walls of an innermost cell, and how much further out the next ones stand.
const LEFT = -153;
const RIGHT = 148;
const WALL = { left: 11, right: 17 };

/**
 * A level and all that is inside it.
 * @param {Sheet} sheet
 * @param {number} layer
 * @param {number} level
 * @param {number} depth
 * @param {number} floor its lower wall
 * @returns {{ roof: number, exit: number }} its upper wall, and where the line of its output starts
 */
function cell(sheet, layer, level, depth, floor) {
  const deeper = depth - 1 - level;
  const key = (/** @type {string} */ name) => keyOf(layer, level, name);
  const bus = floor - 12;
  const gates = bus - 10 - TILE.down;
  const times = gates - TILE.down - 13 - SIGN;
  for (const name of /** @type {const} */ (["f", "i", "g"]))
    sheet.tile("gate", GATES[name], gates, at(name, level), key(name));
  sheet.tile("state", BEFORE, times, `${at("c", level)} before`, key("before"));
  sheet.edge(`M${BEFORE + WIDE} ${times}H${KEPT - SIGN}`, key("before"));
  sheet.edge(`M${KEPT} ${gates - TILE.down}V${times + SIGN}`, key("f"));
  for (const [name, side] of /** @type {const} */ ([
    ["i", -1],
    ["g", 1],
  ])) {
    const x = GATES[name];
    sheet.edge(
      `M${x} ${gates - TILE.down}V${times + 6}Q${x} ${times} ${x - side * 6} ${times}H${WRITTEN + side * SIGN}`,
      key(name),
    );
  }
  sheet.sign("×", KEPT, times, key("kept"));
  sheet.sign("×", WRITTEN, times, key("written"));

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
    sheet.edge(`M${x} ${times - SIGN}${end}`, key(name));
    const word = deeper === 0 ? name : `${name} = ${at(role, level + 1)}`;
    sheet.label(x + 9, times - 23, "start", "word", word);
    sheet.label(x + 9, times - 10, "start", "number", "", key(name));
  }
  const inner = deeper > 0 ? cell(sheet, layer, level + 1, depth, inside) : null;
  if (!inner) sheet.sign("+", 0, sum, key("c"));
  const c = (inner ? inner.roof - 11 : sum - SIGN - 9) - TILE.down;
  sheet.edge(
    `M0 ${inner?.exit ?? sum - SIGN}V${c + TILE.down}`,
    inner ? keyOf(layer, level + 1, "out") : key("c"),
  );
  sheet.tile("state", 0, c, at("c", level), key("c"));

  const tanh = c - TILE.down - 8 - 8;
  const out = tanh - 8 - 8 - SIGN;
  sheet.edge(`M0 ${c - TILE.down}V${tanh + 8}`, key("c"));
  sheet.node("tanh", 0, tanh, 19, 8, key("tanh"));
  sheet.label(0, tanh + 4, "middle", "word", "tanh");
  sheet.label(-26, tanh + 4, "end", "number", "", key("tanh"));
  sheet.edge(`M0 ${tanh - 8}V${out + SIGN}`, key("tanh"));
  sheet.tile("gate", OUT_GATE, out, at("o", level), key("o"));
  sheet.edge(`M${OUT_GATE - TILE.across} ${out}H${SIGN}`, key("o"));
  sheet.sign("×", 0, out, key("out"));

  const roof = out - TILE.down - 9;
  const x = LEFT - deeper * WALL.left;
  const width = RIGHT + deeper * WALL.right - x;
  sheet.cells.push({ layer, level, x, y: roof, width, height: floor - roof });
  const riser = x + width - 9;
  sheet.buses.push(
    `M${KEPT} ${bus}H${riser - 6}Q${riser} ${bus} ${riser} ${bus - 6}V${out + 6}Q${riser} ${out} ${riser - 6} ${out}H${OUT_GATE + TILE.across}`,
    ...[GATES.f, GATES.i, GATES.g].map((gate) => `M${gate} ${bus}V${gates + TILE.down}`),
  );
  return { roof, exit: out - SIGN };
}

/**
 * Where everything stands.
 * @param {{ layers: number, depth: number, memories: import("../../base/memories.js").Memory[] }} card
 * @returns {import("./diagram.js").Layout}
 */
export function layoutOf({ layers, depth, memories }) {
  const sheet = new Sheet();
  const top = stack(sheet, layers, KEPT, (layer, floor) => cell(sheet, layer, 0, depth, floor));
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

/**
 * The drawing, and a way to put the numbers of a step into it.
 * @param {import("../../base/memories.js").Card} card
 */
export function draw(card) {
  const name = card.depth > 2 ? "diagram deep" : "diagram";
  return paint(layoutOf(card), name, wordsFor(card), numbersAt);
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
