// What the view shown asks of every model beyond the live channel.

import { madeIn, shownCards } from "../state/state.js";

/** Why the last question was not answered, in words; "" where it was. */
let failed = "";

/**
 * @param {object} page
 * @param {import("../state/store.js").Store<import("./view.js").State>} page.store
 * @param {import("../wire/session.js").Session} page.session
 * @param {import("./view.js").Mounted} page.shown
 * @param {() => void} page.look
 * @returns {import("../wire/requests.js").Question | null} null where it asks for nothing
 */
export function questionOf({ store, session, shown, look }) {
  const state = store.get();
  /** @param {string} words */
  function tell(words) {
    if (words || store.get().problem === failed) store.set({ problem: words });
    failed = words;
  }
  if (!shown.ask) {
    tell("");
    return null;
  }
  return {
    cards: shownCards(state),
    text: session.text,
    made: madeIn(state),
    ask: (card, text, panel) => shown.ask?.(state, card, text, panel) ?? [],
    asked: () => shown.asked?.(),
    answer: (panel, values, card) => shown.answer?.(panel, values, card),
    failed: (error) => tell(error.message),
    done() {
      tell("");
      look();
    },
  };
}
