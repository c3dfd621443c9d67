// The orders in which a model's cells can be listed, as the page's select has them.

/** @typedef {typeof ORDERS[number]} OrderName */

export const ORDERS = /** @type {const} */ ([
  "index",
  "variance",
  "magnitude",
  "correlation",
  "contrast",
  "lasting",
]);

/** Whether an order follows from the values over the text, of all cells. @param {OrderName} order */
export const needsValues = (order) => order !== "index" && order !== "lasting";
