import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, stateOf } from "../../../static/state/address.js";
import { initialState } from "../../../static/state/state.js";
import { difference } from "../../../static/text/edits.js";
import { pointAt } from "../../../static/text/passage.js";
import { afterEdit, extended, within } from "../../../static/text/span.js";
import { random } from "../random.js";

test("after an edit the same characters are selected, and no others that were there before", () => {
  for (let round = 0; round < 2000; round += 1) {
    const length = 1 + random(12);
    const at = random(length + 1);
    const gone = random(length - at + 1);
    const inserted = random(4);
    if (gone + inserted === 0) continue;
    const from = random(length);
    const to = from + 1 + random(length - from);
    const span = afterEdit(
      { from, to },
      { at, delete: gone, insert: "\u{1F600}".repeat(inserted) },
    );
    for (let place = 0; place < length; place += 1) {
      if (place >= at && place < at + gone) continue;
      const now = place < at ? place : place - gone + inserted;
      const selected = span !== null && now >= span.from && now < span.to;
      assert.equal(
        selected,
        place >= from && place < to,
        JSON.stringify({ length, at, gone, inserted, from, to }),
      );
    }
    if (span) assert.ok(span.from < span.to);
  }
});

test("typing at either end of what is selected leaves it as it is", () => {
  const span = { from: 2, to: 4 };
  const before = "abcdef";
  assert.equal(afterEdit(span, difference(before, "abcdXef")), span);
  assert.deepEqual(afterEdit(span, difference(before, "abXcdef")), { from: 3, to: 5 });
  assert.equal(afterEdit(span, difference(before, "abef")), null);
});

test("Shift takes one character more or less, on both sides of where it began", () => {
  let span = null;
  let place = 10;
  const steps = [1, 1, 1, -1, -1, -1, -1, -1, 1];
  for (const step of steps) {
    span = extended(span, place, place + step);
    place += step;
    assert.deepEqual(span, { from: Math.min(10, place), to: Math.max(10, place) + 1 });
  }
  assert.deepEqual(extended({ from: 0, to: 3 }, 7, 8), { from: 7, to: 9 }, "elsewhere: a new one");
});

test("a span beyond the text is cut off, or gone", () => {
  assert.deepEqual(within({ from: 2, to: 9 }, 5), { from: 2, to: 5 });
  assert.equal(within({ from: 5, to: 9 }, 5), null);
  assert.equal(within({ from: 3, to: 3 }, 5), null);
  assert.equal(within(null, 5), null);
});

test("the address holds the span, and none that makes no sense", () => {
  const known = { cards: [], views: [] };
  const state = { ...initialState("auto", "light"), span: { from: 12, to: 40 } };
  assert.equal(addressOf(state).span, "12.40");
  assert.deepEqual(stateOf({ span: "12.40" }, known).span, { from: 12, to: 40 });
  for (const span of ["40.12", "5.5", "-1.4", "x", "1", "1.2.3", "1e3.2000"])
    assert.equal("span" in stateOf({ span }, known), false, span);
});

test("a UTF-16 unit has as many code points before it as the offsets say", () => {
  const offsets = Uint32Array.from([0, 1, 3, 4, 6]);
  assert.deepEqual(
    [0, 1, 3, 4, 6].map((unit) => pointAt(offsets, unit)),
    [0, 1, 2, 3, 4],
  );
});
