import assert from "node:assert/strict";
import { test } from "node:test";
import { formatCells, parseCells } from "../../../static/base/cells.js";
import {
  every,
  float32Text,
  glyphOf,
  several,
  shortText,
  signed,
} from "../../../static/base/format.js";
import { isInnermost, readAs, statesOf, titleOf } from "../../../static/base/memories.js";
import { memoriesOf } from "../networks.js";
import { random } from "../random.js";

test("lists of cells, forth and back", () => {
  assert.deepEqual(parseCells("0-6, 41", 256).cells, [0, 1, 2, 3, 4, 5, 6, 41]);
  assert.deepEqual(parseCells(" 3 1,1; 5 - 4 ", 9).cells, [3, 1, 5, 4]);
  assert.equal(formatCells([0, 1, 2, 3, 4, 5, 6, 41]), "0-6, 41");
  for (let k = 0; k < 300; k += 1) {
    const cells = [...new Set(Array.from({ length: 1 + random(9) }, () => random(30)))];
    assert.deepEqual(parseCells(formatCells(cells), 30), { cells, error: null });
  }
});

test("a list that names no cell says why", () => {
  assert.match(parseCells("0-256", 256).error, /256.*255/);
  assert.match(parseCells("-1", 256).error, /-1/);
  assert.match(parseCells("two", 256).error, /two/);
  assert.match(parseCells(" ", 256).error, /^Enter at least one cell number/);
});

test("every c and h of a network, also those without a column", () => {
  const names = (layers, depth) =>
    statesOf(memoriesOf(layers, depth)).map(({ name, level }) => `${name} ${level}`);
  assert.deepEqual(names(1, 1), ["cell 0", "output null"]);
  assert.deepEqual(names(2, 2), [
    "layer 2 inner 1",
    "layer 2 outer 0",
    "layer 2 output null",
    "layer 1 inner 1",
    "layer 1 outer 0",
    "layer 1 output null",
  ]);
});

test("the innermost cell of a layer is the one that can saturate", () => {
  assert.deepEqual(memoriesOf(2, 2).map(isInnermost), [true, false, true, false]);
  assert.deepEqual(memoriesOf(1, 1).map(isInnermost), [true, false]);
});

const card = {
  name: "nested-ptb",
  task: "charlm",
  layers: 1,
  depth: 2,
  hidden: 256,
  vocabulary: [],
  parameters: 1,
  scores: { valid_bpc: 1.4612 },
  training: { data: "ptb" },
  sha256: "",
};

test("a checkpoint is named by its kind and its file, so that no two read alike", () => {
  assert.equal(
    titleOf(card),
    "Nested LSTM nested-ptb · depth 2 · 256 cells · Penn Treebank · validation 1.46 bits/char",
  );
  assert.equal(
    titleOf({ ...card, name: "mine", training: {}, scores: {} }),
    "Nested LSTM mine · depth 2 · 256 cells",
  );
});

test("characters are read as typed, in lower case, without accents, or not at all", () => {
  const alphabet = new Set("abe");
  assert.deepEqual(
    ["a", "A", "é", "É", "ß", "中"].map((c) => readAs(alphabet, c)),
    ["a", "a", "e", "e", null, null],
  );
});

test("a float32 is written with the fewest digits that are it and no other", () => {
  assert.equal(float32Text(Math.fround(0.1)), "+0.1");
  assert.equal(float32Text(-0.5), "−0.5");
  for (let k = 0; k < 2000; k += 1) {
    const value = Math.fround((random(2 ** 31) - 2 ** 30) / 2 ** 30);
    assert.equal(Math.fround(Number(float32Text(value).replaceAll("−", "-"))), value);
  }
  assert.equal(signed(-0.005, 2), "−0.01");
});

test("beside a block and in the dock stand three significant digits", () => {
  const told = [0.7436454, -0.0123456, 0.5, -1, 0, 0.00002061, -9.99e-8, 12.3456].map(shortText);
  assert.deepEqual(told, [
    ...["+0.744", "−0.0123", "+0.500", "−1.00", "+0.00", "+2.06e−5", "−9.99e−8", "+12.3"],
  ]);
});

test("what cannot be seen is given a sign", () => {
  assert.deepEqual(["\n", "\t", " ", "x", "\u0301"].map(glyphOf), ["↵", "⇥", "␣", "x", "◌\u0301"]);
});

test("two of a thing are both of them, and one is no plural", () => {
  assert.equal(every(2, "quotations"), "both quotations");
  assert.equal(every(3, "quotations"), "all 3 quotations");
  assert.equal(several(1, "character"), "1 character");
  assert.equal(several(0, "character"), "0 characters");
  assert.equal(several(2000, "character"), "2,000 characters");
});
