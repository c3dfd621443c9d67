import assert from "node:assert/strict";
import { test } from "node:test";
import { longestFirst } from "../../../static/wire/timescales.js";
import { inner, report } from "../timescales.js";

test("longest first: beyond measure, then by time, then those without one by number", () => {
  assert.deepEqual(longestFirst(report, inner, 6), [3, 2, 1, 4, 0, 5]);
  assert.deepEqual(longestFirst({ ...report, memories: [] }, inner, 3), [0, 1, 2]);
});
