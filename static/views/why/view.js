// Why: which earlier characters a surprise, a prediction or a cell's value comes from.

import { parseWhy } from "./origin.js";

/** What the blocks show in place of a memory. @type {import("../view.js").Memory} */
const ORIGIN = { layer: 0, level: null, state: "h", name: "what it comes from", symbol: "" };

/** @type {import("../view.js").View} */
export const why = {
  name: "why",
  label: "Why",
  styles: ["./why.css", "./cost.css"].map((file) => new URL(file, import.meta.url).href),
  controls: ["legend", "pick", "whatif", "export"],
  needs: (state) => ({
    blocks: "picked",
    cells: "blocks",
    memories: [ORIGIN],
    pick: parseWhy(state.why).target.kind === "cell",
  }),
  load: async () => {
    const { Why } = await import("./why.js");
    return (page) => new Why(page);
  },
};
