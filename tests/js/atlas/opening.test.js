import assert from "node:assert/strict";
import { test } from "node:test";
import { holds, namesOf } from "../../../static/atlas/names.js";
import {
  addressOfNamed,
  counterpart,
  guided,
  guides,
  opening,
  rowsOf,
  textFor,
} from "../../../static/atlas/opening.js";
import { SAMPLES } from "../../../static/state/samples.js";

const vocabulary = ["a", "b"];
const nested = { name: "nested", layers: 1, depth: 2, vocabulary };
const stacked = { name: "stacked", layers: 2, depth: 1, vocabulary };
const plain = { name: "plain", layers: 1, depth: 1, vocabulary };
const foreign = { name: "foreign", layers: 2, depth: 1, vocabulary: ["c"] };
const found = (feature, cell, level = 1, text = "") => ({
  ...{ feature, label: feature, layer: 0, level, cell, sign: 1, held_out: 0.93 },
  ...(text ? { example: { start: 0, text } } : {}),
});
const lasting = (...cells) => cells.map((cell) => ({ layer: 0, level: 1, cell }));
const a = {
  found: [found("quotes", 40, 1, '"so"'), found("digit", 3), found("digit", 4), found("space", 7)],
  lasting: lasting(40, 17, 18, 19, 20, 21),
};
const b = {
  found: [found("quotes", 8), found("space", 8), found("space", 9)],
  lasting: lasting(8, 1, 2, 5, 6),
};

test("beside a model stands one of its alphabet whose cells are named, of another kind", () => {
  const cards = [foreign, nested, plain, stacked];
  assert.equal(counterpart(nested, cards, ["nested", "stacked"]), stacked);
  assert.equal(counterpart(nested, cards, ["nested", "plain"]), plain);
  assert.equal(counterpart(foreign, cards, ["nested"]), undefined);
});

test("named cells are those of the models shown, or of the first that have some", () => {
  const cards = [foreign, nested, plain, stacked];
  const names = ["nested", "stacked"];
  const told = (a, b) => guided({ a, b, cards }, { names }).map(({ name }) => name);
  assert.deepEqual(told("plain", "stacked"), ["plain", "stacked"]);
  assert.deepEqual(told("foreign", "plain"), ["nested", "stacked"]);
  assert.deepEqual(told("nested", "none"), ["nested"]);
  assert.deepEqual(guided({ a: "plain", b: "none", cards }, { names: [] }), [plain]);
  const other = { name: "other", layers: 1, depth: 2, vocabulary: ["c"] };
  const first = guides([other, nested, stacked], ["nested", "other", "stacked"]);
  assert.deepEqual(first, [nested, stacked], "in the order of the server, not of the cards");
});

test("rows pair the cells of a feature in both models, and no cell comes twice", () => {
  const rows = rowsOf(a, b);
  // quotes; the longest; space, where 8 is taken already; then the next longest.
  assert.deepEqual(rows, { a: [40, 17, 7, 18, 19, 20], b: [8, 1, 9, 2, 5, 6] });
  assert.deepEqual(rowsOf(a, null), { a: [40, 17, 3, 7, 18, 19, 20], b: [] });
});

test("a row shows a cell that one of its memories tells, before one that all of them tell", () => {
  const both = [found("quotes", 40), found("quotes", 40, 0), found("quotes", 41)];
  const space = [found("space", 7, 0), found("space", 7), found("space", 9, 0)];
  const rows = rowsOf({ found: [...both, ...space], lasting: [] }, null);
  assert.deepEqual(rows.a, [40, 9], "the first stays: the sentence tells of it");
  const layers = [found("space", 7, 0), { ...found("space", 7, 0), layer: 1 }];
  const stacked = rowsOf({ found: [found("quotes", 40), ...layers], lasting: [] }, null);
  assert.deepEqual(stacked.a, [40, 7], "of another layer it is another cell");
  const alone = rowsOf({ found: [found("quotes", 40), ...space.slice(0, 2)], lasting: [] }, null);
  assert.deepEqual(alone.a, [40, 7], "where there is no other");
});

test("a visit opens with the first cell that a passage shows, or as it did without one", () => {
  const wanted = opening(nested, stacked, a, b);
  assert.equal(wanted.text, '"so"');
  assert.deepEqual([wanted.feature, wanted.pick, wanted.pickB], ["quotes", 40, 8]);
  assert.deepEqual([wanted.cells, wanted.cellsB], ["40, 17, 7, 18-20", "8, 1, 9, 2, 5-6"]);
  assert.deepEqual(opening(nested, stacked, { found: [found("quotes", 1)], lasting: [] }, b), {});
});

test("a link to a named cell brings the cell of the same feature in the other model", () => {
  const link = addressOfNamed([nested, stacked], [a, b], 0, a.found[0]);
  assert.deepEqual([link.cells, link.cellsb, link.pickb, link.text], ["40", "8", "8", '"so"']);
  const other = addressOfNamed([nested, stacked], [a, b], 1, b.found[2]);
  assert.deepEqual([other.cells, other.cellsb, other.feature], ["7", "9", "space"]);
});

test("a cell has its names in the memory that they are of", () => {
  const memory = { layer: 0, level: 1, state: "c" };
  assert.deepEqual(
    namesOf(a, nested, memory, 40).map(({ words }) => words),
    ["quotes"],
  );
  assert.deepEqual(namesOf(a, nested, { ...memory, level: 0 }, 40), []);
  assert.deepEqual(namesOf(a, nested, { ...memory, state: "h" }, 40), []);
  assert.deepEqual(namesOf(null, nested, memory, 40), []);
});

test("a GRU's cells are named in its only memory, h", () => {
  const gru = { ...plain, cell: "gru" };
  const [quotes] = a.found;
  const memory = { layer: 0, level: null, state: "h" };
  assert.ok(holds(gru, memory, { layer: 0, level: 0 }));
  assert.ok(!holds(gru, memory, { layer: 1, level: 0 }));
  assert.ok(!holds({ cell: "lstm" }, memory, { layer: 0, level: 0 }));
  assert.deepEqual(
    namesOf(a, gru, memory, quotes.cell).map(({ words }) => words),
    ["quotes"],
  );
});

test("a cell without a passage is shown on a text that has its feature", () => {
  const [paper, prose, poem] = SAMPLES.map(({ text }) => text);
  const lower = { ...plain, vocabulary: [..."abcdefghijklmnopqrstuvwxyz ,.?N&-'\n"] };
  const told = (feature, shown, card = lower) => textFor(found(feature, 1), card, shown);
  assert.equal(textFor(found("quotes", 1, 1, '"so"'), lower, "x"), '"so"');
  assert.equal(told("word", "a word"), null);
  assert.equal(told("word", "..."), paper);
  assert.equal(told("capital", "It is read as it"), paper, "N is the only capital that it knows");
  assert.equal(told("newline", "one line"), prose);
  assert.equal(told("newline", "one line", { ...lower, vocabulary: [] }), null);
  assert.equal(told("tag", "no sample has one"), null);
  const link = addressOfNamed([lower], [a], 0, found("after-newline", 1), poem.split("\n")[0]);
  assert.equal(link.text, prose);
});
