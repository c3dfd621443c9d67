// Asks the server to read an image; while it does, only the newest of later images waits.

import { post, UNREACHABLE } from "../../wire/post.js";
import { interventionsOf } from "./held.js";

/** @typedef {import("../../base/memories.js").Card} Card */
/** @typedef {import("./network.js").Answer} Answer */
/** @typedef {{ card: Card, image: Float32Array, held: import("./held.js").Held | null }} Question */

const SIDE = 28;
const DIGITS = 4; // of a pixel

/**
 * @param {object} on
 * @param {(question: Question, answer: Answer, untouched: Answer) => void} on.answer untouched: without what is held
 * @param {(message: string) => void} on.failed
 */
export function makeReader({ answer, failed }) {
  /** @type {Question | null} */
  let waiting = null;
  let asking = false;
  /** The last answer with nothing held. @type {{ card: Card, image: Float32Array, answer: Answer } | null} */
  let last = null;

  /** @param {Question} question @returns {Promise<[Answer, Answer]>} the answer, and that with nothing held */
  async function answersTo({ card, image, held }) {
    if (last?.card !== card || last.image !== image)
      last = { card, image, answer: await answerTo(card.name, image, []) };
    const { answer: untouched } = last;
    if (!held) return [untouched, untouched];
    return [await answerTo(card.name, image, interventionsOf(card, held)), untouched];
  }

  async function ask() {
    while (waiting) {
      const question = waiting;
      waiting = null;
      const found = await answersTo(question).catch((/** @type {Error} */ error) => error);
      asking = waiting !== null;
      if (found instanceof Error) failed(found.message);
      else answer(question, ...found);
    }
  }

  return {
    /** @param {Question} question */
    read(question) {
      waiting = question;
      if (asking) return;
      asking = true;
      void ask();
    },
    busy: () => asking || waiting !== null,
  };
}

/** @param {string} model @param {Float32Array} image @param {readonly object[]} interventions @returns {Promise<Answer>} */
async function answerTo(model, image, interventions) {
  const rows = Array.from({ length: SIDE }, (_, row) =>
    Array.from(image.subarray(row * SIDE, (row + 1) * SIDE), (ink) => Number(ink.toFixed(DIGITS))),
  );
  try {
    return await post("api/glimpses", { model, image: rows, occlusion: true, interventions });
  } catch (error) {
    if (/** @type {Error} */ (error).message !== UNREACHABLE) throw error;
    throw new Error(`${UNREACHABLE} Your drawing is kept; draw on to try again.`);
  }
}
