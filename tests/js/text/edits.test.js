import assert from "node:assert/strict";
import { test } from "node:test";
import {
  countPoints,
  difference,
  firstPoints,
  normalise,
  unitOffsets,
} from "../../../static/text/edits.js";
import { random, randomText } from "../random.js";

/** The edit carried out on an array of code points: the model the server follows. */
function carryOut(text, edit) {
  const points = [...text];
  points.splice(edit.at, edit.delete, ...edit.insert);
  return points.join("");
}

test("the difference of two texts, carried out on code points, turns one into the other", () => {
  for (let k = 0; k < 4000; k += 1) {
    const before = randomText(12);
    const at = random(before.length + 1);
    const after =
      k % 2
        ? randomText(12)
        : normalise(before.slice(0, at) + randomText(3) + before.slice(at + random(4)));
    const edit = difference(before, after);
    if (before === after) assert.equal(edit, null);
    else {
      assert.equal(carryOut(before, edit), after);
      assert.equal(
        before.slice(0, edit.unit) + edit.insert + before.slice(edit.unit + edit.units),
        after,
      );
      assert.ok(edit.insert.isWellFormed());
    }
  }
});

test("an emoji changed into one that shares half its surrogates is replaced whole", () => {
  assert.deepEqual(difference("a😀b", "a😁b"), {
    at: 1,
    delete: 1,
    insert: "😁",
    unit: 1,
    units: 2,
  });
  // U+1F600 and U+1FA00 - 0x200: equal low halves.
  assert.deepEqual(difference("\u{1f600}", "\u{10600}"), {
    at: 0,
    delete: 1,
    insert: "\u{10600}",
    unit: 0,
    units: 2,
  });
});

test("one typed character is one inserted code point", () => {
  assert.deepEqual(difference("the cat", "the cats"), {
    at: 7,
    delete: 0,
    insert: "s",
    unit: 7,
    units: 0,
  });
});

test("line ends become LF, half pairs U+FFFD, and whole pairs stay", () => {
  assert.equal(normalise("a\r\nb\rc\n\r\n"), "a\nb\nc\n\n");
  assert.equal(
    normalise("\ud83d\ude00 \ud83d \ude00 \ud83d\ud83d\ude00\ude00"),
    "😀 \ufffd \ufffd \ufffd😀\ufffd",
  );
});

test("counts, offsets and heads agree with the string's own iterator", () => {
  for (let k = 0; k < 500; k += 1) {
    const text = randomText(20);
    const points = [...text];
    assert.equal(countPoints(text), points.length);
    const offsets = unitOffsets(text);
    assert.equal(offsets.length, points.length + 1);
    for (const [p, point] of points.entries())
      assert.equal(text.slice(offsets[p], offsets[p + 1]), point);
    const n = random(points.length + 2);
    assert.equal(firstPoints(text, n), points.slice(0, n).join(""));
  }
});
