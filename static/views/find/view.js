// Which cells mark a kind of character, or those selected.

/** @type {import("../view.js").View} */
export const find = {
  name: "find",
  label: "Find",
  styles: ["./find.css", "./list.css", "./answer.css", "./match.css"].map(
    (file) => new URL(file, import.meta.url).href,
  ),
  controls: ["whatif", "export"],
  needs: ({ found }) => ({
    blocks: "picked",
    cells: "all",
    rows: (panel) => (found[panel] ? [found[panel].cell] : []),
  }),
  load: async () => {
    const { Find } = await import("./find.js");
    return (page) => new Find(page);
  },
};
