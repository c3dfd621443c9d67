// One cell of each model: its block, its curves, and the whole of it at one character.

/** @type {import("../view.js").View} */
export const cell = {
  name: "cell",
  label: "Cell",
  styles: ["./cell.css", "./diagram.css"].map((file) => new URL(file, import.meta.url).href),
  controls: ["whatif", "pick", "scale", "palette", "legend", "export", "overview"],
  needs: () => ({ blocks: "picked", cells: "blocks" }),
  load: async () => {
    const { CellView } = await import("./cell.js");
    return (page) => new CellView(page);
  },
};
