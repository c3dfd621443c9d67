import assert from "node:assert/strict";
import { test } from "node:test";
import { guide, stepsOf } from "../../../static/chrome/toursteps.js";

const memories = [
  { layer: 0, level: 1 },
  { layer: 0, level: 0 },
];
const nested = { name: "nested", layers: 1, depth: 2, memories };
const stacked = { name: "stacked", layers: 2, depth: 1, memories };
const named = {
  ...{ feature: "quotes", label: "inside quotation marks", layer: 0, level: 1, cell: 9, sign: -1 },
  ...{ held_out: 0.934, example: { start: 0, text: 'so "it was" and "is it so" it is' } },
};
const atlas = { found: [{ ...named, feature: "digit" }, named] };

test("six steps lead along the named cell of a nested model, each a link of its own", () => {
  const steps = stepsOf([stacked, nested], [null, atlas], ["red", "blue"]);
  assert.deepEqual(
    steps.map(({ address }) => address.tour),
    ["1", "2", "3", "4", "5", "6"],
  );
  for (const { address, words } of steps) {
    assert.equal(address.a, "stacked");
    assert.equal(address.cellsb ?? address.cells, address.cells === "9" ? "" : "9");
    assert.ok(words.length > 80);
  }
  // The longest quotation begins at 16: held at its mark, in its middle, at its end; and that mark is taken out.
  assert.equal(steps[0].address.at, "16.1.0.0.9");
  assert.equal(steps[1].address.at, "20.1.0.0.9");
  assert.equal(steps[2].address.at, "24.1.0.0.9");
  assert.equal(steps[4].address.change, "16.1.");
  assert.match(steps[1].words, /cell 9 is red/);
  assert.match(steps[3].words, /red inside quotation marks and blue elsewhere.*0\.93/);
  assert.match(steps[3].words, /type a quotation mark\.$/);
  assert.equal(steps[3].address.text, undefined);
});

test("a cell that marks another feature is told by that feature, on its own text", () => {
  const comment = {
    feature: "comment",
    label: "inside a comment",
    example: { text: "a; /* b */ c" },
  };
  const found = [{ ...named, ...comment }];
  const step = stepsOf([stacked, nested], [null, { found }], ["red", "blue"])[3];
  assert.match(step.words, /about comments.*red inside a comment.*type a comment/);
  assert.deepEqual([step.address.text, step.address.sample], ["a; /* b */ c", undefined]);
});

test("where no cell of a nested model is named after a stretch of text there is no tour", () => {
  assert.equal(guide([stacked, nested], [atlas, null]), null);
  assert.deepEqual(
    stepsOf([nested], [{ found: [{ ...named, feature: "digit" }] }], ["red", "blue"]),
    [],
  );
});
