// A model measured now, on the text shown or on one that the server has: the lines of its answer.

import { lines } from "./lines.js";
import { UNREACHABLE } from "./trace.js";

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
  const answer = await fetch(address, {
    method: "POST",
    ...(body
      ? { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }
      : {}),
    signal,
  }).catch((error) => {
    throw signal.aborted ? error : new Error(UNREACHABLE);
  });
  if (!answer.ok || !answer.body) {
    const said = await answer.json().catch(() => null);
    throw new Error(said?.error?.message ?? `The server answered ${answer.status}.`);
  }
  for await (const line of lines(answer.body)) {
    if (line.report) return line;
    told(line);
  }
  throw new Error("The answer was cut off; the server’s log has the reason.");
}
