// The characters of a text that a model reads by their plain form, such as “ as ". Pure.

import { glyphOf, several } from "../base/format.js";
import { readPlainly } from "../base/memories.js";
import { letterOf } from "../base/places.js";

/** The alphabet of no model. @type {readonly string[]} */
export const NONE = [];

/** What each alphabet made of the last text. @type {WeakMap<readonly string[], { text: string, found: ReadonlyMap<number, string> }>} */
const last = new WeakMap();

/**
 * Their positions, in code points, and the symbols they are read as.
 * @param {string} text
 * @param {readonly string[]} vocabulary
 * @returns {ReadonlyMap<number, string>}
 */
export function plainIn(text, vocabulary) {
  const before = last.get(vocabulary);
  if (before?.text === text) return before.found;
  const alphabet = new Set(vocabulary);
  /** @type {Map<string, string | null>} */
  const symbols = new Map();
  /** @type {Map<number, string>} */
  const found = new Map();
  let position = 0;
  for (const character of text) {
    let symbol = symbols.get(character);
    if (symbol === undefined) {
      symbol = readPlainly(alphabet, character);
      symbols.set(character, symbol);
    }
    if (symbol !== null) found.set(position, symbol);
    position += 1;
  }
  last.set(vocabulary, { text, found });
  return found;
}

/**
 * What the models shown make of one character; "" where all of them read it as it is spelled.
 * @param {readonly { unknown: boolean, plain: string | undefined }[]} models
 */
export function readingInWords(models) {
  const unknown = models.flatMap((model, k) => (model.unknown ? [letterOf(k)] : []));
  const words = unknown.length > 0 ? [`not in the alphabet of ${unknown.join(" and ")}`] : [];
  for (const symbol of new Set(models.flatMap(({ plain }) => plain ?? []))) {
    const readers = models.flatMap(({ plain }, k) => (plain === symbol ? [letterOf(k)] : []));
    const by = readers.length < models.length ? ` by ${readers.join(" and ")}` : "";
    words.push(`read as ${glyphOf(symbol)}${by}`);
  }
  return words.join(" · ");
}

/**
 * How many characters are read by their plain form, in sentences: one where the models shown agree.
 * @param {ReadonlyMap<string, number>} counts of the text's characters
 * @param {readonly { vocabulary: readonly string[] }[]} shown
 * @returns {string[]}
 */
export function plainSentences(counts, shown) {
  /** @type {Map<string, { count: number, words: string, readers: string[] }>} */
  const said = new Map();
  for (const [panel, { vocabulary }] of shown.entries()) {
    const alphabet = new Set(vocabulary);
    let count = 0;
    let example = "";
    for (const [character, often] of counts) {
      const symbol = readPlainly(alphabet, character);
      if (symbol === null) continue;
      count += often;
      example ||= `${glyphOf(character)} as ${glyphOf(symbol)}`;
    }
    const words =
      count === 1 ? `its plain form, ${example}` : `their plain form, such as ${example}`;
    const same = `${count} ${words}`;
    const readers = [...(said.get(same)?.readers ?? []), letterOf(panel)];
    if (count > 0) said.set(same, { count, words, readers });
  }
  return [...said.values()].map(({ count, words, readers }) => {
    const characters = `${several(count, "character")} (dotted)`;
    if (readers.length === shown.length)
      return `${characters} ${count === 1 ? "is" : "are"} read by ${words}.`;
    const models = readers.length === 1 ? "Model" : "Models";
    return `${models} ${readers.join(" and ")} read${readers.length === 1 ? "s" : ""} ${characters} by ${words}.`;
  });
}
