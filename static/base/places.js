// The places of the models side by side: a to d in an address, A to D in words.

/** @typedef {typeof PLACES[number]} Place */

export const PLACES = /** @type {const} */ (["a", "b", "c", "d"]);

/** As many models as are shown at once. */
export const MOST_PANELS = PLACES.length;

/** What a model is called by its place. @param {number} panel 0 is A */
export const letterOf = (panel) => PLACES[panel]?.toUpperCase() ?? "";
