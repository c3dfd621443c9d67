import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AFTER,
  axisOf,
  inBits,
  nameOf,
  placeOf,
  sentence,
} from "../../../../static/views/why/loss.js";
import { memoriesOf } from "../../networks.js";

const random = { low: 0.4, median: 0.7, high: 1.1, totals: [] };
const group = (level, total, layer = 0) => ({ layer, level, total, random });

test("one sentence says what each memory costs, beside random cells", () => {
  const card = { memories: memoriesOf(1, 2) };
  const answer = { groups: [group(1, 3.31), group(0, -0.21)], natural: Array(41).fill(0) };
  assert.equal(
    sentence(card, "A", answer),
    "Without its inner memory A loses 3.3 bits over the next 40 characters, without its outer memory −0.2; equally many random cells cost 0.4 to 1.1.",
  );
  const none = { low: null, median: null, high: null, totals: [] };
  const alone = { groups: [{ ...group(1, 12.4), random: none }], natural: [0, 0] };
  assert.equal(
    sentence(card, "B", alone),
    "Without its inner memory B loses 12 bits over the next character.",
  );
});

test("memories have the names of the page, in every kind of network", () => {
  assert.equal(nameOf({ memories: memoriesOf(2, 1) }, group(0, 1, 1)), "layer 2");
  assert.equal(nameOf({ memories: memoriesOf(1, 1) }, group(null, 1)), "output");
  assert.equal(nameOf({ memories: memoriesOf(1, 2) }, group(null, 1, 0)), "layer 1");
});

test("bits are given two digits, and the axis holds all that is drawn", () => {
  assert.deepEqual([0.01, -0.02, 0.44, -3.26, 123.4].map(inBits), ["0", "0", "0.4", "−3.3", "123"]);
  assert.equal(axisOf([{ groups: [group(0, 0.2)] }, { groups: [group(0, 5)] }]), 5);
  assert.equal(axisOf([]), 1);
});

test("a memory is taken where characters follow", () => {
  for (const length of [2, 3, 40, 41, 42, 500])
    for (const border of [0, 30])
      for (const pinned of [null, 0, 7, length - 1]) {
        const from = placeOf(length, border, pinned);
        assert.ok(from >= 0 && from <= length - 2);
        if (pinned !== null && pinned <= length - 2) assert.equal(from, pinned);
        if (pinned === null && length > border + AFTER + 1) assert.equal(length - 1 - from, AFTER);
      }
  assert.equal(placeOf(1, 0, null), null);
});
