import assert from "node:assert/strict";
import { test } from "node:test";
import { keyOf } from "../../../../static/views/cell/diagram.js";
import { charts, equationsAt, layoutOf, numbersAt } from "../../../../static/views/cell/gru.js";
import { random } from "../../random.js";
import { assertTidy } from "./tidy.js";
import { unrollGru } from "./unroll.js";

const T = 6;
/** Gates (T, L, 1, 3, 1), r and z in (0, 1), n in (-1, 1). */
const gatesOf = (layers) =>
  Float32Array.from({ length: T * layers * 3 }, (_, k) =>
    k % 3 === 2 ? random(2001) / 1000 - 1 : random(1001) / 1000,
  );

for (const layers of [1, 2, 3]) {
  test(`${layers} layers: h is what z keeps of it and lets in of n`, () => {
    const gates = gatesOf(layers);
    const { rows } = unrollGru(gates, layers, 1);
    for (let layer = 0; layer < layers; layer += 1) {
      let h = 0;
      for (let t = 0; t < T; t += 1) {
        const [, z, n] = gates.subarray((t * layers + layer) * 3);
        h = n + z * (h - n);
        assert.ok(Math.abs(rows[layer].h[t] - h) < 1e-12);
      }
    }
  });

  test(`${layers} layers: every number of an equation stands in the drawing, and its sum is right`, () => {
    const unit = unrollGru(gatesOf(layers), layers, 1);
    const { nodes, edges, labels } = layoutOf({ layers });
    for (const t of [0, T - 1]) {
      const numbers = numbersAt(unit, t);
      const drawn = new Set(numbers.values());
      const equations = equationsAt(unit, t);
      assert.deepEqual(
        equations.map(({ layer }) => layer),
        Array.from({ length: layers }, (_, k) => layers - 1 - k),
      );
      for (const { terms } of equations) {
        const [h, z, before, rest, n] = terms.flatMap(({ value }) => (value === null ? [] : value));
        assert.ok(Math.abs(h - (z * before + rest * n)) < 1e-12);
        for (const value of [h, z, before, rest, n]) assert.ok(drawn.has(value));
      }
      for (const { key } of [...nodes, ...edges, ...labels.filter((l) => l.key)])
        assert.ok(key === "x" || numbers.has(key), key);
    }
    for (let layer = 0; layer < layers; layer += 1)
      for (const part of ["r", "z", "n", "rest", "kept", "written"])
        assert.ok(
          edges.some(({ key }) => key === keyOf(layer, 0, part)),
          part,
        );
  });

  test(`${layers} layers: nothing overlaps and nothing is cut off`, () =>
    assertTidy(layoutOf({ layers })));

  test(`${layers} layers: the curves of h are what is kept and what is written`, () => {
    const drawn = charts(unrollGru(gatesOf(layers), layers, 1));
    assert.equal(drawn.length, 3 * layers);
    for (const { title, curves, range } of drawn) {
      for (const { values } of curves)
        for (const value of values) assert.ok(value >= range[0] && value <= range[1], title);
      if (!title.endsWith("memory h")) continue;
      const [h, kept, written] = curves.map(({ values }) => values);
      for (const [t, value] of h.entries())
        assert.ok(Math.abs(value - kept[t] - written[t]) < 1e-12);
    }
  });
}

test("a changed h is computed as the network does, and said to be changed", () => {
  const change = (_layer, level, t, value) => (level === null && t === 2 ? 0.25 : value);
  const unit = unrollGru(gatesOf(1), 1, 1, change);
  assert.equal(unit.rows[0].h[2], 0.25);
  assert.equal(equationsAt(unit, 3)[0].terms[4].value, 0.25);
  const said = equationsAt(unit, 2)[0].terms.map(({ symbol }) => symbol);
  assert.deepEqual(said.slice(-2), [", changed to", "h"]);
});
