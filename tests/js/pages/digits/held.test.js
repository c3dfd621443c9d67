import assert from "node:assert/strict";
import { test } from "node:test";
import { answerInWords } from "../../../../static/pages/digits/decision.js";
import {
  formatHeld,
  heldInWords,
  interventionsOf,
  memoryNames,
  parseHeld,
} from "../../../../static/pages/digits/held.js";

const memory = (name, layer, level) => ({ name, layer, level, state: level === null ? "h" : "c" });
const nested = {
  ...{ name: "nested", cell: "lstm", hidden: 8 },
  memories: [memory("inner", 0, 1), memory("outer", 0, 0)],
};
const lone = {
  ...{ name: "lone", cell: "lstm", hidden: 4 },
  memories: [memory("cell", 0, 0), memory("h", 0, null)],
};
const gru = { name: "gru", cell: "gru", hidden: 4, memories: [memory("layer 1", 0, null)] };

test("a cell is held in the memory at its place, or in the last one a network has", () => {
  const held = { memory: 1, cell: 5, value: -0.5 };
  assert.deepEqual(interventionsOf(nested, held), [{ layer: 0, level: 0, cells: [5], set: -0.5 }]);
  assert.deepEqual(interventionsOf(lone, held), [{ layer: 0, level: 0, cells: [3], set: -0.5 }]);
  assert.deepEqual(interventionsOf(gru, held), [{ layer: 0, state: "h", cells: [3], set: -0.5 }]);
  assert.deepEqual(interventionsOf(nested, null), []);
  assert.equal(heldInWords(nested, { ...held, memory: 0 }), "inner c\u0303 5 held at −0.5");
  assert.equal(heldInWords(gru, held), "layer 1 h 3 held at −0.5");
  assert.deepEqual(memoryNames([nested, lone]), ["inner c\u0303, cell c", "outer c, cell c"]);
  assert.deepEqual(memoryNames([nested, nested]), ["inner c\u0303", "outer c"]);
});

test("an address keeps what is held, and what makes no sense is nothing", () => {
  for (const value of [0, -0.25, 1e6, 1e-7]) {
    const held = { memory: 1, cell: 70, value };
    assert.deepEqual(parseHeld(formatHeld(held)), held);
  }
  for (const wrong of [
    "",
    "0,1",
    "0,1,",
    "0,1,x",
    "0,1,.",
    "0,1,1e7",
    "12,1,0",
    "0,-1,0",
    "0,1,2,3",
  ])
    assert.equal(parseHeld(wrong), null, wrong);
});

test("the answer is told with what it was untouched", () => {
  const surely = (digit) => [Array.from({ length: 10 }, (_, k) => (k === digit ? 0.91 : 0.01))];
  assert.equal(answerInWords("A", surely(3), []), "A: 3, 91.0 %");
  assert.equal(answerInWords("A", surely(3), surely(8)), "A: 3, 91.0 % (untouched: 8, 91.0 %)");
  assert.equal(answerInWords("A", [], []), "");
});
