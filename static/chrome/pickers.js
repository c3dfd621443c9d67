// The models side by side: which one may choose for each place, a further one beside them, and one removed. Below
// them stand the files that the server refuses.

import { $, element } from "../base/dom.js";
import { titleOf } from "../base/memories.js";
import { offerIn } from "../base/options.js";
import { letterOf, MOST_PANELS, PLACES } from "../base/places.js";
import { added, put } from "../state/panels.js";
import { namesOf, shownCards } from "../state/state.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../state/store.js").Store<State>} Store */

const PANELS = [...PLACES.keys()];

/** @param {string} id */
const select = (id) => /** @type {HTMLSelectElement} */ ($(id));

/** @param {Store} store */
export function pickers(store) {
  /** @param {Partial<State>} models @param {number} panel where the focus goes that has no place any more */
  function show(models, panel) {
    store.set({ ...models, beside: "", difference: false, problem: "" });
    select(`model-${Math.max(0, panel)}`).focus();
  }
  for (const panel of PANELS) {
    const chosen = select(`model-${panel}`);
    chosen.addEventListener("change", () =>
      show(put(store.get(), panel, chosen.value), chosen.value === "none" ? panel - 1 : panel),
    );
    $(`away-${panel}`).addEventListener("click", () =>
      show(put(store.get(), panel, "none"), panel - 1),
    );
    const further = select(`add-${panel}`);
    further.addEventListener("change", () => {
      show(added(store.get(), further.value), panel + 1);
      further.value = "";
    });
  }
}

/** What may be chosen is this from now on. @param {State} state */
export function offerModels({ cards, refused }) {
  for (const panel of PANELS) {
    for (const id of [`model-${panel}`, `add-${panel}`]) {
      /** @type {HTMLElement[]} */
      const options = cards.map((card) => new Option(titleOf(card), card.name));
      if (id.startsWith("add")) options.unshift(new Option("Add a model", ""));
      else if (panel > 0) options.push(new Option("Remove this model", "none"));
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
      offerIn(select(id), options);
    }
  }
}

/** The places say which models are shown. @param {State} state */
export function showPlaces(state) {
  const names = namesOf(state);
  const alone = state.beside !== "";
  for (const panel of PANELS) {
    select(`model-${panel}`).value = state.beside || (names[panel] ?? "none");
    $(`away-${panel}`).hidden = alone || names.length < 2;
    $(`more-${panel}`).hidden = alone || panel !== names.length - 1 || names.length === MOST_PANELS;
  }
  const writers = select("write-model");
  const letters = shownCards(state).map((_, panel) => letterOf(panel));
  if (writers.options.length !== letters.length)
    writers.replaceChildren(...letters.map((letter, k) => new Option(letter, String(k))));
}
