// A model that cannot read the text, and a text that it can.

import { $, element } from "../base/dom.js";
import { readAs } from "../base/memories.js";
import { legibility, SAMPLES } from "../state/samples.js";
import { shownCards } from "../state/state.js";

/** @typedef {import("../state/state.js").State} State */

const REST = 250;

/**
 * Say which model cannot read the text, and offer one that it can.
 * @param {State} state
 * @param {(text: string) => void} replace
 */
function offer(state, replace) {
  const { text } = state;
  /** @type {(Node | string)[]} */
  const parts = [];
  for (const [panel, card] of shownCards(state).entries()) {
    const alphabet = new Set(card.vocabulary);
    /** @type {Map<string, boolean>} */
    const judged = new Map();
    const known = (/** @type {string} */ character) => {
      const before = judged.get(character);
      if (before !== undefined) return before;
      judged.set(character, readAs(alphabet, character) !== null);
      return judged.get(character) ?? false;
    };
    const share = legibility(text, known);
    if (share > 0.8 || text === "") continue;
    const best = SAMPLES.map((sample) => ({ sample, read: legibility(sample.text, known) })).sort(
      (one, other) => other.read - one.read,
    )[0];
    parts.push(
      `Model ${"AB"[panel]} knows ${Math.round(100 * share)} % of these characters; the others are underlined and read as nothing. `,
    );
    if (best && best.read > share) {
      const button = element("button", "", `Try “${best.sample.label}”`);
      button.type = "button";
      button.addEventListener("click", () => replace(best.sample.text));
      parts.push(button, " ");
    }
  }
  $("offer").replaceChildren(...parts);
  $("offer").hidden = parts.length === 0;
}

/**
 * Once the text rests.
 * @param {import("../state/store.js").Store<State>} store
 * @param {(text: string) => void} replace
 * @returns {() => void}
 */
export function offers(store, replace) {
  let timer = 0;
  return function soon() {
    clearTimeout(timer);
    timer = window.setTimeout(() => offer(store.get(), replace), REST);
  };
}
