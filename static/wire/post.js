// A question over HTTP and its answer as JSON.

import { refusal, UNREACHABLE } from "./trace.js";

/**
 * @param {string} address
 * @param {object} body
 * @param {AbortSignal} [signal] the server ends the work when nobody waits any more
 * @returns {Promise<any>}
 * @throws {Error} with the server's own sentence
 */
export async function post(address, body, signal) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  }).catch((error) => {
    throw signal?.aborted ? error : new Error(UNREACHABLE);
  });
  const said = await answer.json().catch(() => null);
  if (!answer.ok) throw refusal(said, answer.status);
  return said;
}
