// What a view needs beyond the live channel, asked for once the text rests; a newer question ends an older.

import { trace } from "./trace.js";

/** @typedef {import("../base/memories.js").Card} Card */
/**
 * @typedef {object} Question
 * @property {string} view
 * @property {Card[]} cards
 * @property {string} text
 * @property {number} pick
 */
/**
 * @typedef {object} Answers
 * @property {(question: Question) => void} begin
 * @property {(panel: number, gates: Float32Array, card: Card) => void} gates
 * @property {(panel: number, logits: Float32Array, card: Card) => void} logits
 * @property {(problem: string) => void} problem
 * @property {() => void} done
 */

const REST = 150;

/**
 * @param {() => Question} current
 * @param {Answers} answers
 */
export function extras(current, answers) {
  /** @type {AbortController | null} */
  let asking = null;
  let timer = 0;

  /** @param {Question} question @param {AbortSignal} signal */
  async function ask({ view, cards, text, pick }, signal) {
    await Promise.all(
      cards.map(async (card, panel) => {
        const common = { model: card.name, text };
        if (view === "cell") {
          const cells = [Math.min(pick, card.hidden - 1)];
          const { values } = await trace({ ...common, signal: "gates", cells }, signal);
          if (!signal.aborted) answers.gates(panel, values, card);
        } else {
          const { values } = await trace({ ...common, signal: "logits", dtype: "float16" }, signal);
          if (!signal.aborted) answers.logits(panel, values, card);
        }
      }),
    );
  }

  return function later() {
    clearTimeout(timer);
    timer = window.setTimeout(async () => {
      const question = current();
      asking?.abort();
      asking = new AbortController();
      const { signal } = asking;
      if (question.view !== "cell" && question.view !== "predictions") return;
      answers.begin(question);
      try {
        await ask(question, signal);
        if (!signal.aborted) answers.done();
      } catch (error) {
        if (!signal.aborted) answers.problem(String(/** @type {Error} */ (error).message));
      }
    }, REST);
  };
}
