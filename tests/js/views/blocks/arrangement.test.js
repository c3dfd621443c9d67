// How wide the blocks of one to four models are.

import assert from "node:assert/strict";
import { test } from "node:test";
import { arranged } from "../../../../static/views/blocks/arrangement.js";
import { random } from "../../random.js";

/** Pixels that models of these columns take side by side. */
const taken = (columns, { block, gap, between }) =>
  columns.reduce((sum, count) => sum + count * (block + gap) - gap, 0) +
  between * (columns.length - 1);

test("side by side they fit, and only so much is left that no block could be wider", () => {
  for (let k = 0; k < 2000; k += 1) {
    const columns = Array.from({ length: 1 + random(4) }, () => 1 + random(3));
    const room = 300 + random(2400);
    const found = arranged(columns, room, 1);
    const widest = Math.max(...columns);
    const sheet = widest * (found.block + found.gap) - found.gap;
    assert.ok(found.block >= 96, `${found.block} pixels in ${room}`);
    if (found.swiped) {
      assert.ok(columns.length > 1);
      // One sees that there is a next one.
      if (found.block > 100) assert.ok(sheet + found.between < room, `${columns} in ${room}`);
      continue;
    }
    const rest = room - taken(columns, found);
    assert.ok(rest >= 0 || found.block === 100, `${columns} in ${room}`);
    const total = columns.reduce((sum, count) => sum + count, 0);
    if (columns.length > 1) assert.ok(rest < total, `${rest} of ${room} are left`);
  }
});

test("the usual screens", () => {
  const way = (columns, room) => arranged(columns, room, 1).swiped;
  assert.deepEqual(
    [1294, 347].map((room) => way([2, 2], room)),
    [false, true],
  );
  assert.equal(way([2, 2, 2, 2], 1294), false);
  assert.equal(way([2, 2, 2, 2], 700), true);
  assert.equal(way([2], 347), false);
  // On a wall the type is larger, and blocks of as many characters take more room.
  assert.equal(arranged([2, 2], 1000, 1).swiped, false);
  assert.equal(arranged([2, 2], 1000, 1.6).swiped, true);
});
