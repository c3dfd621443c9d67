// What a model makes of the characters of a text, and which models served make more of it.

import { glyphOf } from "../base/format.js";
import { readAs, readPlainly } from "../base/memories.js";
import { letterOf } from "../base/places.js";

/** @typedef {import("../base/memories.js").Card} Card */
/**
 * @typedef {object} Legibility
 * @property {number} read share of the characters that become a symbol
 * @property {number} typed share that become the very symbol that was typed
 * @property {number} others share that become another symbol, except those read by their plain form (plain.js)
 * @property {[string, string] | null} example one of them, and its symbol
 */

/** Fewer of the characters lost, or changed, are not worth another model. */
const WORTH = 0.02;
/** More of them lost are worth a word where no other model helps. */
const MUCH = 0.05;

/** How often each character occurs. @param {string} text */
export function tally(text) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return counts;
}

/**
 * @param {ReadonlyMap<string, number>} counts of a text's characters
 * @param {readonly string[]} vocabulary
 * @returns {Legibility}
 */
export function legibility(counts, vocabulary) {
  const alphabet = new Set(vocabulary);
  let all = 0;
  let read = 0;
  let typed = 0;
  let others = 0;
  /** @type {[string, string] | null} */
  let example = null;
  for (const [character, count] of counts) {
    const symbol = readAs(alphabet, character);
    all += count;
    if (symbol === null) continue;
    read += count;
    if (symbol === character) typed += count;
    else if (readPlainly(alphabet, character) === null) {
      others += count;
      example ??= [character, symbol];
    }
  }
  const share = (/** @type {number} */ some) => all && some / all;
  return { read: share(read), typed: share(typed), others: share(others), example };
}

/** How much two networks are of one kind. @param {Card} one @param {Card} other */
const likeness = (one, other) =>
  2 * Number(one.depth > 1 === other.depth > 1) + Number(one.layers > 1 === other.layers > 1);

/**
 * The models to read a text with in place of those shown: for each the one of its kind that reads most of it,
 * or else the one of any; itself where none reads noticeably more.
 * @param {ReadonlyMap<string, number>} counts
 * @param {readonly Card[]} shown
 * @param {readonly Card[]} cards
 * @param {readonly string[]} first names of models that are preferred among equals
 * @returns {Card[]}
 */
export function readers(counts, shown, cards, first = []) {
  const known = new Map(cards.map((card) => [card, legibility(counts, card.vocabulary)]));
  const rank = (/** @type {Card} */ card) =>
    first.includes(card.name) ? first.indexOf(card.name) : first.length;
  return shown.map((card) => {
    const own = legibility(counts, card.vocabulary);
    /** @param {Legibility} it */
    const gain = ({ read, typed }) => Math.max(read - own.read, typed - own.typed);
    const better = [...known]
      .filter(([, it]) => it.read >= own.read && gain(it) > WORTH)
      .map(([other, it]) => ({
        other,
        like: likeness(other, card),
        worth: it.read + it.typed,
      }));
    const most = Math.max(...better.map(({ worth }) => worth));
    const best = better
      .filter(({ worth }) => worth > most - WORTH)
      .sort(
        (x, y) =>
          y.like - x.like ||
          rank(x.other) - rank(y.other) ||
          (x.other.scores.valid_bpc ?? 99) - (y.other.scores.valid_bpc ?? 99),
      )[0];
    return best?.other ?? card;
  });
}

const percent = (/** @type {number} */ share) =>
  share > 0 && share < 0.01 ? "under 1 %" : `${Math.min(99, Math.round(100 * share))} %`;

/**
 * What to say of the models shown, in sentences; none where they read all or nearly all as typed.
 * @param {ReadonlyMap<string, number>} counts
 * @param {readonly Card[]} shown
 * @param {boolean} better whether another model would do better
 * @returns {string[]}
 */
export function complaints(counts, shown, better) {
  if (counts.size === 0) return [];
  /** @type {Map<string, string[]>} the letters of the models, by what is to be said of them */
  const said = new Map();
  for (const [panel, { vocabulary }] of shown.entries()) {
    const { read, others, example } = legibility(counts, vocabulary);
    const lost = 1 - read;
    const parts = [];
    if (lost > 0.999) parts.push("cannot read any of these characters");
    else if (lost > (better ? WORTH : MUCH))
      parts.push(`cannot read ${percent(lost)} of these characters (underlined)`);
    if (better && others > WORTH && example)
      parts.push(`read ${percent(others)} as others, such as ${example.map(glyphOf).join(" as ")}`);
    const words = parts.join(" and ");
    if (words) said.set(words, [...(said.get(words) ?? []), letterOf(panel)]);
  }
  return [...said].map(
    ([words, models]) =>
      `Model${models.length > 1 ? "s" : ""} ${models.join(" and ")} ${models.length > 1 ? words : words.replace(/(^|and )read /, "$1reads ")}.`,
  );
}
