import assert from "node:assert/strict";
import { test } from "node:test";
import { FEATURES } from "../../../static/atlas/features.js";

/** The examples of tests/analysis/selectivity/test_features.py. */
const EXAMPLES = [
  ["quotes", 'he said "', "        ^"],
  ["quotes", '"', "^"],
  ["quotes", '"so "', "^^^^ "],
  ["quotes", '"so"', "^^^ "],
  ["brackets", "{a(b}c)", "^^^^   "],
  ["comment", "a /* b */ c", "   ^^^^^   "],
  ["comment", "/*/ a **/ /**/ */ /* b", " ^^^^^^^   ^^      ^^^"],
  ["tag", "a <unk> 1 < 2 > 0 <>", "  ^^^^              "],
];

for (const [key, text, expected] of EXAMPLES)
  test(`${key} in ${JSON.stringify(text)}`, () => {
    const marks = FEATURES[key].mark([...text]);
    assert.equal(Array.from(marks, (on) => (on ? "^" : " ")).join(""), expected);
  });
