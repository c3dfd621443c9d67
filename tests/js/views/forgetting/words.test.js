import assert from "node:assert/strict";
import { test } from "node:test";
import { axisOf, ticksOf } from "../../../../static/views/forgetting/curves.js";
import { foldWords, sentence } from "../../../../static/views/forgetting/words.js";

const trail = (name, fold, more = {}) => ({
  name,
  left: Float64Array.of(1, 0.1),
  fold,
  cell: null,
  saturated: 0,
  cells: 4,
  ...more,
});

test("what is left is said in one sentence a model", () => {
  assert.equal(
    sentence([trail("inner", 12.3), trail("outer", 3.04)], "A"),
    "A: 1/e of the change is left after 12 characters in the inner memory, after 3.0 in the outer memory.",
  );
  assert.equal(
    sentence([trail("inner", null), trail("layer 1", 1, { saturated: 2 })], "B"),
    "B: more than 1/e of the change is left at the end in the inner memory, after 1.0 in layer 1. Saturated cells left out: 2 in layer 1.",
  );
  assert.equal(
    sentence([trail("inner", null, { left: null }), trail("outer", null, { cells: 0 })], "A"),
    "A: this change makes no difference.",
  );
  assert.equal(
    sentence([trail("inner", null, { left: null, cells: 0, saturated: 1 })], "B"),
    "B: every cell looked at is saturated.",
  );
  assert.equal(foldWords(trail("inner", 1.01)), "1/e left after 1.0 character");
  assert.equal(
    foldWords(trail("inner", 3, { left: Float64Array.of(1, 12.3, 0.1) })),
    "1/e left after 3.0 characters, after growing to 12 times",
  );
  assert.equal(foldWords(trail("inner", null)), "more than 1/e left at the end");
});

test("of one cell it is said which, in each model", () => {
  const one = { cell: 21, cells: 1 };
  assert.equal(
    sentence(
      [trail("layer 2", 12.3, one), trail("layer 1", null, { ...one, cells: 0, saturated: 1 })],
      "B",
    ),
    "B’s cell 21: 1/e of the change is left after 12 characters in layer 2. Left out, as it is saturated there: layer 1.",
  );
  const full = { ...one, left: null, cells: 0, saturated: 1 };
  assert.equal(
    sentence([trail("inner", null, full)], "A"),
    "A’s cell 21: it is saturated in every memory.",
  );
  assert.equal(foldWords(trail("inner", null, full)), "the cell is saturated");
});

test("the axis shows every memory go, within the text", () => {
  assert.equal(axisOf([trail("inner", 50), trail("outer", 3)], 1000), 150);
  assert.equal(axisOf([trail("inner", 2)], 1000), 24);
  assert.equal(axisOf([trail("inner", null)], 1000), 400);
  assert.equal(axisOf([trail("inner", 50)], 31), 30);
  assert.deepEqual(ticksOf(24), [0, 5, 10, 15, 20]);
  assert.deepEqual(ticksOf(400).at(-1), 400);
  assert.ok(ticksOf(1).length >= 1);
});
