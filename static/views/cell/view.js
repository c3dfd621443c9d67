// One cell of each model: its block, its curves, and the whole of it at one character.

import { CellView } from "./cell.js";

/** @type {import("../view.js").View} */
export const cell = {
  name: "cell",
  label: "Cell",
  styles: ["./cell.css", "./diagram.css"].map((file) => new URL(file, import.meta.url).href),
  controls: ["whatif", "pick", "scale", "palette", "legend", "export", "overview"],
  needs: () => ({ blocks: "picked", cells: "blocks" }),
  mount: (page) => new CellView(page),
};
