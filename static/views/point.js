// The cell looked at among the rows that are shown: a row is another cell's in another view, list or order. Pure.

/** @typedef {import("./view.js").Point} Point */
/** @typedef {Pick<import("./view.js").Sheet, "cells" | "order">} Rows */

/** The same point, in the row where its cell stands now; -1 where it stands in none. @param {Point} point @param {readonly Rows[]} sheets @returns {Point} */
export function inRow(point, sheets) {
  const rank = sheets[point.panel]?.cells.indexOf(point.cell) ?? -1;
  return rank === point.rank ? point : { ...point, rank };
}

/**
 * The cell of a model that stands beside the one looked at: in the same row, or where that has none at the same place
 * of the order.
 * @param {Point} point
 * @param {readonly Rows[]} sheets
 * @param {number} panel
 */
export function cellBeside({ panel: own, cell }, sheets, panel) {
  if (panel === own) return cell;
  const rank = sheets[own]?.cells.indexOf(cell) ?? -1;
  const place = sheets[own]?.order.indexOf(cell) ?? -1;
  return (rank < 0 ? sheets[panel]?.order[place] : sheets[panel]?.cells[rank]) ?? cell;
}
