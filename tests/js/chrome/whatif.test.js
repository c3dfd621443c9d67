import assert from "node:assert/strict";
import { test } from "node:test";
import { common } from "../../../static/chrome/whatif/continued.js";
import { moves, percent, times } from "../../../static/chrome/whatif/expected.js";

test("the symbols that move most, with what they had and have", () => {
  const before = [0, Math.log(2), Math.log(5)]; // 1/8, 2/8, 5/8
  const after = [Math.log(6), Math.log(1), Math.log(1)]; // 6/8, 1/8, 1/8
  const found = moves(before, after, ["a", "b", "c"], 2);
  assert.deepEqual(
    found.map(({ symbol }) => symbol),
    ["a", "c"],
  );
  assert.ok(Math.abs(found[0].before - 1 / 8) < 1e-12 && Math.abs(found[0].after - 6 / 8) < 1e-12);
  assert.equal(times(found[0]), "×6.0");
  assert.equal(times({ before: 0.5, after: 0.05 }), "÷10");
  assert.equal(times({ before: 0.5, after: 0.52 }), "");
  assert.equal(times({ before: 0, after: 0.5 }), "");
});

test("logits beyond what exp can hold are probabilities all the same", () => {
  const [{ before, after }] = moves([1000, 0], [-5000, 0], ["a", "b"], 1);
  assert.deepEqual([before, after], [1, 0]);
});

test("small probabilities keep their digits", () => {
  assert.deepEqual([0.5, 0.042, 0.0031, 0.00001].map(percent), [
    ...["50 %", "4.2 %", "0.31 %", "< 0.01 %"],
  ]);
});

test("two texts are alike up to the first character that differs, whatever it is made of", () => {
  assert.equal(common("abc", "abd"), 2);
  assert.equal(common("", "abd"), 0);
  assert.equal(common("abc", "abc"), 3);
  assert.equal(common("a😀", "a😁"), 1, "a surrogate pair is one character");
});
