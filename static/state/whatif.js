// What if: how a visitor begins to change a model, and takes it all back. Pure.

import { MOST_INTERVENTIONS } from "./interventions.js";
import { namesOf, shownCards } from "./state.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./interventions.js").Intervention} Intervention */

/** Nothing is changed, and the models are shown in their places. */
export const UNTOUCHED = /** @type {Partial<State>} */ ({
  interventions: [],
  beside: "",
  difference: false,
});

/**
 * A cell of a model shown is held at zero, to begin with; the first time, the model comes to stand beside itself
 * untouched. It holds over the characters selected, if any are.
 * @param {State} state
 * @param {number} panel
 * @param {number} column its memory
 * @param {number} cell
 * @returns {Partial<State>}
 */
export function heldCell(state, panel, column, cell) {
  const { interventions, span } = state;
  const card = shownCards(state)[panel];
  const memory = card?.memories[column] ?? card?.memories[0];
  if (!card || !memory) return {};
  if (interventions.length >= MOST_INTERVENTIONS)
    return { problem: `At most ${MOST_INTERVENTIONS} changes are made at once.` };
  const { layer, level } = memory;
  const model = card.name;
  const { from = 0, to = null } = span ?? {};
  /** @type {Intervention} */
  const one = { model, layer, level, cells: [cell], operation: "set", value: 0, from, to };
  return {
    interventions: [...interventions, one],
    ...(interventions.length === 0 ? { beside: model } : {}),
  };
}

/** Without what is changed in models that are not shown any more. @param {State} state @returns {Partial<State>} */
export function pruned(state) {
  const { interventions, beside } = state;
  const names = namesOf(state);
  const stay = interventions.filter(({ model }) => names.includes(model));
  if (stay.length === 0) return interventions.length > 0 ? UNTOUCHED : {};
  return {
    ...(stay.length < interventions.length ? { interventions: stay } : {}),
    ...(names.includes(beside) ? {} : { beside: "" }),
  };
}
