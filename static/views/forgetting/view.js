// What a change of the text leaves behind in every memory.

import { asksOf, Forgetting } from "./forgetting.js";

/** @type {import("../view.js").View} */
export const forgetting = {
  name: "forgetting",
  label: "Forgetting",
  styles: ["../change.css", "./forgetting.css"].map((file) => new URL(file, import.meta.url).href),
  controls: ["export"],
  needs: (state) => ({
    blocks: "picked",
    cells: "blocks",
    ask: (card, text) => asksOf(state, card, text),
  }),
  mount: (page) => new Forgetting(page),
};
