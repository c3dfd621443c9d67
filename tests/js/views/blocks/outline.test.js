import assert from "node:assert/strict";
import { test } from "node:test";
import { outlineOf } from "../../../../static/views/blocks/outline.js";
import { random } from "../../random.js";

/** A text of characters ten pixels wide, so many a row. */
function boxesOf(count, each) {
  const places = Array.from({ length: count }, (_, k) => k);
  return {
    count,
    row: places.map((k) => Math.floor(k / each)),
    left: places.map((k) => 10 * (k % each)),
    right: places.map((k) => 10 * (k % each) + 10),
  };
}

/** Whether a point is inside a path of horizontal and vertical lines: an odd number of edges to its left. */
function inside(path, x, y) {
  let at = [0, 0];
  let begin = [0, 0];
  let odd = false;
  for (const [, kind, numbers] of path.matchAll(/([MHVZ])([^MHVZ]*)/g)) {
    const values = numbers.split(" ").map(Number);
    const before = at;
    if (kind === "M") begin = at = values;
    else if (kind === "Z") at = begin;
    else at = kind === "H" ? [values[0], at[1]] : [at[0], values[0]];
    if (kind === "M" || before[0] !== at[0] || before[0] > x) continue;
    if (Math.min(before[1], at[1]) <= y && y < Math.max(before[1], at[1])) odd = !odd;
  }
  return odd;
}

test("the outline holds the characters of the span, and no others", () => {
  for (let round = 0; round < 300; round += 1) {
    const each = 1 + random(6);
    const count = 1 + random(30);
    const from = random(count);
    const to = from + 1 + random(count - from);
    const path = outlineOf(boxesOf(count, each), { from, to }, 10 * each, 19);
    for (let k = 0; k < count; k += 1)
      assert.equal(
        inside(path, 10 * (k % each) + 5, 19 * Math.floor(k / each) + 9),
        k >= from && k < to,
        `${k} of ${from} to ${to}, ${each} a row: ${path}`,
      );
  }
});

test("there is none without a span, or where the text is not measured that far", () => {
  assert.equal(outlineOf(boxesOf(5, 3), null, 30, 19), "");
  assert.equal(outlineOf(boxesOf(5, 3), { from: 5, to: 9 }, 30, 19), "");
});
