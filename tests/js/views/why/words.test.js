import assert from "node:assert/strict";
import { test } from "node:test";
import { BACK, NEAR, shownOf, stepsOf } from "../../../../static/views/why/origin.js";
import { note, sentence } from "../../../../static/views/why/words.js";

const surprise = { kind: "surprise" };

test("leaving out is estimated first, then exact for the nearest, then for all", () => {
  const steps = stepsOf("occlusion");
  assert.deepEqual(
    steps.map(({ method, back }) => [method, back]),
    [
      ["gradient", BACK],
      ["occlusion", NEAR],
      ["occlusion", BACK],
    ],
  );
  const first = shownOf({ value: 2, values: [9, 9, 9], signed: [1, -2, 3] }, true, undefined);
  assert.deepEqual(
    [first.values, first.sizes],
    [
      [1, -2, 3],
      [3, 2, 1],
    ],
  );
  const near = shownOf({ value: 2, values: [null, null, 5] }, false, first);
  assert.deepEqual(
    [near.values, near.sizes],
    [
      [1, -2, 5],
      [5, 2, 1],
    ],
  );
  const all = shownOf({ value: 2, values: [0.5, -1, 5] }, false, near);
  assert.deepEqual(all.values, [0.5, -1, 5]);
  assert.deepEqual(stepsOf("gradient"), [{ method: "gradient", back: BACK }]);
  const gradient = shownOf({ value: 2, values: [null, 9], signed: [null, -9] }, false, undefined);
  assert.deepEqual([gradient.values, gradient.sizes], [[null, 9], [9]]);
});

test("an estimate is called one as long as it stands there", () => {
  const answer = { value: 2, values: [], sizes: Array(100).fill(1) };
  assert.match(note(surprise, "occlusion", [answer], 0), /^This is the first-order estimate/);
  assert.match(note(surprise, "occlusion", [answer, null], 64), /^Further back than 64/);
  assert.equal(note(surprise, "occlusion", [answer], 400), "");
  assert.equal(note(surprise, "gradient", [answer], 0), "");
  assert.match(
    note({ kind: "cell", column: 0 }, "gradient", [{ ...answer, value: 0.999 }], 0),
    /no memory/,
  );
});

test("a sentence says of each model how far back it lies", () => {
  const answer = { value: 3.1, values: [], sizes: [4, 2, 1, 1] };
  assert.equal(
    sentence(surprise, "e", 20, [answer, { ...answer, value: 1 }]),
    "Surprise at “e” (position 20): A 3.10 bits; half of what counts lies in the last character, nine tenths in the last 4. B 1.00 bits; half of what counts lies in the last character, nine tenths in the last 4.",
  );
  assert.match(
    sentence({ kind: "symbol", symbol: "x" }, "e", 2, [null, { ...answer, value: -2 }]),
    /^Probability of “x” after “e” \(position 2\): B 25 %/,
  );
  assert.match(
    sentence(
      { kind: "cell", column: 0 },
      "e",
      2,
      [answer, { ...answer, value: -0.5 }],
      ["cell 183 (inner)", "cell 21 (layer 2)"],
    ),
    /^One cell after “e” \(position 2\): A’s cell 183 \(inner\) \+3.10; .* B’s cell 21 \(layer 2\) −0.50; /,
  );
  assert.equal(sentence(surprise, "e", 20, [null, null]), "");
});
