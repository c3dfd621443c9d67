// Where the text has a feature: POST /api/marks. The server marks it, so that a feature means the same here and in a
// corpus, and an expression cannot hold up the page.

import { post } from "./post.js";

/** @typedef {{ key: string, label: string, spans: [number, number][] }} Mark code points; the ends are exclusive */

/**
 * @param {string} text
 * @param {import("../state/question.js").Wanted | null} wanted null: every feature that has a name
 * @param {AbortSignal} signal
 * @returns {Promise<Mark[]>}
 * @throws {Error} with the server's own sentence
 */
export const marks = (text, wanted, signal) => post("api/marks", { text, ...wanted }, signal);

/**
 * One byte a character: 1 where it lies in a span.
 * @param {readonly (readonly [number, number])[]} spans
 * @param {number} length
 */
export function labelOf(spans, length) {
  const label = new Uint8Array(length);
  for (const [from, to] of spans) label.fill(1, from, to);
  return label;
}
