import assert from "node:assert/strict";
import { test } from "node:test";
import { tableOf, valuesIn } from "../../../../static/pages/digits/files.js";
import { GLIMPSES } from "../../../../static/pages/digits/glimpses.js";

/** A panel of a network whose cell c holds c / 10 after every glimpse. @param {number} hidden */
const panel = (hidden, hold = null) => {
  const cells = Array.from({ length: hidden }, (_, cell) => cell / 10);
  const memory = { name: "inner", symbol: "c", layer: 0, level: 0, state: "c" };
  const card = { name: "net", sha256: "ab", cell: "lstm", hidden, memories: [memory] };
  const display = Array.from({ length: GLIMPSES }, () => [[cells]]);
  const steps = Array.from({ length: GLIMPSES }, () => Array(10).fill(0.1));
  const values = Array(GLIMPSES).fill(0);
  const answer = { glimpses: [], display, logits: [], occlusion: { digit: 3, values } };
  return { shown: () => ({ card, answer, hold }), steps: () => steps };
};

test("a network with fewer cells shows its last one, in the head and in the values", () => {
  const [head, ...rows] = tableOf([panel(8), panel(4)], 9999);
  for (const [name, value] of [
    ["A: inner 7", "+0.700"],
    ["B: inner 3", "+0.300"],
  ]) {
    const column = head.indexOf(name);
    assert.ok(column > 0, head.join());
    assert.deepEqual(new Set(rows.map((row) => row[column])), new Set([value]));
  }
});

test("one network in both places has rows that are told apart", () => {
  const [head, ...rows] = valuesIn([panel(2), panel(2)]);
  assert.equal(rows.length, 2 * GLIMPSES * (10 + 1 + 2));
  assert.equal(new Set(rows.map((row) => row.join())).size, rows.length);
  const place = head.indexOf("panel");
  assert.deepEqual([rows[0][place], rows.at(-1)[place]], ["A", "B"]);
});

test("what was held is said in every row of its network", () => {
  const words = "inner c 1 held at 0";
  const [head, ...rows] = valuesIn([panel(2, { words }), panel(2)]);
  const [held, place] = ["held", "panel"].map((name) => head.indexOf(name));
  for (const row of rows) assert.equal(row[held], row[place] === "A" ? words : "");
});
