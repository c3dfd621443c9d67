import assert from "node:assert/strict";
import { test } from "node:test";
import { FIELDS, fieldsOf, wrongCells } from "../../../static/chrome/cellfields.js";
import { cellsOf, initialState, pickOf } from "../../../static/state/state.js";

const cards = [
  { name: "a", hidden: 12 },
  { name: "b", hidden: 8 },
];
const state = {
  ...initialState("auto", "light"),
  ...{ cards, a: "a", b: "b", cells: "0-6", cellsB: "3, 1", pick: 5, pickB: 2 },
};

test("each field says and changes what is shown, also of a model that is shown twice", () => {
  for (const [beside, cells, pick] of [
    ["", "0-6", "5"],
    ["a", "0-6", "5"],
    ["b", "3, 1", "2"],
  ]) {
    const now = { ...state, beside };
    assert.equal(fieldsOf(now).cells, cells);
    assert.equal(fieldsOf(now).pick, pick);
    for (const panel of beside === "" ? [0] : [0, 1]) {
      assert.equal(cellsOf({ ...now, ...FIELDS.cells("4, 2", now).patch }, panel), "4, 2");
      assert.equal(pickOf({ ...now, ...FIELDS.pick("7", now).patch }, panel), 7);
    }
  }
});

test("what is wrong is said of the list that is shown, and of the cell wherever one is", () => {
  assert.match(wrongCells({ ...state, cellsB: "9" }), /There is no cell 9/);
  assert.equal(wrongCells({ ...state, cellsB: "9", beside: "a" }), "");
  assert.match(wrongCells({ ...state, cellsB: "9", beside: "b" }), /There is no cell 9/);
  const short = { ...state, pickB: 9 };
  for (const view of ["cell", "pair"])
    assert.match(wrongCells({ ...short, view }), /Model B has no cell 9/);
  assert.equal(wrongCells({ ...short, view: "forgetting" }), "");
  assert.match(wrongCells({ ...short, view: "forgetting", scope: "cell" }), /no cell 9/);
  assert.equal(wrongCells({ ...short, view: "why" }), "");
  assert.match(wrongCells({ ...short, view: "why", why: "cell-0.gradient" }), /no cell 9/);
});
