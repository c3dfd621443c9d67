// One cell of each model: its block, its curves, and the whole of it at one character.

import { pickOf } from "../../state/state.js";
import { CellView } from "./cell.js";

/** @type {import("../view.js").View} */
export const cell = {
  name: "cell",
  label: "Cell",
  styles: ["./cell.css", "./diagram.css"].map((file) => new URL(file, import.meta.url).href),
  controls: ["whatif", "pick", "scale", "palette", "legend", "export", "overview"],
  needs: (state) => ({
    blocks: "picked",
    cells: "blocks",
    inParts: true,
    ask: ({ hidden }, _, panel) => [
      { signal: "gates", cells: [Math.min(pickOf(state, panel), hidden - 1)] },
    ],
  }),
  mount: (page) => new CellView(page),
};
