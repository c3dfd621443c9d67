// The numbers beside the rows of a map.

import assert from "node:assert/strict";
import { test } from "node:test";

import { numbered } from "../../../../static/views/map/rows.js";

const order = (/** @type {number} */ cells) => Array.from({ length: cells }, (_, k) => cells - k);

test("every so many rows have their cell's number, as there is room", () => {
  const rows = numbered(order(256), 256, -1);
  assert.deepEqual(
    rows.map(({ place }) => place),
    Array.from({ length: 13 }, (_, k) => 20 * k),
  );
  assert.equal(rows[1]?.cell, 236);
  assert.equal(numbered(order(8), 96, -1).length, 4);
  assert.deepEqual(numbered([], 96, -1), []);
});

test("the cell looked at has its own, and none overlaps it", () => {
  const rows = numbered(order(256), 256, 107);
  const [mine] = rows.filter(({ marked }) => marked);
  assert.deepEqual(mine, { place: 107, cell: 149, marked: true });
  const others = rows.filter(({ marked }) => !marked).map(({ place }) => place);
  assert.ok(!others.includes(100) && !others.includes(120));
  assert.ok(others.includes(80) && others.includes(140));
});
