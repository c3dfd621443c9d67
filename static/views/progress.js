// How far the models have read, and what is found in a text read to its end: cells that are one flat
// colour, and how large the largest value of each is.

import { $, element } from "../base/dom.js";
import { isInnermost } from "../base/memories.js";
import { isSaturated, SATURATED_SHARE, SATURATED_VALUE } from "../wire/columns.js";

/** @typedef {import("../wire/session.js").Session} Session */
/** @typedef {import("./figure/figure.js").Figure} Figure */

const FLAT = `Beyond ${SATURATED_VALUE} for more than ${100 * SATURATED_SHARE} % of this text: one flat colour is not a memory`;

/**
 * @param {Session} session
 * @param {Figure} figure
 * @param {number} panel
 * @returns {boolean} whether the model has read it all
 */
export function showProgress(session, figure, panel) {
  const columns = session.panels[panel]?.columns;
  const progress = /** @type {HTMLProgressElement} */ ($(`progress-${panel}`));
  const share = columns && columns.length > 0 ? columns.done / columns.length : 1;
  progress.value = share;
  progress.classList.toggle("done", share >= 1);
  const busy = session.panels.some(({ columns: c }) => c.done < c.length);
  figure.root.setAttribute("aria-busy", String(busy));
  return share >= 1;
}

/**
 * A note at each block of a model.
 * @param {Session} session
 * @param {Figure} figure
 * @param {number} panel
 * @param {import("./scale.js").OwnScale | null} scale where each cell has its own
 */
export function noteBlocks(session, figure, panel, scale) {
  const columns = session.panels[panel]?.columns;
  for (const block of figure.blocks) {
    const slot = columns?.slots.get(block.cell);
    if (!columns || block.panel !== panel || slot === undefined) continue;
    const memory = figure.sheets[panel]?.memories[block.memory];
    const flat =
      memory !== undefined && isInnermost(memory) && isSaturated(columns.row(block.memory, slot));
    const own = scale ? `±${scale.largest(panel, block.memory, slot).toPrecision(2)}` : "";
    const words = [flat ? "saturated" : "", own].filter(Boolean);
    if (block.note.textContent !== words.join(" "))
      block.note.replaceChildren(
        ...words.flatMap((word, k) => [k > 0 ? " " : "", element("span", "", word)]),
      );
    if (flat !== Boolean(block.note.title)) block.note.title = flat ? FLAT : "";
  }
}
