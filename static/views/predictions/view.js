// What the models expected: the text coloured by surprisal, and what they expect next.

import { Predictions } from "./predictions.js";

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
  controls: ["export", "whatif", "completion"],
  needs: () => ({
    blocks: "picked",
    cells: "blocks",
    columns: [SURPRISAL],
    ask: () => [{ signal: "logits", dtype: "float16" }],
  }),
  mount: (page) => new Predictions(page),
};
