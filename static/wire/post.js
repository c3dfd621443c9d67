// Questions to the server over HTTP. A refusal is the server's own sentence.

/** Goes away by itself: the live channel says so too, and comes back. */
export const UNREACHABLE = "The server cannot be reached.";

/** What the server refuses. */
export class Refusal extends Error {
  /**
   * @param {{ error?: { message?: string, code?: string } } | null} said
   * @param {number} status
   */
  constructor(said, status) {
    // Without the marks that the server sets about names of fields.
    super(said?.error?.message?.replaceAll("`", "") ?? `The server answered ${status}.`);
    this.code = said?.error?.code;
  }
}

/**
 * The answer to a question, once its head is here.
 * @param {string} address
 * @param {object | null} body null: the address says it all
 * @param {AbortSignal} [signal] the server ends the work when nobody waits any more
 * @param {string} [accept] the media type of the answer, if it may be another one than JSON
 * @returns {Promise<Response>}
 * @throws {Error} a Refusal; UNREACHABLE; or what the signal was aborted with
 */
export async function answered(address, body, signal, accept) {
  const answer = await fetch(address, {
    method: "POST",
    headers: {
      ...(body ? { "Content-Type": "application/json" } : {}),
      ...(accept ? { Accept: accept } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
    ...(signal ? { signal } : {}),
  }).catch((error) => {
    throw signal?.aborted ? error : new Error(UNREACHABLE);
  });
  if (answer.ok) return answer;
  throw new Refusal(await answer.json().catch(() => null), answer.status);
}

/**
 * The answer to a question as JSON.
 * @param {string} address
 * @param {object} body
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 * @throws {Error} as `answered` does
 */
export async function post(address, body, signal) {
  const answer = await answered(address, body, signal);
  return answer.json().catch((error) => {
    throw signal?.aborted ? error : new Error(UNREACHABLE);
  });
}
