// The fields that say which cells are shown: a list, or the one picked. What they cannot mean is said.

import { formatCells, parseCell, parseCells } from "../base/cells.js";
import { $ } from "../base/dom.js";
import { shownCards } from "../state/state.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../state/store.js").Store<State>} Store */

/** @param {State} state @param {"min" | "max"} which */
const hidden = (state, which) => Math[which](...shownCards(state).map((card) => card.hidden));

/** What is wrong with the cells of a state, as an address may have them; "" nothing. @param {State} state */
export function wrongCells(state) {
  const cards = shownCards(state);
  if (cards.length === 0) return "";
  if (state.view === "figure") return parseCells(state.cells, hidden(state, "min")).error ?? "";
  const short = cards.findIndex((card) => card.hidden <= state.pick);
  return state.view === "cell" && short >= 0
    ? `Model ${"AB"[short]} has no cell ${state.pick}: its last one is shown, ${(cards[short]?.hidden ?? 1) - 1}`
    : "";
}

/** @param {Store} store */
export function cellFields(store) {
  const fields = {
    /** @param {string} written @param {State} state @returns {{ error: string | null, patch: Partial<State> }} */
    cells(written, state) {
      const { cells, error } = parseCells(written, hidden(state, "min"));
      return { error, patch: { cells: formatCells(cells) } };
    },
    /** @param {string} written @param {State} state @returns {{ error: string | null, patch: Partial<State> }} */
    pick(written, state) {
      const { cell, error } = parseCell(written, hidden(state, "max"));
      return { error, patch: { pick: cell ?? 0 } };
    },
  };
  for (const id of /** @type {const} */ (["cells", "pick"])) {
    const input = /** @type {HTMLInputElement} */ ($(id));
    input.addEventListener("input", () => {
      const state = store.get();
      if (shownCards(state).length === 0) return;
      const { error, patch } = fields[id](input.value, state);
      input.setAttribute("aria-invalid", String(error !== null));
      if (error !== null) store.set({ problem: error });
      else store.set({ ...patch, problem: wrongCells({ ...state, ...patch }) });
    });
    // What was not understood does not stay as if it were shown.
    input.addEventListener("blur", () => {
      if (input.getAttribute("aria-invalid") === "true") store.set({ problem: "" });
      input.removeAttribute("aria-invalid");
      input.value = String(store.get()[id]);
    });
  }
}
