// What becomes of the models shown when the server's folder changes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { panelsOf } from "../../../static/state/panels.js";
import { renewed, taken } from "../../../static/state/served.js";

/** @param {string} name @param {string} weights */
const card = (name, weights) => ({ name, sha256: weights.repeat(64), task: "charlm", scores: {} });
const state = (cards, a, b = "none", c = "none", d = "none") => ({
  ...{ cards, a, b, c, d },
  beside: "",
  interventions: [],
});

test("nothing changes where nothing has changed", () => {
  const cards = [card("one", "1"), card("two", "2")];
  assert.deepEqual(taken(state(cards, "one", "two"), structuredClone(cards)), {});
});

test("a new model is offered, and what is shown stays", () => {
  const [one, two] = [card("one", "1"), card("two", "2")];
  assert.deepEqual(taken(state([one], "one"), [one, two]), {
    ...state([one, two], "one"),
  });
});

test("a model whose file changed is shown on under its old name, the new one beside it", () => {
  const [one, new1] = [card("one", "a"), card("one", "b")];
  const { cards, a, b } = taken(state([one], "one", "one"), [new1]);
  assert.deepEqual([a, b], ["one@aaaaaaaaaaaa", "one@aaaaaaaaaaaa"]);
  assert.deepEqual(cards, [new1, { ...one, name: a, old: "changed" }]);
  // It changes once more, then the file is gone.
  const newer = card("one", "c");
  const again = taken(state(cards, a, b), [newer]);
  assert.deepEqual([again.a, again.cards], [a, [newer, { ...one, name: a, old: "changed" }]]);
  const gone = taken(state(again.cards, a, b), []);
  assert.deepEqual(gone.cards, [{ ...one, name: a, old: "removed" }]);
  const fourth = taken(state([one, card("two", "2")], "two", "two", "two", "one"), [new1]);
  assert.equal(fourth.d, a);
});

test("who has left an old model does not find it again", () => {
  const [old, one, two] = [card("one@aaaaaaaaaaaa", "a"), card("one", "b"), card("two", "2")];
  const { cards } = taken(state([one, two, { ...old, old: "changed" }], "two"), [one, two]);
  assert.deepEqual(cards, [one, two]);
});

test("the same weights are followed: under another name, and back under theirs", () => {
  const one = card("one", "a");
  assert.equal(taken(state([one], "one"), [card("renamed", "a")]).a, "renamed");
  const old = { ...card("one@aaaaaaaaaaaa", "a"), old: "changed" };
  const back = taken(state([card("one", "b"), old], old.name), [one]);
  assert.deepEqual(back, state([one], "one"));
});

test("what is changed in a model goes with it, and a model beside itself", () => {
  const one = card("one", "a");
  const made = [
    { model: "one", value: 1 },
    { model: "two", value: 2 },
  ];
  const before = { ...state([one], "one"), beside: "one", interventions: made };
  const { a, beside, interventions } = taken(before, [card("one", "b")]);
  assert.deepEqual([a, beside], ["one@aaaaaaaaaaaa", "one@aaaaaaaaaaaa"]);
  assert.deepEqual(interventions, [
    { model: a, value: 1 },
    { model: "two", value: 2 },
  ]);
});

test("a link to an old model opens the one its file holds now", () => {
  const cards = [card("other", "1"), card("one", "b")];
  assert.equal(panelsOf(cards, ["one@aaaaaaaaaaaa", "none"]).a, "one");
});

test("of a server that has started anew, what the files hold now stands for the old weights", () => {
  const [one, two] = [card("one", "b"), card("two", "2")];
  const old = { ...card("one@aaaaaaaaaaaa", "a"), old: "changed" };
  const gone = { ...card("mine@cccccccccccc", "c"), old: "removed" };
  const made = [
    { model: old.name, value: 1 },
    { model: "two", value: 2 },
  ];
  const before = {
    ...state([two, one, old, gone], old.name, "two", gone.name),
    ...{ beside: gone.name, interventions: made },
  };
  assert.deepEqual(renewed(before), {
    ...state([two, one], "one", "two"),
    interventions: [made[1]],
  });
  assert.equal(renewed(state([two, gone], gone.name)).a, "two");
  assert.deepEqual(renewed(state([one, two], "one", "two")), {});
});
