// What a visit begins with: the models whose cells are named, side by side, on a text that shows them. Pure.

import { formatCells } from "../base/cells.js";
import { readAs } from "../base/memories.js";
import { SAMPLES } from "../state/samples.js";
import { shownCards } from "../state/state.js";
import { legibility, tally } from "../text/legibility.js";
import { FEATURES } from "./features.js";

/** @typedef {import("../base/memories.js").Card} Card */
/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../wire/atlas.js").Atlas} Atlas */
/** @typedef {import("../wire/atlas.js").Named} Named */

/** Rows of the figure. */
const MOST = 7;

/**
 * The model that stands beside another: of the same alphabet, with named cells, of another kind.
 * @param {Card} card
 * @param {readonly Card[]} cards
 * @param {readonly string[]} named models whose cells are named
 * @returns {Card | undefined}
 */
export function counterpart(card, cards, named) {
  /** @param {Card} other */
  const worth = (other) =>
    4 * Number(named.includes(other.name)) +
    2 * Number(other.depth > 1 !== card.depth > 1) +
    Number(other.layers > 1);
  return cards
    .filter((other) => other !== card && other.vocabulary.join() === card.vocabulary.join())
    .sort((a, b) => worth(b) - worth(a))[0];
}

/**
 * The first model that has named cells.
 * @param {readonly Card[]} cards
 * @param {readonly string[]} names those that have, as the server sorts them: an inner memory first
 */
export function firstNamed(cards, names) {
  return names.flatMap((name) => cards.find((card) => card.name === name) ?? [])[0];
}

/**
 * The models whose named cells are listed: those shown, or where they have none the first that have.
 * @param {Pick<State, "a" | "b" | "cards"> & Partial<Pick<State, "c" | "d">>} state
 * @param {{ names: readonly string[] }} atlases
 * @returns {Card[]} A before B
 */
export function guided(state, { names }) {
  const { cards } = state;
  const shown = shownCards({ ...state, beside: "" });
  if (shown.some(({ name }) => names.includes(name))) return shown;
  const first = guides(cards, names);
  return first.length > 0 ? first : shown;
}

/**
 * The first models that have named cells, side by side; none where none has.
 * @param {readonly Card[]} cards
 * @param {readonly string[]} names
 * @returns {Card[]}
 */
export function guides(cards, names) {
  const first = firstNamed(cards, names);
  return [first, first && counterpart(first, [...cards], names)].filter(
    (card) => card !== undefined,
  );
}

/** The features that cells are named after, each once, in the order of the atlas. @param {Atlas} atlas */
const featuresOf = (atlas) => [...new Set(atlas.found.map(({ feature }) => feature))];

/**
 * Whether the cell is named after the feature in one of its memories alone: then inner and outer differ where it counts.
 * @param {Atlas} atlas
 * @param {Named} one
 */
const isOfOne = ({ found }, one) =>
  !found.some(
    (other) =>
      other.feature === one.feature &&
      other.layer === one.layer &&
      other.cell === one.cell &&
      other.level !== one.level,
  );

/**
 * Cells to begin with, row by row the same feature in both models: first the first feature, then what lasts
 * longest, then the features that both have, then those of one. After the first, a cell whose memories differ comes
 * before one that is named in all of them.
 * @param {Atlas} a
 * @param {Atlas | null} b
 * @returns {{ a: number[], b: number[] }} equally long where there is a B
 */
export function rowsOf(a, b) {
  /** @type {number[][]} */
  const rows = [[], []];
  const both = [a, ...(b ? [b] : [])];
  const [first, ...rest] = featuresOf(a);
  /** @param {Atlas} atlas @param {number} k @param {string | null} feature */
  const best = (atlas, k, feature) => {
    const free = (/** @type {{ cell: number }} */ { cell }) => !rows[k]?.includes(cell);
    if (feature === null) return atlas.lasting.find(free)?.cell;
    const cells = atlas.found.filter((named) => named.feature === feature && free(named));
    const apart = feature === first ? undefined : cells.find((named) => isOfOne(atlas, named));
    return (apart ?? cells[0])?.cell;
  };
  const theirs = b ? featuresOf(b) : [];
  const shared = rest.filter((feature) => !b || theirs.includes(feature));
  const order = [first ?? null, null, ...shared, null, null, null, null, null];
  for (const feature of order) {
    const row = both.map((atlas, k) => best(atlas, k, feature) ?? best(atlas, k, null));
    if (row.some((cell) => cell === undefined) || (rows[0]?.length ?? 0) === MOST) continue;
    for (const [k, cell] of row.entries()) rows[k]?.push(/** @type {number} */ (cell));
  }
  return { a: rows[0] ?? [], b: rows[1] ?? [] };
}

/** A cell of an atlas that has a passage to show it on. @param {Atlas} atlas @returns {Named | undefined} */
const shownFirst = ({ found }) => found.find(({ example }) => example);

/**
 * @param {Card} card of model A
 * @param {Card | undefined} other of model B
 * @param {Atlas} atlas of A
 * @param {Atlas | null} others of B
 * @returns {Partial<State>} nothing where no passage shows a cell
 */
export function opening(card, other, atlas, others) {
  const shown = shownFirst(atlas);
  if (!shown?.example) return {};
  const rows = rowsOf(atlas, others);
  return {
    a: card.name,
    b: other?.name ?? "none",
    cells: formatCells(rows.a),
    cellsB: rows.b.length > 0 ? formatCells(rows.b) : "",
    pick: rows.a[0] ?? 0,
    pickB: rows.b[0] ?? null,
    feature: shown.feature,
    text: shown.example.text,
  };
}

/** A model reads a text with fewer characters unknown than this. */
const UNKNOWN = 0.1;

/**
 * The text that shows what a cell is named after: the passage of its atlas; without one the text shown where it has
 * the feature, or else a sample that has it and that the model reads.
 * @param {Named} named
 * @param {Card | undefined} card
 * @param {string} shown
 * @returns {string | null} null: the one shown stays
 */
export function textFor({ feature, example }, card, shown) {
  if (example) return example.text;
  const mark = FEATURES[feature]?.mark;
  const alphabet = new Set(card?.vocabulary);
  const has = (/** @type {string} */ text) =>
    !mark || mark(Array.from(text, (c) => readAs(alphabet, c) ?? "\0")).includes(1);
  if (has(shown)) return null;
  const reads = (/** @type {string} */ text) =>
    legibility(tally(text), card?.vocabulary ?? []).read >= 1 - UNKNOWN;
  return SAMPLES.find(({ text }) => has(text) && reads(text))?.text ?? null;
}

/**
 * Where a link to a named cell leads: that cell, and the one that marks the same feature in the other model. C and D show
 * the cell that A does.
 * @param {readonly Card[]} cards A before B
 * @param {readonly (Atlas | null)[]} atlases of them
 * @param {number} panel whose cell it is
 * @param {Named} named
 * @param {string} [text] that is shown
 * @returns {import("../state/address.js").Address}
 */
export function addressOfNamed(cards, atlases, panel, named, text = "") {
  const passage = textFor(named, cards[panel], text);
  const cells = cards.map((_, k) =>
    k === panel
      ? named.cell
      : (atlases[k]?.found.find(({ feature }) => feature === named.feature)?.cell ?? named.cell),
  );
  const [a = 0, b] = cells;
  return {
    a: cards[0]?.name ?? "",
    b: cards[1]?.name ?? "none",
    ...(cards[2] ? { c: cards[2].name } : {}),
    ...(cards[3] ? { d: cards[3].name } : {}),
    view: "figure",
    cells: String(a),
    cellsb: b === undefined || b === a ? "" : String(b),
    order: "index",
    pick: String(a),
    ...(b === undefined || b === a ? {} : { pickb: String(b) }),
    feature: named.feature,
    ...(passage === null ? {} : { text: passage }),
  };
}
