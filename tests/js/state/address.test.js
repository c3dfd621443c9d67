import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ADDRESSED,
  addressOf,
  formatAddress,
  parseAddress,
  stateOf,
} from "../../../static/state/address.js";
import { LONGEST_TEXT } from "../../../static/state/fields.js";
import { ORDERS } from "../../../static/state/orders.js";
import { panelsOf } from "../../../static/state/panels.js";
import { SAMPLES } from "../../../static/state/samples.js";
import { initialState } from "../../../static/state/state.js";
import { random, randomText } from "../random.js";

const cards = [
  { name: "nested", depth: 2 },
  { name: "stacked", depth: 1 },
];
const known = { cards, views: ["figure", "map"] };
const among = (words) => words[random(words.length)];

/** One to four models in their places. */
function someModels() {
  const names = Array.from({ length: 4 }, (_, k) =>
    k > random(4) ? "none" : among(["nested", "stacked"]),
  );
  const [a, b, c, d] = [...names.filter((name) => name !== "none"), "none", "none", "none"];
  return { a, b, c, d };
}

/** A state as a visitor may have made it. */
const someState = () => ({
  ...initialState("auto", "light"),
  cards,
  ...someModels(),
  view: among(known.views),
  cells: among(["0-6", "3, 1", "41"]),
  cellsB: among(["", "83", "7-9"]),
  order: among(ORDERS),
  by: random(3),
  pins: among(["", "4,1/", "/7", "240/83,2"]),
  pickB: among([null, 0, 83]),
  feature: among(["", "quotes", "after-newline"]),
  pick: random(300),
  palette: among(["paper", "safe"]),
  scale: among(["fixed", "cell"]),
  start: among(["", "poem"]),
  text: random(3) ? randomText(40) : among(SAMPLES).text,
  ...(random(2)
    ? { pinned: true, point: { position: random(99), panel: 1, memory: 0, rank: 2, cell: 41 } }
    : {}),
});

test("an address brings back all of the state that it tells", () => {
  for (let k = 0; k < 500; k += 1) {
    const state = someState();
    const back = stateOf(parseAddress(formatAddress(addressOf(state))), known);
    for (const key of ADDRESSED) {
      // What is left out of an address keeps its default.
      const expected = back[key] ?? initialState("auto", "light")[key];
      assert.deepEqual(expected, state[key], key);
    }
  }
});

test("a list of cells brings nothing of the list before it", () => {
  const before = { cellsB: "83", by: 1, pins: "4/", pick: 240, pickB: 83, feature: "quotes" };
  const after = { ...before, ...stateOf(parseAddress("#cells=3&pick=3"), known) };
  assert.deepEqual(
    Object.keys(before).map((key) => after[key]),
    ["", 0, "", 3, null, ""],
  );
});

test("what makes no sense in an address is left out, and the models are served ones", () => {
  const address = "#a=gone&view=nowhere&order=up&pick=-3&at=1.2&palette=x&scale=&start=x&sample=x";
  assert.deepEqual(stateOf(parseAddress(address), known), {
    ...{ a: "nested", b: "stacked", c: "none", d: "none" },
  });
});

test("a long text is left out, a sample goes by its name, and a text wins over a sample", () => {
  const state = { ...initialState("auto", "light"), text: "x".repeat(LONGEST_TEXT + 1) };
  assert.equal(addressOf(state).text, undefined);
  assert.deepEqual(
    [addressOf(initialState("auto", "light")).sample, addressOf({ ...state, text: "x" }).sample],
    [SAMPLES[0].name, undefined],
  );
  assert.equal(stateOf({ text: "mine", sample: "poem" }, known).text, "mine");
});

test("an address gives back what was put in, whatever the text", () => {
  for (let k = 0; k < 300; k += 1) {
    const address = { a: "nested-ptb", cells: "0-6, 41", text: `${randomText(30)}+%&=#` };
    assert.deepEqual(parseAddress(formatAddress(address)), address);
  }
  assert.deepEqual(parseAddress("#a=x&constructor=1&b=%E4%A&text="), { a: "x", text: "" });
});

test("a model that is not served is replaced by one of its kind", () => {
  const served = [
    { name: "s", layers: 2, depth: 1 },
    { name: "n", layers: 1, depth: 2 },
  ];
  const two = { c: "none", d: "none" };
  assert.deepEqual(panelsOf(served, []), { a: "n", b: "s", ...two });
  assert.deepEqual(panelsOf(served, ["s", "none"]), { a: "s", b: "none", ...two });
  assert.deepEqual(panelsOf([served[0]], ["gone", "gone"]), { a: "s", b: "s", ...two });
  // A third and a fourth are shown where they are served, and no place is left empty before them.
  assert.deepEqual(panelsOf(served, ["s", "n", "gone", "s"]), {
    ...{ a: "s", b: "n", c: "s", d: "none" },
  });
  assert.deepEqual(panelsOf(served, ["s", "none", "n"]), { a: "s", b: "n", ...two });
  assert.deepEqual(panelsOf([], []), { a: "none", b: "none", ...two });
});
