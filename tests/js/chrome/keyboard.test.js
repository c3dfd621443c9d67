import assert from "node:assert/strict";
import { test } from "node:test";
import { moved } from "../../../static/chrome/keyboard.js";
import { random } from "../random.js";

const sheets = [
  { memories: [{}, {}, {}], cells: [7, 3, 9], order: [] },
  { memories: [{}], cells: [4], order: [] },
];
const KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "i", "o", "[", "]"];

test("whatever the keys, the character stays in the text and the cell in its sheet", () => {
  let point = null;
  for (let step = 0; step < 3000; step += 1) {
    const key = KEYS[random(KEYS.length)];
    const before = point;
    point = moved(key, point, sheets, 20);
    const sheet = sheets[point.panel];
    assert.ok(point.position >= 0 && point.position < 20);
    assert.ok(point.memory >= 0 && point.memory < sheet.memories.length);
    assert.equal(point.cell, sheet.cells[point.rank]);
    if (key === "ArrowRight")
      assert.equal(point.position, Math.min(19, (before?.position ?? -1) + 1));
  }
});

test("Escape leaves, other keys mean nothing, and in an empty text there is nowhere to go", () => {
  const point = { position: 3, panel: 0, memory: 0, rank: 0, cell: 7 };
  assert.equal(moved("Escape", point, sheets, 20), null);
  assert.equal(moved("q", point, sheets, 20), undefined);
  assert.equal(moved("End", null, sheets, 0), undefined);
  assert.equal(moved("End", null, [], 20), undefined);
  assert.equal(moved("End", null, sheets, 20).position, 19);
});
