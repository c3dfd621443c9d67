import assert from "node:assert/strict";
import { test } from "node:test";
import { pickedEach } from "../../../../static/state/panels.js";
import { pickOf } from "../../../../static/state/state.js";
import { pickedWords } from "../../../../static/views/find/picked.js";

const cards = [{ name: "a" }, { name: "b" }, { name: "c" }];
const base = { cards, a: "a", b: "b", c: "c", d: "none", beside: "", pick: 5, pickB: null };
const found = [
  { memory: 0, cell: 183 },
  { memory: 1, cell: 21 },
  { memory: 0, cell: 9 },
];

test("each of the two models has the cell found in it, and all that is new is said", () => {
  const picks = pickedEach(base, found);
  assert.deepEqual(picks, { pick: 183, pickB: 21 });
  const words = pickedWords(base, picks);
  assert.match(words, /A’s cell 183 and B’s cell 21 now\.$/);
  assert.equal(pickedWords({ ...base, ...picks }, picks), "", "nothing is new");
});

test("one cell chosen is picked in its model alone", () => {
  const two = { ...base, pickB: 7 };
  for (const panel of [0, 1]) {
    const picks = pickedEach(
      two,
      found.map((each, k) => (k === panel ? each : null)),
    );
    assert.equal(pickOf({ ...two, ...picks }, panel), found[panel].cell);
    assert.equal(pickOf({ ...two, ...picks }, 1 - panel), pickOf(two, 1 - panel));
    assert.match(
      pickedWords(two, picks),
      panel === 0 ? /on A’s cell 183 now/ : /on B’s cell 21 now/,
    );
  }
  // C shows the cell that A does: it has none of its own.
  assert.equal(pickedWords(two, pickedEach(two, [null, null, found[2]])), "");
});

test("of a model that is shown twice one cell is picked", () => {
  for (const beside of ["a", "b"]) {
    const twice = { ...base, beside };
    const picks = pickedEach(twice, found);
    for (const panel of [0, 1]) assert.equal(pickOf({ ...twice, ...picks }, panel), 183);
  }
});
