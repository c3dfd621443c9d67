// The server's folder has changed: the models that one may choose, and those that are shown meanwhile.
// What is shown stays until one leaves it, also where its file is another or gone: under its old name.

import { nameOfFile, oldName } from "../base/memories.js";
import { shownCards } from "./state.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("../base/memories.js").Card} Card */

/**
 * @param {Pick<State, "cards" | "a" | "b">} state
 * @param {Card[]} served what the server lists now
 * @returns {Partial<State>} nothing where that is no news
 */
export function taken(state, served) {
  /** @type {Map<string, string>} */
  const names = new Map([["none", "none"]]);
  /** @type {Card[]} */
  const kept = [];
  for (const card of shownCards(/** @type {State} */ (state))) {
    if (names.has(card.name)) continue;
    const name = nameOfFile(card.name);
    const same = served.filter(({ sha256 }) => sha256 === card.sha256);
    const now = same.find((other) => other.name === name) ?? same[0];
    if (!now) {
      const gone = !served.some((other) => other.name === name);
      const as = card.old ? card.name : oldName(card);
      kept.push({ ...card, name: as, old: gone ? "removed" : "changed" });
    }
    names.set(card.name, now?.name ?? kept.at(-1)?.name ?? "none");
  }
  const cards = [...served, ...kept];
  const [a = state.a, b = state.b] = [names.get(state.a), names.get(state.b)];
  const told = (/** @type {Card[]} */ list) => JSON.stringify(list);
  return told(cards) === told(state.cards) && a === state.a && b === state.b ? {} : { cards, a, b };
}
