// Where a cell is highest or lowest in a corpus: its passages, in its colours, its memories under one another.

import { element } from "../../base/dom.js";
import { counted } from "../../base/format.js";
import { coloured } from "./coloured.js";
import { besideOf } from "./network.js";

/** @typedef {import("../../base/memories.js").Card} Card */
/** @typedef {{ position: number, value: number, start: number, text: string, values: number[], others: number[][] }} Passage */

/** Characters around the one meant, as it is shown. */
const SHOWN = 34;
/** As the server names the ends, and in words. @type {readonly [string, string][]} */
const ENDS = [
  ["top", "highest"],
  ["bottom", "lowest"],
];

export class Passages {
  /** @param {() => void} chosen the other end @param {(text: string, position: number) => void} read */
  constructor(chosen, read) {
    this.read = read;
    this.end = "top";
    this.ends = ENDS.map(([end, words]) => {
      const button = element("button", "kind toggle", words);
      button.type = "button";
      button.addEventListener("click", () => {
        this.end = end;
        chosen();
      });
      return { end, button };
    });
    this.list = element("ol", "passages");
    const kinds = element("div", "kinds", ...this.ends.map(({ button }) => button));
    this.element = element("section", "", element("h4", "", "Where it is ", kinds), this.list);
  }

  /** Say which end is shown. */
  press() {
    for (const { end, button } of this.ends)
      button.setAttribute("aria-pressed", String(end === this.end));
  }

  /**
   * @param {Card} card
   * @param {number} memory
   * @param {readonly Passage[]} passages
   * @param {import("../../base/colour.js").Palette} palette
   */
  show(card, memory, passages, palette) {
    const beside = besideOf(card, memory);
    const rows = [memory, ...beside].sort((a, b) => a - b);
    this.list.replaceChildren(
      ...passages.map((passage) => {
        const characters = [...passage.text];
        const at = passage.position - passage.start;
        const [from, to] = [Math.max(0, at - SHOWN), at + SHOWN + 1];
        const lines = rows.map((m) => {
          const own = m === memory ? passage.values : passage.others[beside.indexOf(m)];
          const values = (own ?? []).slice(from, to);
          return element(
            "span",
            "layer-line",
            element("i", "", card.memories[m]?.name ?? ""),
            coloured(characters.slice(from, to), values, palette, at - from),
          );
        });
        const button = element("button", "quiet", ...lines);
        button.type = "button";
        button.title = `Character ${counted(passage.position)}, value ${passage.value.toFixed(2)}: read it on the page`;
        button.addEventListener("click", () => this.read(passage.text, at));
        return element("li", "", button);
      }),
    );
  }
}
