// What a file is called: its models, the view, and the cells that it shows. Pure.

import { formatCells } from "../base/cells.js";

/** So many letters of a list of cells: a file name has an end. */
const LONGEST = 40;

/** @param {readonly number[]} cells */
const listed = (cells) => {
  const words = formatCells(cells).replaceAll(", ", "_");
  return words.length > LONGEST ? `${words.slice(0, LONGEST).replace(/[-_]?\d*$/, "")}_etc` : words;
};

/**
 * Without its ending.
 * @param {object} drawn
 * @param {readonly { name: string }[]} drawn.cards
 * @param {readonly { cells: readonly number[], made?: readonly object[] }[]} drawn.sheets
 * @param {{ name: string, ofCells: boolean }} drawn.view whether it shows some cells, and not all or none
 */
export function fileName({ cards, sheets, view }) {
  const models = [...new Set(cards.map(({ name }) => name))];
  const changed = sheets.some(({ made = [] }) => made.length > 0);
  const lists = view.ofCells ? [...new Set(sheets.map(({ cells }) => listed(cells)))] : [];
  return [
    "nestscope",
    ...models,
    ...(changed ? ["changed"] : []),
    view.name,
    ...(lists.length > 0 ? ["cells", ...lists] : []),
  ].join("-");
}
