// Which cells a match is asked with.

import assert from "node:assert/strict";
import { test } from "node:test";

import { onOf } from "../../../../static/views/find/match.js";

test("the first cells are on, and one that was switched stays so wherever it comes to stand", () => {
  const names = ["a", "b", "c", "d", "e", "f"];
  assert.deepEqual(onOf(names, new Map()), [true, true, true, true, false, false]);
  const switched = new Map([
    ["b", false],
    ["f", true],
  ]);
  assert.deepEqual(onOf(names, switched), [true, false, true, true, false, true]);
  // Another threshold lists them in another order: b is off still, f on.
  assert.deepEqual(onOf(["f", "a", "c", "d", "b"], switched), [true, true, true, true, false]);
  assert.deepEqual(onOf(["c", "d", "e", "a", "f", "b"], switched).slice(4), [true, false]);
});
