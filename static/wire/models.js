// The models that the server serves, and the files that it refuses.

/** @typedef {import("../base/memories.js").Card} Card */
/** @typedef {import("../base/memories.js").Refused} Refused */

/**
 * @returns {Promise<{ cards: Card[], refused: Refused[] }>} the models that read text
 * @throws {Error} in words
 */
export async function servedModels() {
  /** @param {string} address */
  const get = async (address) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };
  try {
    const [served, refused] = await Promise.all([get("api/models"), get("api/models/refused")]);
    const cards = served.filter((/** @type {Card} */ card) => card.task === "charlm");
    return { cards, refused };
  } catch {
    throw new Error("Could not load the models. Reload the page.");
  }
}
