import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, stateOf } from "../../../static/state/address.js";
import { askFor, isQuestion, wantedBy } from "../../../static/state/question.js";
import { initialState } from "../../../static/state/state.js";

const known = { cards: [], views: ["find"] };

test("a question is a feature, a text or an expression, and comes back from the address as it was", () => {
  for (const [ask, wanted] of [
    ["quotes", { feature: "quotes" }],
    [askFor("literal", "a: b\nc"), { literal: "a: b\nc" }],
    [askFor("pattern", "literal:(x|y)+"), { pattern: "literal:(x|y)+" }],
    ["span", null],
  ]) {
    assert.deepEqual(wantedBy(ask), wanted);
    const state = { ...initialState("auto", "light"), ask };
    assert.equal(stateOf({ ask: addressOf(state).ask }, known).ask, ask);
  }
  assert.equal(askFor("literal", ""), "");
  assert.equal(addressOf(initialState("auto", "light")).ask, undefined);
  for (const ask of [
    "",
    "Quotes",
    "a b",
    "literal:",
    "x".repeat(2000),
    `literal:${"x".repeat(2000)}`,
  ])
    assert.equal(isQuestion(ask), false, ask);
});

test("the cells found come back from the address, of every model", () => {
  for (const found of [
    [
      { memory: 0, cell: 240 },
      { memory: 1, cell: 83 },
    ],
    [null, { memory: 1, cell: 83 }],
    [{ memory: 2, cell: 1 }, null],
    [{ memory: 2, cell: 1 }],
    [null, null, { memory: 0, cell: 5 }, { memory: 1, cell: 0 }],
  ]) {
    const state = { ...initialState("auto", "light"), view: "find", found };
    assert.deepEqual(stateOf({ found: addressOf(state).found }, known).found, found);
  }
  for (const found of ["1", "1.2.3", "a.b", "1.2-3.4-5.6-7.8-9.0", "1.2-x"])
    assert.equal("found" in stateOf({ found }, known), false, found);
});
