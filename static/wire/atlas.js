// The named cells of the models: GET /api/atlas, and GET /api/atlas/NAME. No DOM here.

/** @typedef {{ tau: number | null, low: number | null, high: number | null, status: string }} Timescale */
/** @typedef {{ layer: number, level: number, cell: number }} Place */
/**
 * A cell that marks a feature of the text.
 * @typedef {object} Named
 * @property {string} feature "quotes"
 * @property {string} label "inside quotation marks"
 * @property {number} layer
 * @property {number} level
 * @property {number} cell
 * @property {1 | -1} sign 1: high where the feature is
 * @property {number} held_out AUC on text that was not used to choose it
 * @property {number} low
 * @property {number} high of the 95 % interval
 * @property {number} inside mean value where the feature is
 * @property {number} outside and elsewhere
 * @property {Timescale | null} timescale
 * @property {{ start: number, text: string }} [example]
 */
/** @typedef {{ feature: string, label: string, reason: string, best?: Place & { sign: 1 | -1, held_out: number } }} Missing */
/**
 * @typedef {object} Atlas
 * @property {string} model
 * @property {{ text: string, characters: number, found_from: number }} settings
 * @property {Named[]} found
 * @property {Missing[]} not_found
 * @property {(Place & { timescale: Timescale })[]} lasting
 */

/** The models that have an atlas, as they are listed; none where the server does not say. @returns {Promise<string[]>} */
export async function atlases() {
  const answer = await fetch("api/atlas").catch(() => null);
  return answer?.ok ? answer.json() : [];
}

/** @param {string} model @returns {Promise<Atlas>} */
export async function atlasOf(model) {
  const answer = await fetch(`api/atlas/${encodeURIComponent(model)}`);
  if (!answer.ok) throw new Error(`Could not load the named cells of ${model}.`);
  return answer.json();
}
