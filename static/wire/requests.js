// Values of the text beyond the live channel, asked for once the text rests; a newer question ends an older one.

import { trace } from "./trace.js";

/** @typedef {import("../base/memories.js").Card} Card */
/** @typedef {Omit<import("./trace.js").Wanted, "model" | "text"> & { text?: string }} Ask of the text shown, or of another */
/**
 * @typedef {object} Question
 * @property {Card[]} cards
 * @property {string} text
 * @property {(card: Card, text: string, panel: number) => Ask[]} ask
 * @property {readonly (readonly object[])[]} made by model, the interventions it reads under
 * @property {() => void} asked it is on its way
 * @property {(panel: number, values: Float32Array[], card: Card) => void} answer
 * @property {(error: Error) => void} failed
 * @property {() => void} done every model has answered
 */

const REST = 150;

/** As a field of what is asked; none where nothing is changed. @param {readonly object[]} [made] */
export const under = (made = []) => (made.length > 0 ? { interventions: made } : {});

/**
 * @param {() => Question | null} current null: nothing is wanted
 * @returns {{ (): void, pending: () => boolean }} ask soon; and whether an answer is on its way
 */
export function requests(current) {
  /** @type {AbortController | null} */
  let asking = null;
  let timer = 0;
  let pending = false;

  async function ask() {
    const question = current();
    asking?.abort();
    if (!question) {
      pending = false;
      return;
    }
    asking = new AbortController();
    const { signal } = asking;
    question.asked();
    try {
      await Promise.all(
        question.cards.map(async (card, panel) => {
          const { text } = question;
          const made = question.made[panel] ?? [];
          const answers = await Promise.all(
            question
              .ask(card, text, panel)
              .map((ask) => trace({ text, ...under(made), ...ask, model: card.name }, signal)),
          );
          const values = answers.map(({ values: each }) => each);
          if (!signal.aborted) question.answer(panel, values, card);
        }),
      );
      if (!signal.aborted) question.done();
    } catch (error) {
      if (!signal.aborted) question.failed(/** @type {Error} */ (error));
    }
    if (!signal.aborted) pending = false;
  }

  function soon() {
    pending = true;
    clearTimeout(timer);
    timer = window.setTimeout(ask, REST);
  }
  return Object.assign(soon, { pending: () => pending });
}
