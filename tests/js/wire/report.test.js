import assert from "node:assert/strict";
import { test } from "node:test";
import { longestFirst } from "../../../static/wire/report.js";

const row = (unit, tau, more = {}) => ({
  layer: 1,
  level: 0,
  state: "c",
  value: "read",
  unit,
  measure: "context_swap",
  tau,
  status: tau === null ? "censored" : "ok",
  ...more,
});

test("longest first: beyond measure, then by time, then the flat ones by number", () => {
  const units = [
    row(0, null, { status: "saturated" }),
    row(1, 3),
    row(2, 9),
    row(3, null),
    row(4, 3),
    row(5, null, { status: "dead" }),
    // of other memories and measures: they say nothing here
    row(0, 99, { layer: 0 }),
    row(0, 99, { value: "raw" }),
    row(0, 99, { measure: "impulse" }),
    row(0, 99, { state: "h", level: null }),
    row(null, 99),
  ];
  const network = { layers: 2, depth: 1, hidden: 6 };
  assert.deepEqual(longestFirst({ units }, network), [3, 2, 1, 4, 0, 5]);
});
