// A Chinese text as the models of poems were trained on poems: without punctuation and line breaks, in simplified
// characters, after one step of nothing. The text typed is not changed. Pure.

import { several } from "../base/format.js";
import { simplified } from "./simplified.js";

/** Of the letters, for a text to be Chinese. */
const MOSTLY = 0.5;
/** What stands before a poem: no model's symbol, so its step reads nothing. */
export const BEFORE = "\u3000";
/** Characters of a quatrain, and of one of its lines. */
const QUATRAIN = 20;
export const VERSE = 5;

const LEFT_OUT = /[\p{P}\p{S}\p{Z}\p{C}]/u;

/** Whether at least half of the letters are Chinese characters. @param {string} text */
export function isChinese(text) {
  let [han, letters] = [0, 0];
  for (const character of text) {
    if (/\p{Script=Han}/u.test(character)) han += 1;
    if (/\p{L}/u.test(character)) letters += 1;
  }
  return han > 0 && han >= MOSTLY * letters;
}

/** The text that the models read. @param {{ text: string, poem: boolean }} state */
export const readText = ({ text, poem }) => (poem ? poemOf(text) : text);

/** @param {string} text @returns {string} the text itself where it is not Chinese */
export function poemOf(text) {
  if (!isChinese(text)) return text;
  let poem = BEFORE;
  for (const character of text) if (!LEFT_OUT.test(character)) poem += simplified(character);
  return poem;
}

/**
 * Where a place between characters of the text lies in its poem, in code points.
 * @param {string} text
 * @param {number} position
 */
export function placeInPoem(text, position) {
  if (!isChinese(text)) return position;
  let place = 1;
  for (const character of [...text].slice(0, position)) if (!LEFT_OUT.test(character)) place += 1;
  return place;
}

/**
 * What is changed of a text when it is read as a poem.
 * @param {string} text
 * @returns {{ punctuation: number, breaks: number, forms: [string, string][] }} forms: each traditional
 * character once, and what it is read as
 */
export function changesOf(text) {
  let [punctuation, breaks] = [0, 0];
  /** @type {Map<string, string>} */
  const forms = new Map();
  if (isChinese(text))
    for (const [k, character] of [...text].entries()) {
      if (character === "\n") breaks += 1;
      else if (LEFT_OUT.test(character)) punctuation += Number(k > 0 || character !== BEFORE);
      else if (simplified(character) !== character) forms.set(character, simplified(character));
    }
  return { punctuation, breaks, forms: [...forms] };
}

/**
 * What reading a text as a poem changes, in words: "leaves out 3 marks and 3 line breaks".
 * @param {ReturnType<typeof changesOf>} changes
 * @param {"to" | "s"} verb "leave out" or "leaves out"
 */
export function changesInWords({ punctuation, breaks, forms }, verb) {
  const s = verb === "s" ? "s" : "";
  const left = [
    punctuation > 0 ? several(punctuation, "mark") : "",
    breaks > 0 ? several(breaks, "line break") : "",
  ].filter(Boolean);
  const [[from = "", to = ""] = []] = forms;
  const more = forms.length > 1 ? ` and ${several(forms.length - 1, "other")}` : "";
  return [
    left.length > 0 ? `leave${s} out ${left.join(" and ")}` : "",
    forms.length > 0 ? `read${s} ${from} as ${to}${more}` : "",
  ]
    .filter(Boolean)
    .join(", ");
}

/** Whether a text that is read is a quatrain, or the beginning of one: 6 to 20 Chinese characters. @param {string} read */
export const isQuatrain = (read) => /^\u3000?\p{Script=Han}{6,20}$/u.test(read);

/** How many characters are missing to the end of a quatrain; null where it is none. @param {string} read */
export function missing(read) {
  const poem = read.startsWith(BEFORE) ? read.slice(1) : read;
  if (!/^\p{Script=Han}{0,20}$/u.test(poem) || read === "") return null;
  return QUATRAIN - [...poem].length;
}
