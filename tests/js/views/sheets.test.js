import assert from "node:assert/strict";
import { test } from "node:test";
import { pinned, pinsOf } from "../../../static/state/state.js";
import { pointed } from "../../../static/views/inspection.js";
import { noteOf } from "../../../static/views/progress.js";
import { rowsOf, Sheets } from "../../../static/views/sheets.js";
import { Columns } from "../../../static/wire/columns.js";

const memories = [{ layer: 0, level: 0, state: "c", name: "cell", symbol: "tanh(c)" }];
const card = { name: "net", hidden: 5, memories };
const order = [4, 2, 0, 1, 3];
const state = {
  cards: [card],
  a: "net",
  b: "none",
  beside: "",
  interventions: [],
  cells: "0-1",
  order: "variance",
  by: 0,
  pick: 9,
};

test("a view that lists cells, one that picks one, and one without blocks", () => {
  const rows = (blocks, more = {}) => rowsOf({ blocks }, { ...state, ...more }, card, order);
  assert.deepEqual(rows("listed"), [4, 2]);
  assert.deepEqual(rows("listed", { cells: "nonsense" }), order);
  assert.deepEqual(rows("picked"), [4]);
  assert.deepEqual(rows("none"), order);
});

test("B may have a list of its own, and what is pinned comes first in each", () => {
  const own = { ...state, cellsB: "3", pins: "1,9/0", pick: 2, pickB: 4 };
  const rows = (blocks, panel) => rowsOf({ blocks }, own, card, order, panel);
  assert.deepEqual(rows("listed", 0), [1, 4, 2]);
  assert.deepEqual(rows("listed", 1), [0, 1]);
  assert.deepEqual([rows("picked", 0), rows("picked", 1)], [[2], [4]]);
  assert.deepEqual(rowsOf({ blocks: "listed" }, { ...own, cellsB: "" }, card, order, 1), [0, 4, 2]);
});

test("pinning a pinned cell lets go of it", () => {
  const once = pinned({ pins: "" }, 1, 7);
  const twice = pinned(once, 0, 3);
  assert.deepEqual([pinsOf(twice, 0), pinsOf(twice, 1)], [[3], [7]]);
  assert.deepEqual(pinned(pinned(twice, 0, 3), 1, 7), { pins: "" });
});

test("cells are put in order by all their values, and the session is asked for these", () => {
  const columns = new Columns(1, [0, 1, 2, 3, 4]);
  columns.cut(0, 4);
  columns.put(
    0,
    Int8Array.from({ length: 20 }, (_, k) => (k % 2) * (k % 5) * 10),
    [],
    4,
  );
  const sheets = new Sheets({ panels: [{ columns }] }, { order: () => null });
  const needs = { blocks: "listed", cells: "all" };
  const [sheet] = sheets.of(needs, state);
  const spread = (cell) => {
    const row = [...columns.row(0, cell)];
    const mean = row.reduce((a, b) => a + b) / 4;
    return row.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  };
  for (let k = 1; k < 5; k += 1) assert.ok(spread(sheet.order[k - 1]) >= spread(sheet.order[k]));
  assert.deepEqual(sheet.cells, sheet.order.slice(0, 2));
  assert.equal(sheets.wanted(needs, state)[0].cells, "all");
  assert.deepEqual(sheets.wanted({ ...needs, cells: "blocks" }, state)[0].cells, sheet.cells);
  const other = { memories: [{ name: "surprisal" }] }.memories;
  assert.equal(sheets.of({ ...needs, memories: other }, state)[0].memories, other);
  assert.equal(sheets.isOutOfOrder(sheet, state, 0, card), false);
  assert.equal(sheets.isOutOfOrder({ ...sheet, order: [0, 1, 2, 3, 4] }, state, 0, card), true);
});

test("a cell at its end is noted as saturated, and the others with their own scale", () => {
  const columns = new Columns(1, [0, 1]);
  columns.cut(0, 40);
  columns.put(
    0,
    Int8Array.from({ length: 80 }, (_, k) => (k % 2 ? 10 : 127)),
    [],
    40,
  );
  const note = (cell, scale) =>
    noteOf(columns, memories[0], { panel: 0, memory: 0, cell }, scale, null);
  assert.deepEqual(note(0, null).words, ["saturated"]);
  assert.deepEqual(note(1, { largest: () => 10 / 127 }).words, ["±0.079"]);
  assert.equal(note(2, null), null, "not told");
});

test("passing by looks, pressing holds, pressing again lets go", () => {
  const at = { position: 3, panel: 0, memory: 0, rank: 0, cell: 7 };
  const free = { pinned: false, point: null };
  assert.deepEqual(pointed(free, at, false), { point: at });
  assert.deepEqual(pointed(free, at, true), { point: at, pinned: true });
  const pinned = { pinned: true, point: at };
  assert.deepEqual(pointed(pinned, { ...at, position: 9 }, false), {});
  assert.deepEqual(pointed(pinned, { ...at }, true), { pinned: false });
  assert.deepEqual(pointed(pinned, { ...at, position: 9 }, true), {
    point: { ...at, position: 9 },
    pinned: true,
  });
});
