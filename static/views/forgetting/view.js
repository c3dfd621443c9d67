// What a change of the text leaves behind in every memory.

/** @type {import("../view.js").View} */
export const forgetting = {
  name: "forgetting",
  label: "Forgetting",
  styles: ["../change.css", "./forgetting.css"].map((file) => new URL(file, import.meta.url).href),
  controls: ["legend", "export", "pick"],
  needs: ({ scope }) => ({ blocks: "picked", cells: "blocks", pick: scope === "cell" }),
  load: async () => {
    const { Forgetting } = await import("./forgetting.js");
    return (page) => new Forgetting(page);
  },
};
