// The equations of one step with their numbers.

import { element } from "../../base/dom.js";
import { signed } from "../../base/format.js";

/** @param {import("./unit.js").Term} term */
const written = ({ symbol, value }) =>
  value === null
    ? element("span", "sign", symbol)
    : element("span", "term", element("i", "", symbol), element("b", "", signed(value, 3)));

/**
 * A row each; the layer stands before the first of its rows, where there are several layers.
 * @param {{ layer: number, terms: import("./unit.js").Term[] }[]} rows
 * @param {number} layers
 */
export const equationRows = (rows, layers) =>
  rows.map(({ layer, terms }, row) => {
    const where = rows[row - 1]?.layer === layer ? "" : `layer ${layer + 1}`;
    const parts = terms.map(written);
    const sum = terms.findIndex(({ symbol }) => symbol === "+");
    const cut = sum < 0 ? terms.length : sum;
    return element(
      "div",
      "equation",
      ...(layers > 1 ? [element("small", "", where)] : []),
      ...parts.slice(0, 2),
      element(
        "span",
        "right",
        element("span", "summand", ...parts.slice(2, cut)),
        element("span", "summand", ...parts.slice(cut)),
      ),
    );
  });
