// Which blocks stand where: of every model a column a memory and a row a cell. What stands in a place stays there,
// and turns to the cell that belongs there: a long text is laid out once.

import { letterOf } from "../../base/places.js";
import { Block } from "./block.js";

/** @typedef {import("../view.js").Sheet} Sheet */
/** @typedef {import("./listeners.js").Listeners} Listeners */

/** @param {{ panel: number, memory: number, rank: number }} block */
const placeOf = ({ panel, memory, rank }) => `${panel} ${memory} ${rank}`;

/** What is pressed in a block is told. @param {Block} block @param {Listeners} listeners */
function connect(block, listeners) {
  const { panel, memory } = block;
  /** @param {HTMLElement | null} button @param {() => void} pressed */
  const on = (button, pressed) =>
    button?.addEventListener("click", (event) => {
      event.stopPropagation();
      pressed();
    });
  on(block.button, () => listeners.cell(panel, block.cell));
  on(block.whatIf, () => listeners.whatIf(panel, memory, block.cell));
  on(block.pin, () => listeners.pin(panel, block.cell));
}

/**
 * @param {readonly Sheet[]} sheets
 * @param {readonly Block[]} before the blocks that stand there now
 * @param {string} text
 * @param {Listeners} listeners
 * @returns {{ blocks: Block[], gone: Block[] }} the blocks by model, cell and memory; and those that are not among them
 */
export function gridOf(sheets, before, text, listeners) {
  const old = new Map(before.map((block) => [placeOf(block), block]));
  const blocks = sheets.flatMap(({ memories, cells }, panel) =>
    cells.flatMap((cell, rank) =>
      memories.map(({ name, symbol }, memory) => {
        const place = placeOf({ panel, memory, rank });
        const label = `Model ${letterOf(panel)}, ${name} ${symbol}, cell ${cell}`;
        const known = old.get(place);
        if (known) {
          old.delete(place);
          if (known.cell !== cell || known.element.getAttribute("aria-label") !== label)
            known.turn(cell, label);
          return known;
        }
        const made = new Block(panel, memory, rank, cell, label);
        made.setText(text, null);
        connect(made, listeners);
        return made;
      }),
    ),
  );
  return { blocks, gone: [...old.values()] };
}

/** Each model's blocks come to its home. @param {readonly HTMLElement[]} homes @param {readonly Block[]} blocks */
export function settle(homes, blocks) {
  for (const [panel, home] of homes.entries()) {
    const wanted = blocks.filter((block) => block.panel === panel).map((block) => block.element);
    if (wanted.length !== home.children.length || wanted.some((e, k) => home.children[k] !== e))
      home.replaceChildren(...wanted);
  }
}
