// A model measured now, on the text shown or on one that the server has: the lines of its answer.

import { CUT_OFF, lines } from "./lines.js";
import { answered } from "./post.js";

/** Characters below which a text cannot be measured on: 40 blocks, and what goes before them. */
export const LEAST_TEXT = 8500;

/** @typedef {import("./timescales.js").CellReport} CellReport */
/** @typedef {{ doing: string, done: number, of: number }} Step */
/** @typedef {{ cells: CellReport, kept: boolean }} Result kept: beside the checkpoint, for everybody */
/** @typedef {{ text: string } | { corpus: string }} Source */

/**
 * @param {string} model
 * @param {Source} source
 * @param {AbortSignal} signal stops it
 * @param {(step: Step) => void} told
 * @returns {Promise<Result>}
 * @throws {Error} with the server's own sentence
 */
export async function measure(model, source, signal, told) {
  const [address, body] =
    "corpus" in source
      ? [`api/corpora/${encodeURIComponent(source.corpus)}/timescales`, null]
      : ["api/timescales", { model, text: source.text, keep: true }];
  for await (const line of lines(await answered(address, body, signal))) {
    if (line.report) return line;
    told(line);
  }
  throw new Error(CUT_OFF);
}
