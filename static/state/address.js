// The whole view as the fragment of the address, and back.

import { FIELDS } from "./fields.js";
import { fits } from "./interventions.js";
import { panelsOf } from "./panels.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./fields.js").Known} Known */
/** @typedef {import("../base/places.js").Place} Place */
/** @typedef {Record<string, string>} Address what an address holds, by the names of the fields */

/** What of the state an address tells. */
export const ADDRESSED = new Set(FIELDS.flatMap(({ from }) => from));

/** @param {State} state @returns {Address} */
export function addressOf(state) {
  /** @type {Address} */
  const address = {};
  for (const { name, write } of FIELDS) {
    const value = write(state);
    if (value !== undefined) address[name] = value;
  }
  return address;
}

/**
 * The fields of the state that an address tells, those that make no sense left out.
 * @param {Address} address
 * @param {Known} known
 * @returns {Partial<State>}
 */
export function stateOf(address, known) {
  /** @type {Partial<State>} */
  const state = {};
  for (const { name, read } of FIELDS) {
    const value = address[name];
    if (value !== undefined) Object.assign(state, read(value, known));
  }
  const { a, b, c, d } = state;
  const models = panelsOf(known.cards, [a, b, c, d]);
  return { ...state, ...models, ...ofModels(state, models, known.cards) };
}

/**
 * What is changed in models: the letters of their places become their names, and what they do not have goes.
 * @param {Partial<State>} state
 * @param {Record<Place, string>} models
 * @param {State["cards"]} cards
 * @returns {Partial<State>}
 */
function ofModels({ interventions, beside }, models, cards) {
  /** @param {string} letter */
  const cardOf = (letter) =>
    cards.find(({ name }) => name === models[/** @type {Place} */ (letter)]);
  /** @type {Partial<State>} */
  const found = {};
  if (interventions)
    found.interventions = interventions.flatMap((one) => {
      const card = cardOf(one.model);
      return card && fits(one, card) ? [{ ...one, model: card.name }] : [];
    });
  if (beside) found.beside = cardOf(beside)?.name ?? "";
  return found;
}

/** @param {Address} address */
export function formatAddress(address) {
  const parts = [];
  for (const { name } of FIELDS) {
    const value = address[name];
    if (value !== undefined)
      parts.push(`${name}=${encodeURIComponent(value).replaceAll("%20", "+")}`);
  }
  return parts.length > 0 ? `#${parts.join("&")}` : "";
}

/**
 * @param {string} fragment with or without its #
 * @returns {Address}
 */
export function parseAddress(fragment) {
  /** @type {Address} */
  const address = {};
  for (const part of fragment.replace(/^#/, "").split("&")) {
    const [name, value] = part.split("=", 2);
    const field = FIELDS.find((f) => f.name === name);
    if (!field || value === undefined) continue;
    try {
      address[field.name] = decodeURIComponent(value.replaceAll("+", "%20"));
    } catch {
      // A fragment cut in the middle of an escape: that field is left out.
    }
  }
  return address;
}
