// Where the models shown cannot read the text as it is: what they make of it, and the models that can.

import { $, element } from "../base/dom.js";
import { SAMPLES } from "../state/samples.js";
import { shownCards } from "../state/state.js";
import { complaints, readers, tally } from "./legibility.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../state/store.js").Store<State>} Store */

const REST = 250;

/** @param {Store} store */
function offer(store) {
  const state = store.get();
  const { text, cards } = state;
  const shown = shownCards(state);
  const counts = tally(text);
  const preferred = SAMPLES.find((sample) => sample.text === text)?.models;
  const names = readers(counts, shown, cards, preferred).map(({ name }) => name);
  const better = names.some((name, k) => name !== shown[k]?.name);
  /** @type {(Node | string)[]} */
  const parts = complaints(counts, shown, better).flatMap((words) => [words, " "]);
  if (better) {
    const button = element("button", "", `Read it with ${[...new Set(names)].join(" and ")}`);
    button.type = "button";
    const [a = state.a, b = state.b] = names;
    button.addEventListener("click", () => store.set({ a, b }));
    parts.push(button);
  } else if (parts.length > 0) parts.push("No model here reads more of it.");
  $("offer").replaceChildren(...parts);
  $("offer").hidden = parts.length === 0;
}

/**
 * Once the text rests.
 * @param {Store} store
 * @returns {() => void}
 */
export function offers(store) {
  let timer = 0;
  return function soon() {
    clearTimeout(timer);
    timer = window.setTimeout(() => offer(store), REST);
  };
}
