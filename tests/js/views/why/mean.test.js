import assert from "node:assert/strict";
import { test } from "node:test";
import { Mean, PLACES, placesOf } from "../../../../static/views/why/mean.js";

test("places lie evenly in the passage, each once", () => {
  for (const [from, to] of [
    [0, 0],
    [3, 4],
    [10, 30],
    [7, 20_007],
  ]) {
    const places = placesOf(from, to);
    assert.equal(places.length, Math.min(PLACES, to - from));
    assert.equal(new Set(places).size, places.length);
    assert.ok(places.every((place) => place >= from && place < to));
  }
});

test("the mean of two models over places, told as it grows", async () => {
  const told = [];
  const answers = {
    4: [{ values: [null, 1, -3] }, null],
    9: [{ values: [2, 5] }, { values: [7] }],
  };
  const mean = new Mean();
  await mean.run(
    [4, 9],
    async (position) => answers[position],
    (done, sizes) => told.push([done, sizes]),
  );
  assert.deepEqual(told, [
    [1, [[3, 1], []]],
    [2, [[4, 1.5], [7]]],
  ]);
  assert.equal(mean.running, null);
});

test("once stopped it asks for no further place and tells nothing more", async () => {
  const mean = new Mean();
  let asked = 0;
  let told = 0;
  const run = mean.run(
    [1, 2, 3],
    async (_position, signal) => {
      asked += 1;
      if (asked === 2) mean.stop();
      assert.equal(signal.aborted, asked === 2);
      return [{ values: [1] }];
    },
    () => {
      told += 1;
    },
  );
  await run;
  assert.deepEqual([asked, told, mean.running], [2, 1, null]);
});
