// Values beyond what the live channel tells, from POST /api/trace.

import { decode, half } from "./frames.js";
import { answered } from "./post.js";

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

/**
 * @param {Wanted} wanted
 * @param {AbortSignal} [signal]
 * @returns {Promise<{ values: Float32Array, shape: number[] }>}
 * @throws {Error} with the server's own sentence
 */
export async function trace(wanted, signal) {
  const answer = await answered("api/trace", wanted, signal, "application/octet-stream");
  const { values, shape } = decode(await answer.arrayBuffer());
  return {
    values: values instanceof Float32Array ? values : Float32Array.from(values, half),
    shape,
  };
}
