// The models side by side, one to four: which are served, and how one comes and goes. Pure.

import { parseCells } from "../base/cells.js";
import { nameOfFile } from "../base/memories.js";
import { MOST_PANELS, PLACES } from "../base/places.js";
import { SAMPLES } from "./samples.js";
import { cellsOf, namesOf, pickOf, pinsOf, usesListOfB } from "./state.js";

/** @typedef {import("../base/places.js").Place} Place */
/** @typedef {import("./state.js").Card} Card */
/** @typedef {import("./state.js").State} State */

const NONE = "none";

/** Asked for by name where an address does not say. */
const DEFAULT_MODELS = SAMPLES[0]?.models ?? [];

/** The first model of a kind, for a server without the usual names. @param {Card[]} cards @param {boolean} nested */
const firstOf = (cards, nested) => cards.find((card) => card.depth > 1 === nested) ?? cards[0];

/** Names in their places, those left over empty. @param {readonly string[]} names @returns {Record<Place, string>} */
export function placed([a = NONE, b = NONE, c = NONE, d = NONE]) {
  return { a, b, c, d };
}

/**
 * The models shown of those that are served: the ones asked for, A and B else the nearest by kind. No place is
 * left empty before one that is taken.
 * @param {Card[]} cards
 * @param {readonly (string | undefined)[]} asked by place
 */
export function panelsOf(cards, asked) {
  const names = PLACES.map((_, k) => {
    const wanted = asked[k] ?? DEFAULT_MODELS[k] ?? NONE;
    const named = (/** @type {string} */ name) => cards.find((card) => card.name === name);
    const found = named(wanted) ?? named(nameOfFile(wanted));
    if (found || k > 1 || (k === 1 && wanted === NONE)) return found?.name ?? NONE;
    return firstOf(cards, k === 0)?.name ?? NONE;
  });
  return placed(names.filter((name) => name !== NONE));
}

/** Another model beside those shown; nothing where there is no place for it. @param {State} state @param {string} name @returns {Partial<State>} */
export function added(state, name) {
  const names = namesOf(state);
  return names.length < MOST_PANELS ? placed([...names, name]) : {};
}

/**
 * Cells that another model in a place has, where it has not all of those shown.
 * @param {State} state
 * @param {number} panel
 * @param {string} name
 * @returns {Partial<State>}
 */
function fitting(state, panel, name) {
  const hidden = state.cards.find((card) => card.name === name)?.hidden;
  if (hidden === undefined || panel > 1) return {};
  const ofB = usesListOfB(state, panel);
  const { error } = parseCells(cellsOf(state, panel), hidden);
  const first = `0-${Math.min(6, hidden - 1)}`;
  const cells = error === null ? {} : ofB ? { cellsB: first } : { cells: first };
  return { ...cells, ...(pickOf(state, panel) < hidden ? {} : pickedIn(state, panel, 0)) };
}

/**
 * Another model in a place, or none: then the models behind it come up. The one that comes up to A or B goes
 * on showing the cells it showed.
 * @param {State} before
 * @param {number} panel
 * @param {string} name "none" removes the model
 * @returns {Partial<State>}
 */
export function put(before, panel, name) {
  const state = { ...before, beside: "" };
  const names = namesOf(state);
  if (name !== NONE)
    return { ...placed(names.toSpliced(panel, 1, name)), ...fitting(state, panel, name) };
  if (names.length < 2 || panel >= names.length) return {};
  const stay = [...names.keys()].filter((k) => k !== panel);
  const rest = {
    ...placed(stay.map((k) => names[k] ?? NONE)),
    found: stay.map((k) => state.found[k] ?? null),
    ...{ point: null, pinned: false },
  };
  if (panel > 1) return rest;
  const [a = 0, b] = stay;
  const [cells, pick] = [cellsOf(state, a), pickOf(state, a)];
  if (b === undefined) {
    const pins = pinsOf(state, a).join();
    return { ...rest, cells, pick, cellsB: "", pickB: null, pins: pins && `${pins}/` };
  }
  const [cellsB, pickB] = [cellsOf(state, b), pickOf(state, b)];
  const pins = [a, b].map((k) => pinsOf(state, k).join()).join("/");
  return {
    ...{ ...rest, cells, pick },
    cellsB: cellsB === cells ? "" : cellsB,
    pickB: pickB === pick ? null : pickB,
    pins: pins === "/" ? "" : pins,
  };
}

/**
 * A cell is picked in one panel alone.
 * @param {State} state
 * @param {number} panel
 * @param {number} cell
 * @returns {Partial<State>}
 */
export const pickedIn = (state, panel, cell) =>
  usesListOfB(state, panel) ? { pickB: cell } : { pick: cell };

/**
 * The cells found are picked, A's in A and B's in B; of a model that is shown twice one cell is, the first. C and D
 * have none of their own.
 * @param {State} state
 * @param {readonly (import("./state.js").Found | null | undefined)[]} found by panel
 * @returns {Pick<State, "pick" | "pickB">}
 */
export function pickedEach(state, found) {
  const { pick, pickB } = state;
  const picks = { pick, pickB };
  for (const panel of [1, 0]) {
    const cell = found[panel]?.cell;
    if (cell !== undefined) Object.assign(picks, pickedIn(state, panel, cell));
  }
  return picks;
}

/**
 * A cell is picked where it stands: with a list of its own, B picks the cell in the same row as A, and A that of B.
 * @param {State} state
 * @param {number} panel
 * @param {number} cell
 * @param {readonly { cells: readonly number[] }[]} sheets rows of each model
 * @returns {Partial<State>}
 */
export function picked(state, panel, cell, sheets) {
  if (state.cellsB === "" || state.beside !== "") return { pick: cell, pickB: null };
  const rank = sheets[panel]?.cells.indexOf(cell) ?? -1;
  const ofB = usesListOfB(state, panel);
  const other = sheets[ofB ? 0 : 1]?.cells[rank];
  return ofB ? { pick: other ?? cell, pickB: cell } : { pick: cell, pickB: other ?? null };
}
