// The cells of a model by how long their memory lasts, from the report shipped beside the checkpoint.

import { longestFirst } from "../wire/report.js";

/** @typedef {import("../base/memories.js").Card} Card */

export class Lasting {
  /**
   * @param {() => void} changed an order has come
   * @param {(words: string) => void} problem
   */
  constructor(changed, problem) {
    this.changed = changed;
    this.problem = problem;
    /** @type {Map<string, number[] | null>} by model; null while it is on its way or where there is none */
    this.orders = new Map();
  }

  /** The cells, longest first; null while unknown. @param {Card} card @returns {number[] | null} */
  order(card) {
    const known = this.orders.get(card.name);
    if (known !== undefined) return known;
    this.orders.set(card.name, null);
    this.#fetch(card).catch(() => {
      this.orders.delete(card.name); // asked again at the next choice
      this.problem(`The timescales of ${card.name} did not come.`);
    });
    return null;
  }

  /** @param {Card} card */
  async #fetch(card) {
    const answer = await fetch(`/api/timescales/${encodeURIComponent(card.name)}`);
    if (answer.status === 404)
      return this.problem(
        `How long the cells of ${card.name} last has not been measured: they stay in order of number.`,
      );
    if (!answer.ok) throw new Error(String(answer.status));
    this.orders.set(card.name, longestFirst(await answer.json(), card));
    return this.changed();
  }
}
