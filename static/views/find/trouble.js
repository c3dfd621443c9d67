// What Find says above its list, in sentences. Pure.

import { counted, percent } from "../../base/format.js";
import { readAs } from "../../base/memories.js";
import { letterOf } from "../../base/places.js";
import { wantedBy } from "../../state/question.js";

/**
 * Why there is nothing to rank; nothing where there is.
 * @param {object} known
 * @param {string} known.ask
 * @param {number} known.inside characters of what is asked for
 * @param {number} known.length of the text
 * @param {string} known.what is asked for, in words; nothing where it is not known yet
 * @param {string} known.problem of the question
 * @param {boolean} known.looked whether the text was looked through
 */
export function trouble({ ask, inside, length, what, problem, looked }) {
  if (problem) return problem;
  if (length === 0) return "There is no text yet: type or paste one.";
  if (ask === "")
    return looked
      ? "Select characters in the text or on the figure, or choose a kind."
      : "Looking at the text…";
  if (wantedBy(ask) && what === "") return "Looking for it in the text…";
  if (inside === 0)
    return `No character of this text: ${what}. Choose another kind, or look at what the corpus has.`;
  if (inside === length)
    return `Every character of this text: ${what}. There are no others to compare with.`;
  return "";
}

/** From which share on it is said; as in analysis/selectivity/legible.py. */
const LEAST = 0.01;

/**
 * Which models cannot read the characters at which the label begins; "" where all read them.
 * @param {readonly { vocabulary: readonly string[] }[]} cards
 * @param {readonly string[]} characters
 * @param {Uint8Array} label
 * @param {number} border characters of the warm-up
 */
export function unreadBy(cards, characters, label, border) {
  const begins = characters.filter((_, t) => t >= border && label[t] && !(t > 0 && label[t - 1]));
  const said = cards.flatMap(({ vocabulary }, panel) => {
    const alphabet = new Set(vocabulary);
    const unread = begins.filter((character) => readAs(alphabet, character) === null).length;
    const share = unread / Math.max(1, begins.length);
    return share >= LEAST ? [`${percent(share)} of them in ${letterOf(panel)}`] : [];
  });
  return said.length > 0
    ? ` Characters at which this begins are outside the alphabet: ${said.join(", ")}.`
    : "";
}

/**
 * What the ranking is of, and what chance does.
 * @param {number} inside
 * @param {number} outside
 * @param {number | null} chance the AUC that the best cell reaches by chance
 * @param {number} cells
 */
export function inRanking(inside, outside, chance, cells) {
  const best =
    chance === null
      ? ""
      : ` By chance the best of ${counted(cells)} cells reaches ${chance.toFixed(2)} on this text.`;
  return `${counted(inside)} of ${counted(inside + outside)} characters. AUC 1: always higher (+) or lower (−) there; 0.5: no difference.${best}`;
}
