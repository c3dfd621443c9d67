// Values beyond what the live channel tells, from POST /api/trace.

import { decode, half } from "./frames.js";

/**
 * @typedef {object} Wanted
 * @property {string} model
 * @property {string} text
 * @property {"display" | "cell" | "hidden" | "gates" | "logits"} signal
 * @property {number[]} [layers]
 * @property {number[]} [levels]
 * @property {number[]} [cells]
 * @property {"float32" | "float16"} [dtype]
 * @property {readonly object[]} [interventions]
 */

/** Goes away by itself: the live channel says so too, and comes back. */
export const UNREACHABLE = "The server cannot be reached.";

/**
 * @param {Wanted} wanted
 * @param {AbortSignal} [signal]
 * @returns {Promise<{ values: Float32Array, shape: number[] }>}
 * @throws {Error} with the server's own sentence
 */
export async function trace(wanted, signal) {
  const answer = await fetch("api/trace", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/octet-stream" },
    body: JSON.stringify(wanted),
    ...(signal ? { signal } : {}),
  }).catch((error) => {
    throw signal?.aborted ? error : new Error(UNREACHABLE);
  });
  if (!answer.ok) {
    const said = await answer.json().catch(() => null);
    throw refusal(said, answer.status);
  }
  const { values, shape } = decode(await answer.arrayBuffer());
  return {
    values: values instanceof Float32Array ? values : Float32Array.from(values, half),
    shape,
  };
}

/**
 * The server's own sentence, without the marks that it sets about names of fields.
 * @param {{ error?: { message?: string } } | null} said
 * @param {number} status
 */
export const refusal = (said, status) =>
  new Error(said?.error?.message?.replaceAll("`", "") ?? `The server answered ${status}.`);
