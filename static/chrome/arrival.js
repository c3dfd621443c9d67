// The models arrive: with the first the visit begins, and later ones take the places of those that are shown.

import { begun } from "../atlas/begun.js";
import { complaint } from "../state/complaint.js";
import { SAMPLES } from "../state/samples.js";
import { taken } from "../state/served.js";
import { normalise } from "../text/edits.js";
import { servedModels } from "../wire/models.js";

/** @typedef {import("../state/state.js").State} State */

/** The text where nothing says which. */
const FIRST = /** @type {{ text: string }} */ (SAMPLES[0]);
const NO_MODELS =
  "This server has no model that reads text: put a checkpoint into its folder, and it appears here.";

/**
 * @param {import("../views/views.js").Views} views
 * @param {ReturnType<typeof import("../text/editor.js").editor>} editor
 * @param {ReturnType<typeof import("../state/addressbar.js").addressBar>} address
 * @returns {() => Promise<void>} ask what the server serves now
 */
export function arrival({ store, atlases }, editor, address) {
  const complain = complaint(store);

  /** The first models are here. @param {State["cards"]} cards */
  async function begin(cards) {
    const wanted = await address.first(cards, () => begun(cards, atlases));
    const text = editor.typed() ?? normalise(wanted.text ?? FIRST.text);
    editor.start(text);
    store.set({ problem: "", ...wanted, cards, text });
  }

  return async function follow() {
    try {
      const { cards, refused } = await servedModels();
      const state = store.get();
      store.set({ refused, ...(state.cards.length > 0 ? taken(state, cards) : {}) });
      complain("");
      if (store.get().cards.length > 0) return;
      if (cards.length > 0) await begin(cards);
      else store.set({ problem: NO_MODELS });
    } catch (error) {
      complain(/** @type {Error} */ (error).message);
    }
  };
}
