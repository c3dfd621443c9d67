// Continues the text: the model predicts, one character is drawn, and is read like a typed one.

import { draw, seeded } from "../base/surprisal.js";

/** @typedef {import("../base/memories.js").Card} Card */

export const MOST = 200;

/**
 * A symbol that can be typed, drawn from the logits; the others are left out.
 * @param {readonly number[]} logits
 * @param {readonly string[]} vocabulary
 * @param {number} temperature
 * @param {number} u
 */
function nextCharacter(logits, vocabulary, temperature, u) {
  const typed = logits.map((logit, k) =>
    [...(vocabulary[k] ?? "")].length === 1 ? logit : Number.NEGATIVE_INFINITY,
  );
  return vocabulary[draw(typed, temperature, u)] ?? "";
}

/**
 * @param {object} page
 * @param {() => string} page.text
 * @param {() => number} page.length in code points, of the part that the server reads
 * @param {(position: number) => Promise<{ panels: number[][] } | null>} page.predict
 * @param {(character: string, first: boolean) => void} page.append
 * @param {(span: { from: number, to: number }) => void} page.wrote so many characters of that part are the model's
 */
export function writer(page) {
  let turn = 0;
  return {
    /** Whoever writes stops. */
    stop() {
      turn += 1;
    },
    /**
     * @param {number} panel
     * @param {Card} card
     * @param {number} temperature
     * @param {number} seed
     * @param {number} count
     * @returns {Promise<number>} characters written
     */
    async write(panel, card, temperature, seed, count = MOST) {
      turn += 1;
      const mine = turn;
      const chance = seeded(seed);
      let written = 0;
      const from = page.length();
      while (written < count && turn === mine && page.length() > 0) {
        const before = page.text();
        const answer = await page.predict(page.length() - 1);
        const logits = answer?.panels[panel];
        // Somebody typed meanwhile, or the server is gone.
        if (!logits || turn !== mine || page.text() !== before) break;
        page.append(nextCharacter(logits, card.vocabulary, temperature, chance()), written === 0);
        if (page.text() === before) break;
        written += 1;
      }
      const to = page.length();
      // One that is completed is seen as it comes.
      if (count > 1 && to > from) page.wrote({ from, to });
      return written;
    },
  };
}
