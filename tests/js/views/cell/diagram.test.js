import assert from "node:assert/strict";
import { test } from "node:test";
import { keyOf, short, strength } from "../../../../static/views/cell/diagram.js";
import { layoutOf, numbersAt } from "../../../../static/views/cell/lstmdiagram.js";
import { equationsAt } from "../../../../static/views/cell/unit.js";
import { memoriesOf } from "../../networks.js";
import { random } from "../../random.js";
import { assertTidy, edgesOf, within } from "./tidy.js";
import { unrollLstm } from "./unroll.js";

const SHAPES = [1, 2, 3].flatMap((layers) => [1, 2, 3, 4].map((depth) => [layers, depth]));

/** A unit of random gates. */
function unitOf(layers, depth) {
  const gates = Float32Array.from(
    { length: 6 * layers * depth * 4 },
    () => random(2001) / 1000 - 1,
  );
  return unrollLstm(gates, layers, depth);
}

for (const [layers, depth] of SHAPES) {
  const layout = layoutOf({ layers, depth, memories: memoriesOf(layers, depth) });
  const { cells, nodes, labels, edges } = layout;
  const name = `${layers} layers, depth ${depth}`;

  test(`${name}: every level has its gates, its memory and its numbers inside its walls`, () => {
    assert.equal(cells.length, layers * depth);
    for (const cell of cells) {
      for (const part of ["i", "f", "g", "o", "before", "kept", "written", "c", "tanh", "out"]) {
        const key = keyOf(cell.layer, cell.level, part);
        assert.ok(
          nodes.some((node) => node.key === key && within(edgesOf(node), edgesOf(cell))),
          key,
        );
        assert.ok(
          edges.some((edge) => edge.key === key),
          key,
        );
        if (part !== "out")
          assert.equal(labels.filter((l) => l.key === key).length, 1, `${key} is written once`);
      }
    }
    // What a level gives out is the memory of the one outside, and only the outermost's is an h.
    for (let layer = 0; layer < layers; layer += 1)
      assert.equal(labels.filter((l) => l.key === keyOf(layer, 0, "out")).length, 1);
  });

  test(`${name}: boxes nest strictly, and layers stand one above the other`, () => {
    for (const one of cells)
      for (const other of cells) {
        if (one === other) continue;
        if (one.layer === other.layer && one.level > other.level)
          assert.ok(within(edgesOf(one), edgesOf(other)));
        if (one.layer > other.layer) assert.ok(one.y + one.height < other.y);
      }
    // Painted outermost first, else an outer wall would hide what is inside.
    for (let layer = 0; layer < layers; layer += 1)
      assert.deepEqual(
        cells.filter((cell) => cell.layer === layer).map((cell) => cell.level),
        Array.from({ length: depth }, (_, level) => level),
      );
  });

  test(`${name}: nothing overlaps and nothing is cut off`, () => assertTidy(layout));

  test(`${name}: the numbers are those of the unrolled cell, and of its equations`, () => {
    const unit = unitOf(layers, depth);
    for (const t of [0, 5]) {
      const numbers = numbersAt(unit, t);
      for (const { layer, level, ...rows } of unit.levels) {
        const number = (part) => numbers.get(keyOf(layer, level, part));
        for (const part of ["i", "f", "g", "o", "c"]) assert.equal(number(part), rows[part][t]);
        assert.equal(number("written"), rows.write[t]);
        assert.equal(number("kept"), rows.keep[t]);
        assert.equal(number("before"), t > 0 ? rows.c[t - 1] : 0);
        assert.equal(number("tanh"), Math.tanh(rows.c[t]));
        const outside = level > 0 ? numbers.get(keyOf(layer, level - 1, "c")) : unit.h[layer][t];
        assert.equal(number("out"), outside);
      }
      for (let layer = 0; layer < layers; layer += 1)
        assert.equal(numbers.get(keyOf(layer, 0, "h before")), t > 0 ? unit.h[layer][t - 1] : 0);
      // Every number that an equation shows stands in the drawing.
      const drawn = new Set(numbers.values());
      for (const { terms } of equationsAt(unit, t))
        for (const { symbol, value } of terms)
          assert.ok(value === null || drawn.has(value), symbol);
      // Whatever is drawn with a number has one, but for the character itself.
      for (const { key } of [...nodes, ...edges, ...labels.filter((l) => l.key)])
        assert.ok(key === "x" || numbers.has(key), key);
    }
  });
}

test("an inner cell reads what is kept as its h and what is written as its x", () => {
  const words = layoutOf({ layers: 1, depth: 3, memories: memoriesOf(1, 3) }).labels.map(
    (label) => label.text,
  );
  for (const said of ["kept = h\u0303", "written = x\u0303", "kept = h\u0303\u0303", "kept"])
    assert.ok(words.includes(said), said);
});

test("a number has the equations' three decimals, and fewer where it would not fit", () => {
  assert.equal(short(-0.0004), "−0.000");
  assert.equal(short(0.85), "+0.850");
  assert.equal(short(9.9996), "+10.00");
  assert.equal(short(-15.1234), "−15.12");
  assert.equal(short(123.4), "+123");
});

test("a line tells the sign by its colour and the size by its width", () => {
  assert.equal(strength(-0.02), " negative s0");
  assert.equal(strength(0.5), " positive s2");
  assert.equal(strength(-7), " negative s4");
  assert.equal(strength(undefined), "");
});
