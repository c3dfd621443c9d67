// The paper's figure: the cells listed, as blocks of the text. The page has those blocks; nothing is added.

import { needsValues } from "../../state/orders.js";

/** @type {import("../view.js").View} */
export const figure = {
  name: "figure",
  label: "Figure",
  styles: [],
  controls: ["whatif", "cells", "order", "scale", "palette", "legend", "export"],
  needs: ({ order }) => ({ blocks: "listed", cells: needsValues(order) ? "all" : "blocks" }),
  load: async () => () => ({ show() {} }),
};
