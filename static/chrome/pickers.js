// The models one may choose, and below them the files that the server refuses.

import { $, element } from "../base/dom.js";
import { titleOf } from "../base/memories.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../state/store.js").Store<State>} Store */

/** @param {number} panel */
const picker = (panel) => /** @type {HTMLSelectElement} */ ($(`model-${panel}`));

/** @param {Store} store */
export function pickers(store) {
  for (const panel of [0, 1]) {
    const select = picker(panel);
    select.addEventListener("change", () =>
      store.set({
        ...(panel === 0 ? { a: select.value } : { b: select.value }),
        ...{ beside: "", difference: false, problem: "" },
      }),
    );
  }
}

/** What may be chosen is this from now on. @param {State} state */
export function offerModels({ cards, refused }) {
  for (const panel of [0, 1]) {
    /** @type {HTMLElement[]} */
    const options = cards.map((card) => new Option(titleOf(card), card.name));
    if (panel === 1) options.push(new Option("No second model", "none"));
    if (refused.length > 0) {
      const group = element("optgroup");
      group.label = "Refused, and why";
      for (const { file, reason } of refused) {
        const option = new Option(`${file}: ${reason}`);
        option.disabled = true;
        group.append(option);
      }
      options.push(group);
    }
    picker(panel).replaceChildren(...options);
  }
}
