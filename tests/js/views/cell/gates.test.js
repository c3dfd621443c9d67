import assert from "node:assert/strict";
import { test } from "node:test";
import { rangeOf } from "../../../../static/views/cell/chart.js";
import { GatesAsked } from "../../../../static/views/cell/gates.js";
import * as gru from "../../../../static/views/cell/gru.js";
import * as unit from "../../../../static/views/cell/unit.js";
import { random } from "../../random.js";
import { unrollGru, unrollLstm } from "./unroll.js";

const T = 12;

/** A cell's state before a character, as the server tells it. */
const stateBefore = (kind, whole, t, layers, depth) =>
  kind === gru
    ? { h: whole.rows.map(({ h }) => h[t - 1] ?? 0), c: [] }
    : {
        h: whole.h.map((row) => row[t - 1] ?? 0),
        c: Array.from({ length: layers }, (_, l) =>
          Array.from({ length: depth }, (_, d) => whole.levels[l * depth + d].c[t - 1] ?? 0),
        ),
      };

for (const [name, kind, layers, depth, gates] of [
  ["LSTM", unit, 1, 1, 4],
  ["stacked", unit, 3, 1, 4],
  ["nested", unit, 2, 3, 4],
  ["GRU", gru, 2, 1, 3],
])
  test(`${name}: filled in from the middle, the rest after it, it is what it is from the start`, () => {
    const each = layers * depth * gates;
    const values = Float32Array.from({ length: T * each }, () => random(2001) / 1000 - 1);
    const change = (layer, level, t, value) => (t === 5 && layer === 0 && !level ? 0.25 : value);
    const unroll = kind === gru ? unrollGru : unrollLstm;
    const whole = unroll(values, layers, depth, change);
    const parts = kind.blank(T, layers, depth, change);
    for (const [from, to] of [
      [4, 8],
      [8, 12],
      [0, 4],
    ]) {
      const before = stateBefore(kind, whole, from, layers, depth);
      kind.fill(parts, from, values.subarray(from * each, to * each), before);
      if (from === 4 && kind === unit) {
        assert.ok(Number.isNaN(parts.h[0][3]) && !Number.isNaN(parts.h[0][4]));
        assert.ok(rangeOf([{ name: "", colour: "", values: parts.h[0] }]).every(Number.isFinite));
      }
    }
    const numbers = ({ change: _, ...rest }) => rest;
    assert.deepEqual(numbers(parts), numbers(whole));
  });

test("what is on the screen is asked for first, then the whole text; the same is not asked twice", async () => {
  const asked = [];
  const came = [];
  const session = {
    length: 900,
    revision: 1,
    view: 1,
    gates: (cells, start, stop, part) => asked.push({ cells, start, stop, part }),
  };
  const gates = new GatesAsked(session, (panel, head, _, first) =>
    came.push([panel, head.start, head.stop, first]),
  );
  const wanted = { cells: [7, 9], of: "a,b", onScreen: [400, 472] };
  assert.equal(gates.want(wanted), true);
  assert.equal(gates.want({ ...wanted, onScreen: [0, 72] }), false);
  await new Promise((done) => setTimeout(done, 5));
  assert.deepEqual([asked[0].start, asked[0].stop], [400, 472]);
  const values = new Float32Array();
  asked[0].part({ panel: 0, start: 400, stop: 472 }, values);
  assert.equal(asked.length, 1);
  asked[0].part({ panel: 1, start: 400, stop: 472 }, values);
  assert.deepEqual([asked[1].start, asked[1].stop, asked[1].cells], [0, 900, [7, 9]]);
  asked[1].part({ panel: 0, start: 0, stop: 900 }, values);
  assert.deepEqual(came, [
    [0, 400, 472, true],
    [1, 400, 472, true],
    [0, 0, 900, false],
  ]);
  assert.equal(gates.want({ ...wanted, cells: [8, 9] }), true);
  clearTimeout(gates.timer);
});

test("nothing is asked of a text that was emptied, nor beyond one that became shorter", async () => {
  const asked = [];
  const session = {
    length: 90,
    revision: 1,
    view: 1,
    gates: (_, start, stop) => asked.push([start, stop]),
  };
  const gates = new GatesAsked(session, () => {});
  const wanted = { cells: [7], of: "a", onScreen: [60, 80] };
  gates.want(wanted);
  session.length = 0;
  session.revision = 2;
  assert.equal(gates.want(wanted), false);
  session.length = 90;
  session.revision = 3;
  assert.equal(gates.want(wanted), true, "of the text that is there again");
  session.length = 20;
  await new Promise((done) => setTimeout(done, 200));
  assert.deepEqual(asked, [[0, 20]]);
});
