// What the view shown asks of every model beyond the live channel.

import { madeIn, shownCards } from "../state/state.js";

/**
 * @param {object} page
 * @param {import("../state/store.js").Store<import("./view.js").State>} page.store
 * @param {import("../wire/session.js").Session} page.session
 * @param {import("./view.js").Mounted} page.shown
 * @param {() => void} page.look
 * @param {(words: string) => void} page.complain
 * @returns {import("../wire/requests.js").Question | null} null where it asks for nothing
 */
export function questionOf({ store, session, shown, look, complain }) {
  const state = store.get();
  if (!shown.ask) {
    complain("");
    return null;
  }
  return {
    cards: shownCards(state),
    text: session.text,
    made: madeIn(state),
    ask: (card, text, panel) => shown.ask?.(state, card, text, panel) ?? [],
    asked: () => shown.asked?.(),
    answer: (panel, values, card) => shown.answer?.(panel, values, card),
    failed: (error) => complain(error.message),
    done() {
      complain("");
      look();
    },
  };
}
