// Where one points in the blocks, and what one selects there.

import { pointAt } from "../../text/passage.js";
import { characterAt } from "./paint.js";

/**
 * The blocks, as they are at the moment.
 * @typedef {object} Blocks
 * @property {HTMLElement} root
 * @property {readonly import("./block.js").Block[]} all
 * @property {WeakMap<Element, import("./block.js").Block>} blockOf by their elements
 * @property {import("./paint.js").Boxes} boxes
 * @property {number} line CSS pixels
 * @property {import("../../text/passage.js").Passage} passage
 * @property {import("./listeners.js").Listeners} listeners
 */

/**
 * Text selected in a block, as one selects text anywhere, selects the characters in all of them.
 * @param {Blocks} blocks
 */
function selected({ all, passage, listeners }) {
  const chosen = getSelection();
  if (!chosen || chosen.isCollapsed) return;
  const ends = [
    [chosen.anchorNode, chosen.anchorOffset],
    [chosen.focusNode, chosen.focusOffset],
  ].map(([node, unit]) =>
    // Every block has the same text: the ends may lie in two of them.
    all.some((block) => block.node === node)
      ? pointAt(passage.offsets, /** @type {number} */ (unit))
      : -1,
  );
  const [from, to] = [Math.min(...ends), Math.max(...ends)];
  if (from >= 0 && from < to) listeners.span({ from, to });
}

/**
 * @param {Blocks} blocks
 * @param {MouseEvent} event
 * @param {boolean} press
 */
function point({ blockOf, boxes, line, listeners }, event, press) {
  const target = /** @type {Element} */ (event.target);
  if (target.closest(".home")) return undefined; // they point for themselves
  const view = target.closest(".view");
  const block = view ? blockOf.get(view) : undefined;
  if (!view || !block) return press ? undefined : listeners.point(null, false);
  if (press && !(getSelection()?.isCollapsed ?? true)) return undefined; // a selection was made
  const corner = block.page.getBoundingClientRect();
  const row = Math.floor((event.clientY - corner.top) / line);
  const position = characterAt(boxes, event.clientX - corner.left, row);
  if (position < 0) return undefined;
  const { panel, memory, rank, cell } = block;
  return listeners.point({ position, panel, memory, rank, cell }, press);
}

/** Pointing at the blocks, pressing and selecting are told to their listeners. @param {Blocks} blocks */
export function followPointer(blocks) {
  const { root, listeners } = blocks;
  root.addEventListener("pointermove", (event) => point(blocks, event, false));
  root.addEventListener("pointerleave", () => listeners.point(null, false));
  root.addEventListener("click", (event) => point(blocks, event, true));
  document.addEventListener("selectionchange", () => selected(blocks));
}
