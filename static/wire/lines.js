// An answer that comes line by line, each a JSON value; the last may be why there is no result.

/** What is said where its last line is missing. */
export const CUT_OFF = "The answer was cut off; the server’s log has the reason.";

/**
 * @param {Response} answer
 * @returns {AsyncGenerator<any>}
 * @throws {Error} the server's own sentence where it failed; CUT_OFF where the connection breaks; or
 *   what stops the question
 */
export async function* lines({ body }) {
  if (!body) return;
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read().catch((error) => {
      throw error.name === "AbortError" ? error : new Error(CUT_OFF);
    });
    if (done) return;
    const parts = (rest + decoder.decode(value, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      const line = JSON.parse(part);
      if (line.error) throw new Error(line.error.message);
      yield line;
    }
  }
}
