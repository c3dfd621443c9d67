// What the models expected: the text coloured by surprisal, and what they expect next.

/** What the blocks show in place of a memory. @type {import("../view.js").Memory} */
const SURPRISAL = {
  layer: 0,
  level: null,
  state: "h",
  name: "surprisal",
  symbol: "−log₂ p",
};

/** @type {import("../view.js").View} */
export const predictions = {
  name: "predictions",
  label: "Predictions",
  styles: [new URL("./predictions.css", import.meta.url).href],
  controls: ["legend", "export", "whatif", "completion"],
  needs: () => ({
    blocks: "picked",
    cells: "blocks",
    memories: [SURPRISAL],
  }),
  load: async () => {
    const { Predictions } = await import("./predictions.js");
    return (page) => new Predictions(page);
  },
};
