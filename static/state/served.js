// The server's folder has changed: the models that one may choose, and those that are shown meanwhile.
// What is shown stays until one leaves it, also where its file is another or gone: under its old name.

import { nameOfFile, oldName } from "../base/memories.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("../base/memories.js").Card} Card */

/**
 * A server that has started anew has forgotten the old models: what their files hold now takes their places.
 * @param {Pick<State, "cards" | "a" | "b" | "beside" | "interventions"> & Partial<Pick<State, "c" | "d">>} state
 * @returns {Partial<State>} nothing where no old model is shown
 */
export function renewed({ cards, a, b, c = "none", d = "none", beside, interventions }) {
  const served = cards.filter((card) => !card.old);
  const old = new Set(cards.filter((card) => card.old).map(({ name }) => name));
  if (![a, b, c, d, beside].some((name) => old.has(name))) return {};
  /** @param {string} name @param {string} without */
  const now = (name, without = "none") => {
    if (!old.has(name)) return name;
    return served.some((card) => card.name === nameOfFile(name)) ? nameOfFile(name) : without;
  };
  return {
    cards: served,
    a: now(a, served[0]?.name),
    b: now(b),
    c: now(c),
    d: now(d),
    beside: now(beside, ""),
    interventions: interventions.filter(({ model }) => !old.has(model)),
  };
}

/**
 * @param {Pick<State, "cards" | "a" | "b" | "beside" | "interventions"> & Partial<Pick<State, "c" | "d">>} state
 * @param {Card[]} served what the server lists now
 * @returns {Partial<State>} nothing where that is no news
 */
export function taken(state, served) {
  const { a, b, c = "none", d = "none", beside, interventions } = state;
  /** @type {Map<string, string>} from what a model was called to what it is called now */
  const names = new Map();
  /** @type {Card[]} */
  const kept = [];
  for (const card of state.cards) {
    if (![a, b, c, d, beside].includes(card.name)) continue;
    const name = nameOfFile(card.name);
    const same = served.filter(({ sha256 }) => sha256 === card.sha256);
    const now = same.find((other) => other.name === name) ?? same[0];
    const as = now?.name ?? (card.old ? card.name : oldName(card));
    names.set(card.name, as);
    if (now) continue;
    const gone = !served.some((other) => other.name === name);
    kept.push({ ...card, name: as, old: gone ? "removed" : "changed" });
  }
  /** @param {string} name */
  const called = (name) => names.get(name) ?? name;
  const next = {
    cards: [...served, ...kept],
    a: called(a),
    b: called(b),
    c: called(c),
    d: called(d),
    beside: called(beside),
    interventions: interventions.map((one) => ({ ...one, model: called(one.model) })),
  };
  const before = { cards: state.cards, a, b, c, d, beside, interventions };
  return JSON.stringify(next) === JSON.stringify(before) ? {} : next;
}
