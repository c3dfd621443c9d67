import assert from "node:assert/strict";
import { test } from "node:test";
import {
  characterAt,
  paintRows,
  rowCount,
  rowStarts,
} from "../../../../static/views/blocks/paint.js";

/** "ab\n\nc": b is wide, the second row is empty but for its newline. */
const boxes = {
  count: 5,
  row: Uint16Array.of(0, 0, 0, 1, 2),
  left: Float32Array.of(0, 2, 5, 0, 0),
  right: Float32Array.of(2, 5, 6, 1, 2.4),
  starts: [],
};
boxes.starts = rowStarts(boxes.row, boxes.count);

test("rows start where their first character stands", () => {
  assert.deepEqual(boxes.starts, [0, 3, 4, 5]);
  assert.equal(rowCount(boxes), 3);
  assert.deepEqual(rowStarts(new Uint16Array(0), 0), [0]);
});

test("every character fills its own pixels with its own value's colour", () => {
  const colours = Uint32Array.from({ length: 256 }, (_, k) => (k === 0 ? 0 : 1000 + k));
  const values = Int8Array.of(9, 10, 9, -20, 9, 0, 9, -128, 9, 127); // every second one is ours
  const pixels = new Uint32Array(8 * 3);
  paintRows(pixels, 8, 1, boxes, 0, 3, colours, values, 1, 2);
  const [a, b, n, c] = [10, -20, 0, 127].map((v) => 1128 + v);
  assert.deepEqual(
    [...pixels],
    [a, a, b, b, b, n, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, c, c, 0, 0, 0, 0, 0, 0],
  );
  const twice = new Uint32Array(16);
  paintRows(twice, 16, 2, boxes, 2, 3, colours, values, 1, 2);
  assert.equal(twice.filter((p) => p === c).length, 5, "2.4 CSS pixels are 5 of the screen's");
});

test("the character at a point, and the nearest one beyond the line's end", () => {
  assert.equal(characterAt(boxes, 1, 0), 0);
  assert.equal(characterAt(boxes, 2, 0), 1);
  assert.equal(characterAt(boxes, 99, 0), 2);
  assert.equal(characterAt(boxes, 99, 1), 3);
  assert.equal(characterAt(boxes, 1, 99), 4);
  assert.equal(characterAt({ ...boxes, count: 0, starts: [0] }, 1, 0), -1);
});
