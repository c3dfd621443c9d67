// Values of the text beyond the live channel, asked for once the text rests; a newer question ends an older one.

import { trace } from "./trace.js";

/** @typedef {import("../base/memories.js").Card} Card */
/**
 * @typedef {object} Question
 * @property {Card[]} cards
 * @property {string} text
 * @property {(card: Card) => Omit<import("./trace.js").Wanted, "model" | "text">} ask
 * @property {() => void} asked it is on its way
 * @property {(panel: number, values: Float32Array, card: Card) => void} answer
 * @property {(error: Error) => void} failed
 * @property {() => void} done every model has answered
 */

const REST = 150;

/**
 * @param {() => Question | null} current null: nothing is wanted
 * @returns {() => void} ask soon
 */
export function requests(current) {
  /** @type {AbortController | null} */
  let asking = null;
  let timer = 0;

  async function ask() {
    const question = current();
    asking?.abort();
    if (!question) return;
    asking = new AbortController();
    const { signal } = asking;
    question.asked();
    try {
      await Promise.all(
        question.cards.map(async (card, panel) => {
          const wanted = { ...question.ask(card), model: card.name, text: question.text };
          const { values } = await trace(wanted, signal);
          if (!signal.aborted) question.answer(panel, values, card);
        }),
      );
      if (!signal.aborted) question.done();
    } catch (error) {
      if (!signal.aborted) question.failed(/** @type {Error} */ (error));
    }
  }

  return function soon() {
    clearTimeout(timer);
    timer = window.setTimeout(ask, REST);
  };
}
