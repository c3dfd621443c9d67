import assert from "node:assert/strict";
import { test } from "node:test";
import { difference } from "../../../static/text/edits.js";
import { characterOf, EMPTY, nextPassage } from "../../../static/text/passage.js";
import { random, randomText } from "../random.js";

test("a passage counts code points, and its edit makes it from the one before", () => {
  let passage = EMPTY;
  for (let k = 0; k < 400; k += 1) {
    const before = passage;
    const [warmUp, typed] = [random(2) ? randomText(6) : "", randomText(12)];
    passage = nextPassage(before, warmUp, typed);
    const characters = [...(warmUp + typed)];
    assert.equal(passage.text, warmUp + typed);
    assert.equal(passage.length, characters.length);
    assert.equal(passage.border, [...warmUp].length);
    assert.deepEqual(
      characters.map((_, t) => characterOf(passage, t)),
      characters,
    );
    assert.deepEqual([characterOf(passage, -1), characterOf(passage, passage.length)], ["", ""]);
    assert.deepEqual(passage.edit, difference(before.text, passage.text));
  }
});

test("a border that moves within the same text is told, without an edit", () => {
  const first = nextPassage(EMPTY, "", "ab");
  const second = nextPassage(first, "a", "b");
  assert.deepEqual([second.edit, second.border, second.text], [null, 1, "ab"]);
});
