// Where the models shown cannot read the text as it is: what they make of it, and the models that can.

import { $, element } from "../base/dom.js";
import { placed } from "../state/panels.js";
import { SAMPLES } from "../state/samples.js";
import { shownCards } from "../state/state.js";
import { composed } from "./accents.js";
import { complaints, legibility, readers, tally } from "./legibility.js";
import { plainSentences } from "./plain.js";
import { BEFORE, changesInWords, changesOf, poemOf, readText } from "./poem.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../state/store.js").Store<State>} Store */

const REST = 250;

/** @typedef {(text: string) => void} Replace puts a text in place of all, so that it can be undone */

/** @param {Store} store @param {Replace} replace */
function offer(store, replace) {
  const state = store.get();
  const { cards } = state;
  const text = readText(state).replace(state.poem ? BEFORE : "", "");
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
    button.addEventListener("click", () => store.set(placed(names)));
    parts.push(button);
  }
  const poem = asPoem(store);
  if (!better && poem.length === 0 && parts.length > 0)
    parts.push("No model here reads more of it.");
  parts.push(...poem);
  // What follows is no complaint: it is said quietly where it is all there is to say.
  $("offer").classList.toggle("aside", parts.length === 0);
  for (const words of plainSentences(counts, shown))
    parts.push(" ", element("span", "plain", words));
  parts.push(...asComposed(state.text, replace));
  $("offer").replaceChildren(...parts);
  $("offer").hidden = parts.length === 0;
}

/** Accents that are characters of their own may be composed. @param {string} text @param {Replace} replace */
function asComposed(text, replace) {
  const whole = composed(text);
  if (whole === null) return [];
  const button = element("button", "", "Compose accents");
  button.type = "button";
  button.addEventListener("click", () => replace(whole));
  const words = "Some accents are typed as characters of their own.";
  return [" ", element("span", "plain", words), " ", button];
}

/**
 * A Chinese text that a model of poems cannot read as typed: that it may be read as a poem, or that it is.
 * @param {Store} store
 * @returns {(Node | string)[]}
 */
function asPoem(store) {
  const state = store.get();
  const changes = changesOf(state.text);
  const changed = changesInWords(changes, state.poem ? "s" : "to");
  if (changed === "") return [];
  const poem = tally(poemOf(state.text));
  const typed = tally(state.text);
  const helps = shownCards(state).some(
    ({ vocabulary }) => legibility(poem, vocabulary).read > legibility(typed, vocabulary).read,
  );
  if (!state.poem && !helps) return [];
  const button = element("button", "", state.poem ? "Read it as typed" : "Read it as a poem");
  button.type = "button";
  button.addEventListener("click", () => store.set({ poem: !state.poem }));
  return state.poem
    ? [`Read as a poem, which ${changed}; the text stays as typed. `, button]
    : [" ", button, `: ${changed}.`];
}

/**
 * Once the text rests.
 * @param {Store} store
 * @param {Replace} replace
 * @returns {() => void}
 */
export function offers(store, replace) {
  let timer = 0;
  return function soon() {
    clearTimeout(timer);
    timer = window.setTimeout(() => offer(store, replace), REST);
  };
}
