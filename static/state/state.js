// What the page shows, in one record, and how it goes into the address and back.

import { LONGEST_TEXT } from "./address.js";
import { SAMPLES, sampleOf } from "./samples.js";

/** @typedef {import("../base/memories.js").Card} Card */
/** @typedef {import("../base/colour.js").PaletteName} PaletteName */
/** @typedef {import("./orders.js").OrderName} OrderName */
/** @typedef {"connecting" | "open" | "lost"} Connection */
/**
 * A character of a block: where one points.
 * @typedef {object} Point
 * @property {number} position in code points
 * @property {number} panel 0 for model A
 * @property {number} memory column of the panel
 * @property {number} rank row of the figure
 * @property {number} cell
 */
/**
 * The float32 values of the cells shown, at one character.
 * @typedef {object} Exact
 * @property {number} position
 * @property {number} revision
 * @property {number} view
 * @property {number[][][]} panels by panel, memory, cell
 */
/** @typedef {"figure" | "map" | "cell" | "predictions"} View */
/**
 * @typedef {object} State
 * @property {Card[]} cards the models that read text
 * @property {string} a name of model A
 * @property {string} b name of model B, "none" for A alone
 * @property {View} view
 * @property {string} cells as written: "0-6, 41"; places in the order
 * @property {OrderName} order
 * @property {number} pick the cell picked
 * @property {PaletteName} palette
 * @property {"fixed" | "cell"} scale
 * @property {import("../base/theme.js").Choice} theme
 * @property {import("../base/colour.js").Theme} shade the theme in force
 * @property {string} start the name of the sample read as a warm-up, or "" to start from zero
 * @property {string} text
 * @property {Point | null} point the character looked at
 * @property {boolean} held it stays when the pointer goes
 * @property {Exact | null} exact
 * @property {number} limit characters the server reads
 * @property {Connection} connection
 * @property {string} problem in words, or ""
 */

export const VIEWS = ["figure", "map", "cell", "predictions"];

/**
 * Before the server and the address have said anything.
 * @param {State["theme"]} theme
 * @param {State["shade"]} shade
 * @returns {State}
 */
export const initialState = (theme, shade) => ({
  cards: [],
  a: "none",
  b: "none",
  view: "figure",
  cells: "0-6",
  order: "index",
  pick: 0,
  palette: "paper",
  scale: "fixed",
  theme,
  shade,
  start: "",
  text: SAMPLES[0]?.text ?? "",
  point: null,
  held: false,
  exact: null,
  limit: Number.POSITIVE_INFINITY,
  connection: "connecting",
  problem: "",
});

/** The models shown, A before B. @param {State} state @returns {Card[]} */
export const shownCards = ({ a, b, cards }) =>
  [a, b].flatMap((name) => cards.find((card) => card.name === name) ?? []);

/** What is read before the text; it ends its own line. @param {State} state */
export const warmUpOf = ({ start }) => {
  const sample = sampleOf(start);
  return sample ? `${sample.text}\n` : "";
};

/** Asked for by name where an address does not say. */
const DEFAULT_MODELS = SAMPLES[0]?.models ?? [];

/** The first model of a kind, for a server without the usual names. @param {Card[]} cards @param {boolean} nested */
const firstOf = (cards, nested) => cards.find((c) => c.depth > 1 === nested) ?? cards[0];

/**
 * Two models that are served: those asked for, else the nearest by kind.
 * @param {Card[]} cards
 * @param {(string | undefined)[]} asked
 */
export function servedPair(cards, asked) {
  const [a, b] = [0, 1].map((k) => {
    const wanted = asked[k] ?? DEFAULT_MODELS[k];
    if (k === 1 && wanted === "none") return "none";
    return (cards.find((c) => c.name === wanted) ?? firstOf(cards, k === 0))?.name ?? "none";
  });
  return { a: a ?? "none", b: b ?? "none" };
}

/**
 * @param {State} state
 * @returns {import("./address.js").Address}
 */
export function addressOf(state) {
  const { a, b, view, cells, order, pick, palette, scale, start, text, point, held } = state;
  /** @type {import("./address.js").Address} */
  const address = { a, b, view, cells, order, palette, scale };
  if (start !== "") address.start = start;
  if (pick !== 0) address.pick = String(pick);
  if (held && point)
    address.at = [point.position, point.panel, point.memory, point.rank, point.cell].join(".");
  const sample = SAMPLES.find((each) => each.text === text);
  if (sample) address.sample = sample.name;
  else if (text.length <= LONGEST_TEXT) address.text = text;
  return address;
}

/**
 * The fields of the state that an address tells, those that make no sense left out.
 * @param {import("./address.js").Address} address
 * @param {Card[]} cards
 * @param {{ orders: readonly string[], palettes: readonly string[], views: readonly string[] }} known
 * @returns {Partial<State>}
 */
export function stateOf(address, cards, known) {
  /** @type {Partial<State>} */
  const state = servedPair(cards, [address.a, address.b]);
  if (address.view && known.views.includes(address.view))
    state.view = /** @type {View} */ (address.view);
  if (address.cells) state.cells = address.cells;
  if (address.order && known.orders.includes(address.order))
    state.order = /** @type {OrderName} */ (address.order);
  if (address.palette && known.palettes.includes(address.palette))
    state.palette = /** @type {PaletteName} */ (address.palette);
  if (address.scale === "cell" || address.scale === "fixed") state.scale = address.scale;
  if (address.pick && /^\d{1,5}$/.test(address.pick)) state.pick = Number(address.pick);
  if (sampleOf(address.start)) state.start = address.start ?? "";
  if (address.text !== undefined) state.text = address.text;
  else if (sampleOf(address.sample)) state.text = sampleOf(address.sample)?.text ?? "";
  const held = (address.at ?? "").split(".").map(Number);
  const [position = 0, panel = 0, memory = 0, rank = 0, cell = 0] = held;
  if (held.length === 5 && held.every((n) => Number.isInteger(n) && n >= 0))
    Object.assign(state, { point: { position, panel, memory, rank, cell }, held: true });
  return state;
}
