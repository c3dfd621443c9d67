import assert from "node:assert/strict";
import { test } from "node:test";
import { cellBeside, inRow } from "../../../static/views/point.js";

const order = [...Array(9).keys()];
const figure = [
  { cells: [3, 1], order },
  { cells: [7, 0], order: [...order].reverse() },
];
const map = figure.map((sheet) => ({ ...sheet, cells: sheet.order }));
const find = [
  { cells: [5], order },
  { cells: [8], order },
];
const point = { position: 2, panel: 0, memory: 0, rank: 0, cell: 3 };

test("a cell looked at stands in another row of another view, or in none", () => {
  assert.equal(inRow(point, figure), point, "the same where nothing is new");
  assert.deepEqual(inRow(point, map), { ...point, rank: 3 });
  assert.deepEqual(inRow(point, find), { ...point, rank: -1 });
  assert.deepEqual(inRow({ ...point, rank: -1 }, figure), point, "and comes back");
});

test("beside it stands the cell in the same row, or at the same place of the order", () => {
  // Whatever row it was pinned in.
  for (const rank of [-1, 0, 1, 8]) {
    const at = { ...point, rank };
    assert.equal(cellBeside(at, figure, 0), 3);
    assert.equal(cellBeside(at, figure, 1), 7);
    assert.equal(cellBeside(at, map, 1), 5, "place 3 of the reversed order");
    assert.equal(cellBeside({ ...at, cell: 5 }, find, 1), 8);
    assert.equal(cellBeside(at, find, 1), 3, "without a row: by its place");
    assert.equal(cellBeside({ ...at, panel: 1, cell: 0 }, figure, 0), 1);
  }
});
