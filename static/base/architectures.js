// The kinds of cell, and all in which they differ on the page, except in how one is drawn (views/cell). One list; Python's
// is CELLS in models/cells.

/** @typedef {{ layers: number, depth: number }} Shape */
/**
 * @typedef {object} Architecture
 * @property {"c" | "h"} memory the state that remembers: a corpus holds it, and cells are named in it
 * @property {(shape: Shape) => number} levels cells of a layer, one within another, that can be changed
 * @property {(shape: Shape) => string} kind what people call such a network
 */

/** @satisfies {Record<string, Architecture>} */
export const ARCHITECTURES = {
  lstm: {
    memory: "c",
    levels: ({ depth }) => depth,
    kind: ({ layers, depth }) => (depth > 1 ? "Nested LSTM" : layers > 1 ? "Stacked LSTM" : "LSTM"),
  },
  gru: { memory: "h", levels: () => 0, kind: () => "GRU" },
};

/** @typedef {keyof typeof ARCHITECTURES} CellName */

/** @param {{ cell?: CellName }} card @returns {Architecture} */
export const architectureOf = ({ cell = "lstm" }) => ARCHITECTURES[cell];

/** Whether a memory is what the network remembers by, not what it gives out. @param {{ cell?: CellName }} card @param {{ state: "c" | "h" }} memory */
export const remembersIn = (card, { state }) => state === architectureOf(card).memory;
