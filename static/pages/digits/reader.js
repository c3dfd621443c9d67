// Asks the server to read an image; while it does, only the newest of later images waits.

import { post, UNREACHABLE } from "../../wire/post.js";

/** @typedef {import("../../base/memories.js").Card} Card */
/** @typedef {import("./panel.js").Answer} Answer */

const SIDE = 28;
const DIGITS = 4; // of a pixel

/**
 * @param {object} on
 * @param {(card: Card, answer: Answer) => void} on.answer
 * @param {(message: string) => void} on.failed
 */
export function makeReader({ answer, failed }) {
  /** @type {{ card: Card, image: Float32Array } | null} */
  let waiting = null;
  let asking = false;

  async function ask() {
    while (waiting) {
      const { card, image } = waiting;
      waiting = null;
      const found = await answerTo(card.name, image).catch((/** @type {Error} */ error) => error);
      asking = waiting !== null;
      if (found instanceof Error) failed(found.message);
      else answer(card, found);
    }
  }

  return {
    /** @param {Card} card @param {Float32Array} image */
    read(card, image) {
      waiting = { card, image };
      if (asking) return;
      asking = true;
      void ask();
    },
    busy: () => asking || waiting !== null,
  };
}

/** @param {string} model @param {Float32Array} image @returns {Promise<Answer>} */
async function answerTo(model, image) {
  const rows = Array.from({ length: SIDE }, (_, row) =>
    Array.from(image.subarray(row * SIDE, (row + 1) * SIDE), (ink) => Number(ink.toFixed(DIGITS))),
  );
  try {
    return await post("api/glimpses", { model, image: rows, occlusion: true });
  } catch (error) {
    if (/** @type {Error} */ (error).message !== UNREACHABLE) throw error;
    throw new Error(`${UNREACHABLE} Your drawing is kept; draw on to try again.`);
  }
}
