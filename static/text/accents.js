// Accents that are typed as characters of their own, after their letters: most alphabets do not have them. Pure.

import { countPoints } from "./edits.js";

/**
 * The text with each letter and its accents as one character, which looks the same; null where that changes nothing.
 * @param {string} text
 */
export function composed(text) {
  const whole = text.normalize("NFC");
  return countPoints(whole) < countPoints(text) ? whole : null;
}
