import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, stateOf } from "../../../static/state/address.js";
import { initialState } from "../../../static/state/state.js";
import { difference } from "../../../static/text/edits.js";
import { pointAt } from "../../../static/text/passage.js";
import { afterEdit, changeAfterEdit, extended, within } from "../../../static/text/span.js";
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

test("a change of the text stays on its characters, a gap before its own, when the text is edited", () => {
  const before = "abcdef";
  /** @param {number} at @param {number} gone @param {string} after */
  const moved = (at, gone, after) =>
    changeAfterEdit({ at, delete: gone, insert: "x" }, difference(before, after));
  const now = (at, gone) => ({ at, delete: gone, insert: "x" });
  assert.deepEqual(moved(3, 1, "so abcdef"), now(6, 1));
  assert.deepEqual(moved(3, 2, "abcdf"), now(3, 1), "what is left of it");
  assert.equal(moved(3, 2, "abcf"), null);
  assert.deepEqual(moved(3, 1, "abcXef"), now(3, 1), "another letter there");
  assert.deepEqual(moved(3, 0, "so abcdef"), now(6, 0));
  assert.deepEqual(moved(3, 0, "abcXdef"), now(4, 0));
  assert.deepEqual(moved(3, 0, "abdef"), now(2, 0));
  assert.deepEqual(moved(3, 0, "abcef"), now(3, 0));
  assert.equal(moved(3, 0, "abef"), null);
  assert.deepEqual(moved(6, 0, "abcde"), now(5, 0));
  for (const gone of [0, 1]) {
    const same = now(1, gone);
    assert.equal(changeAfterEdit(same, difference(before, "abcdefg")), same);
  }
});
