// A change of the text in words. Pure.

import { glyphOf } from "../base/format.js";

/** @param {readonly string[]} characters */
const quoted = (characters) => `“${characters.map((c) => (c === " " ? c : glyphOf(c))).join("")}”`;

/**
 * The change, as what tells the second text from the first.
 * @param {readonly string[]} text
 * @param {import("../state/state.js").Change} change
 */
export function changeWords(text, { at, delete: gone, insert }) {
  const old = quoted(text.slice(at, at + gone));
  const come = quoted([...insert]);
  if (gone === 0 && insert === "") return "without any change";
  if (insert === "") return `without ${old} at ${at}`;
  if (gone === 0) return `with ${come} before character ${at}`;
  return `with ${come} in place of ${old} at ${at}`;
}
