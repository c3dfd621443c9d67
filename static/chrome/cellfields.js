// The fields that say which cells are shown: a list, or the one picked, for both models or for B alone. What
// they cannot mean is said.

import { formatCells, parseCell, parseCells } from "../base/cells.js";
import { $, say } from "../base/dom.js";
import { letterOf } from "../base/places.js";
import { pickedIn } from "../state/panels.js";
import { cellsOf, pickOf, shownCards, usesListOfB } from "../state/state.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../state/store.js").Store<State>} Store */
/** @typedef {{ error: string | null, patch: Partial<State> }} Understood */

/**
 * The cells that a list may name: those of A, and of B too where B has no list of its own. C and D show of them
 * what they have.
 * @param {State} state
 */
function most(state) {
  const cards = shownCards(state);
  return Math.min(...cards.slice(0, state.cellsB ? 1 : 2).map((card) => card.hidden));
}

/** @param {State} state */
const mostB = (state) => shownCards(state)[1]?.hidden ?? Number.POSITIVE_INFINITY;

/** Whether the cell picked is what the view shows. @param {State} state */
const showsPicked = ({ view, scope, why }) =>
  ({ cell: true, pair: true, forgetting: scope === "cell", why: why.startsWith("cell") })[view] ??
  false;

/** What is wrong with the cells of a state, as an address may have them; "" nothing. @param {State} state */
export function wrongCells(state) {
  const cards = shownCards(state);
  if (cards.length === 0) return "";
  if (state.view === "figure") {
    const { error } = parseCells(cellsOf(state, 0), most(state));
    const ofB = state.beside === "" ? state.cellsB : "";
    return error ?? (ofB && parseCells(ofB, mostB(state)).error) ?? "";
  }
  const short = cards.findIndex((card, panel) => card.hidden <= pickOf(state, panel));
  return showsPicked(state) && short >= 0
    ? `Model ${letterOf(short)} has no cell ${pickOf(state, short)}: its last one is shown, ${(cards[short]?.hidden ?? 1) - 1}`
    : "";
}

/** What is written in each field, understood. B's are empty where they are A's. */
export const FIELDS = {
  /** @param {string} written @param {State} state @returns {Understood} */
  cells(written, state) {
    const { cells, error } = parseCells(written, most(state));
    const list = formatCells(cells);
    return {
      error,
      patch: usesListOfB(state, 0) && state.cellsB ? { cellsB: list } : { cells: list },
    };
  },
  /** @param {string} written @param {State} state @returns {Understood} */
  "cells-b"(written, state) {
    if (written.trim() === "") return { error: null, patch: { cellsB: "" } };
    const { cells, error } = parseCells(written, mostB(state));
    return { error, patch: { cellsB: formatCells(cells) } };
  },
  /** @param {string} written @param {State} state @returns {Understood} */
  pick(written, state) {
    const hidden = shownCards(state).map((card) => card.hidden);
    const { cell, error } = parseCell(written, Math.max(...hidden));
    return { error, patch: pickedIn(state, 0, cell ?? 0) };
  },
  /** @param {string} written @param {State} state @returns {Understood} */
  "pick-b"(written, state) {
    if (written.trim() === "") return { error: null, patch: { pickB: null } };
    const { cell, error } = parseCell(written, mostB(state));
    return { error, patch: { pickB: cell } };
  },
};

/** What the fields hold when they say what the state says. @param {State} state */
export const fieldsOf = (state) => ({
  cells: cellsOf(state, 0),
  "cells-b": state.cellsB,
  pick: String(pickOf(state, 0)),
  "pick-b": state.pickB === null ? "" : String(state.pickB),
});

/** A model alone, or the same model twice, has one list: there is none of B. @param {State} state */
export function offerListOfB(state) {
  const alone = state.beside !== "" || shownCards(state).length === 1;
  for (const id of ["cells-b", "pick-b"]) $(id).closest("label")?.toggleAttribute("hidden", alone);
}

/** In any order but that of their numbers the list names places. @param {State} state */
export function nameCells({ order }) {
  const field = $("cells-field");
  const places = order !== "index";
  say(/** @type {Element} */ (field.firstElementChild), places ? "Places" : "Cells");
  field.title = places ? "Places in the order chosen: 0 is the cell that comes first" : "";
}

/** @param {Store} store */
export function cellFields(store) {
  for (const id of /** @type {(keyof typeof FIELDS)[]} */ (Object.keys(FIELDS))) {
    const input = /** @type {HTMLInputElement} */ ($(id));
    input.addEventListener("input", () => {
      const state = store.get();
      if (shownCards(state).length === 0) return;
      const { error, patch } = FIELDS[id](input.value, state);
      input.setAttribute("aria-invalid", String(error !== null));
      if (error !== null) store.set({ problem: error });
      else store.set({ ...patch, problem: wrongCells({ ...state, ...patch }) });
    });
    // What was not understood does not stay as if it were shown.
    input.addEventListener("blur", () => {
      if (input.getAttribute("aria-invalid") === "true") store.set({ problem: "" });
      input.removeAttribute("aria-invalid");
      input.value = fieldsOf(store.get())[id];
    });
  }
}
