import assert from "node:assert/strict";
import { test } from "node:test";
import { inCharacters } from "../../../static/base/format.js";
import { remembers } from "../../../static/views/timescale.js";
import { inner, report } from "../timescales.js";

test("how long a cell remembers is said in characters, with its interval", () => {
  const words = [0, 1, 2, 3, 4, 5, 6].map((cell) => remembers(report, inner, cell)?.words);
  assert.deepEqual(words, [
    "saturated",
    "remembers 3.0 characters",
    "remembers 58 characters",
    "remembers over 400 characters",
    "remembers 3.0 characters",
    "constant",
    undefined,
  ]);
  assert.match(remembers(report, inner, 2).meaning, /98,500 .*a\.txt.* 58 .* 49 to 68\./);
  assert.doesNotMatch(remembers(report, inner, 4).meaning, /interval/);
  assert.equal(
    remembers(report, { layer: 1, level: 0, state: "h" }, 0).words,
    "remembers 1.0 characters",
  );
  assert.deepEqual([9.94, 9.96, 0.04, 400.4].map(inCharacters), ["9.9", "10", "0.0", "400"]);
});

test("a model that was not measured says how to measure it", () => {
  const { words, meaning } = remembers({ ...report, memories: [] }, inner, 0);
  assert.equal(words, "not measured");
  assert.match(meaning, /python -m analysis\.timescales --model net /);
});
