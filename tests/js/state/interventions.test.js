import assert from "node:assert/strict";
import { test } from "node:test";
import { stateOf } from "../../../static/state/address.js";
import { asked, changed, fits, parsed, written } from "../../../static/state/interventions.js";
import { initialState, madeIn, shownCards } from "../../../static/state/state.js";
import { heldCell, pruned, UNTOUCHED } from "../../../static/state/whatif.js";
import { madeAfterEdit } from "../../../static/text/span.js";
import { memoriesOf } from "../networks.js";
import { random } from "../random.js";

const card = (name, layers, depth) => ({
  ...{ name, layers, depth, hidden: 50, cell: "lstm", memories: memoriesOf(layers, depth) },
});
const cards = [card("nested", 1, 2), card("stacked", 2, 1)];
const among = (words) => words[random(words.length)];

function someIntervention(model = among(["nested", "stacked"])) {
  const { layers, depth } = cards.find(({ name }) => name === model);
  const from = random(3) ? 0 : random(100);
  return {
    model,
    layer: random(layers),
    level: random(3) ? random(depth) : null,
    cells: random(4) ? [...new Set(Array.from({ length: 1 + random(5) }, () => random(50)))] : null,
    operation: among(["set", "scale", "add"]),
    value: among([0, 4, -4, 0.25, -1e6, 1e-7, random(1000) / 100]),
    from,
    to: random(2) ? null : from + 1 + random(50),
  };
}

test("an address brings back what is changed, and in which model", () => {
  for (let k = 0; k < 300; k += 1) {
    const interventions = Array.from({ length: 1 + random(4) }, () => someIntervention());
    const form = written(interventions, { a: "nested", b: "stacked" });
    assert.match(form, /^[\w.~+-]+$/, "needs no escapes in an address");
    const state = stateOf(
      { a: "nested", b: "stacked", if: form, beside: "b" },
      { cards, views: [] },
    );
    assert.deepEqual(state.interventions, interventions);
    assert.equal(state.beside, "stacked");
  }
});

test("what an address cannot mean, or the model does not have, is left out", () => {
  const good = "a_0_1_3_set_4";
  for (const bad of [
    ...["", "c_0_0_1_set_1", "a_0_0__set_1", "a_0_0_1_set_", "a_0_0_1_set_1e9", "a_0_0_1_lift_1"],
    ...["a_0_0_1_set_--1", "a_0_0_1_set_1_5", "a_1_0_1_set_1", "a_0_2_1_set_1"],
    ...["a_0_0_50_set_1", "a_0_0_1_set_1_9-9", "a_0_0_1_set_1_9-3"],
  ])
    assert.deepEqual(
      stateOf({ a: "nested", b: "none", if: `${bad}~${good}` }, { cards, views: [] }).interventions
        .length,
      1,
      bad,
    );
  assert.equal(parsed(Array(100).fill(good).join("~")).length, 64);
});

test("the server is asked as its contract says", () => {
  const one = someIntervention("nested");
  assert.deepEqual(
    asked({ ...one, level: null, cells: null, operation: "add", value: 2, from: 0, to: null }),
    {
      ...{ layer: 0, state: "h", add: 2 },
    },
  );
  assert.deepEqual(
    asked({ ...one, level: 1, cells: [3], operation: "set", value: -1, from: 5, to: 9 }),
    {
      ...{ layer: 0, level: 1, cells: [3], set: -1, from: 5, to: 9 },
    },
  );
});

test("a network of outputs alone has no level to change", () => {
  const one = { ...someIntervention("nested"), layer: 0, cells: [1] };
  const gru = { ...card("gru", 1, 1), cell: "gru" };
  assert.equal(fits({ ...one, level: 0 }, gru), false);
  assert.equal(fits({ ...one, level: null }, gru), true);
});

test("in order, on the memory, the cells and the characters that are named, and no other", () => {
  const base = { model: "nested", layer: 0, level: 1, cells: [3], from: 2, to: 4 };
  const made = [
    { ...base, operation: "set", value: 2 },
    { ...base, operation: "scale", value: 3 },
    { ...base, cells: null, operation: "add", value: 1, from: 0, to: null },
  ];
  const at = (t, cell = 3, level = 1) => changed(made, { layer: 0, level, cell }, t, 10);
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((t) => at(t)),
    [11, 11, 7, 7, 11],
  );
  assert.equal(at(2, 5), 11);
  assert.equal(at(2, 3, 0), 10);
});

test("a span stays on its characters when the text is edited", () => {
  for (let k = 0; k < 2000; k += 1) {
    const length = 3 + random(12);
    const from = random(length - 1);
    const to = random(3) ? from + 1 + random(length - from) : null;
    const one = { ...someIntervention(), from, to };
    const at = random(length + 1);
    const gone = random(length - at + 1);
    const inserted = random(4);
    const before = Array.from({ length }, (_, t) => t);
    const after = [...before];
    after.splice(at, gone, ...Array(inserted).fill("new"));
    const [now] = madeAfterEdit([one], { at, delete: gone, insert: "n".repeat(inserted) });
    const belongs = (t) => t >= from && (to === null || t < to);
    const still = after.filter((t) => t !== "new" && belongs(t));
    if (now === undefined) {
      assert.deepEqual(still, []);
      continue;
    }
    const span = after.slice(now.from, now.to ?? after.length);
    assert.deepEqual(
      span.filter((t) => t !== "new"),
      still,
      JSON.stringify([one, at, gone, inserted]),
    );
  }
});

test("the first change puts the model beside itself, and untouched it is the two again", () => {
  let state = { ...initialState("auto", "light"), cards, a: "nested", b: "stacked" };
  state = { ...state, ...heldCell(state, 1, 0, 7) };
  assert.deepEqual(
    shownCards(state).map(({ name }) => name),
    ["stacked", "stacked"],
  );
  assert.deepEqual(madeIn(state), [[], [{ layer: 1, level: 0, cells: [7], set: 0 }]]);
  state = { ...state, beside: "" };
  assert.deepEqual(
    madeIn(state).map((made) => made.length),
    [0, 1],
  );
  state = { ...state, ...heldCell(state, 0, 1, 2) };
  assert.equal(state.beside, "", "who looks at both goes on looking at both");
  assert.deepEqual(
    madeIn(state).map((made) => made.length),
    [1, 1],
  );
  assert.deepEqual(pruned({ ...state, b: "none" }).interventions.length, 1);
  state = { ...state, ...UNTOUCHED };
  assert.deepEqual(madeIn(state), [[], []]);
});
