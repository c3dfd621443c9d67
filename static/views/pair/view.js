// A minimal pair: the text with and without one change, in the colours of one cell.

import { pickOf, shownCards } from "../../state/state.js";

/** @type {import("../view.js").View} */
export const pair = {
  name: "pair",
  label: "Pair",
  styles: ["../change.css", "./pair.css"].map((file) => new URL(file, import.meta.url).href),
  controls: ["pick", "palette", "legend", "export"],
  needs: (state) => ({
    blocks: "none",
    cells: "blocks",
    rows: (panel) => [Math.min(pickOf(state, panel), (shownCards(state)[panel]?.hidden ?? 1) - 1)],
  }),
  load: async () => {
    const { Pair } = await import("./pair.js");
    return (page) => new Pair(page);
  },
};
