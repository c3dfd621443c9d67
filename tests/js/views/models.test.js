import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { PALETTES } from "../../../static/base/colour.js";
import {
  bitsPerCharacter,
  draw,
  expectation,
  likeliest,
  seeded,
  surprisalBytes,
  surprisals,
} from "../../../static/base/surprisal.js";
import { ORDERS } from "../../../static/state/orders.js";
import { SAMPLES } from "../../../static/state/samples.js";
import { writer } from "../../../static/text/continuation.js";
import { Axis } from "../../../static/views/axis.js";
import { rangeOf } from "../../../static/views/cell/chart.js";
import { equationsAt } from "../../../static/views/cell/unit.js";
import { random } from "../random.js";
import { unrollLstm } from "./cell/unroll.js";

const uniform = () => random(10_001) / 10_000;

/** The paper's equations for one nested cell of depth 2, written down on their own. */
function nested(gates) {
  let [c, inner] = [0, 0];
  return gates.map(([outer, [i2, f2, g2, o2]]) => {
    const [i, f, g, o] = outer;
    assert.ok([i, f, g].every(Number.isFinite)); // x~ = i g and h~ = f c go into the inner gates
    inner = f2 * inner + i2 * g2;
    c = o2 * Math.tanh(inner);
    return { inner, c, h: o * Math.tanh(c) };
  });
}

test("a nested cell unrolled from its gates follows the paper's equations", () => {
  const gates = Array.from({ length: 40 }, () =>
    [0, 1].map(() => [uniform(), uniform(), 2 * uniform() - 1, uniform()].map(Math.fround)),
  );
  const unit = unrollLstm(Float32Array.from(gates.flat(2)), 1, 2);
  for (const [t, { inner, c, h }] of nested(gates).entries()) {
    assert.ok(Math.abs(unit.levels[1].c[t] - inner) < 1e-12);
    assert.ok(Math.abs(unit.levels[0].c[t] - c) < 1e-12);
    assert.ok(Math.abs(unit.h[0][t] - h) < 1e-12);
    assert.ok(Math.abs(unit.levels[1].keep[t] + unit.levels[1].write[t] - inner) < 1e-12);
  }
});

test("a cell that is held is held before anything reads it, and its equation says so", () => {
  const gates = Float32Array.from({ length: 12 * 2 * 4 }, uniform);
  const held = (_layer, level, t, value) => (level === 1 && t >= 5 && t < 9 ? 2 : value);
  const free = unrollLstm(gates, 1, 2);
  const unit = unrollLstm(gates, 1, 2, held);
  const [outer, inner] = unit.levels;
  for (let t = 0; t < 12; t += 1) {
    const own = inner.keep[t] + inner.write[t];
    assert.equal(inner.keep[t], t > 0 ? inner.f[t] * inner.c[t - 1] : 0);
    assert.equal(inner.c[t], t >= 5 && t < 9 ? 2 : own);
    assert.equal(outer.c[t], inner.o[t] * Math.tanh(inner.c[t]));
    if (t < 5) assert.equal(unit.h[0][t], free.h[0][t]);
    const [first] = equationsAt(unit, t);
    assert.equal(first.terms[0].value, own);
    const last = first.terms.slice(-2).map(({ symbol, value }) => value ?? symbol);
    if (t >= 5 && t < 9) assert.deepEqual(last, [", changed to", 2]);
    else assert.ok(!first.terms.some(({ symbol }) => symbol.includes("changed")));
  }
  assert.notEqual(inner.c[9], free.levels[1].c[9], "what it was held at is still felt");
});

test("layers do not mix, and every equation shown holds for its numbers", () => {
  const gates = Float32Array.from({ length: 12 * 2 * 3 * 4 }, uniform);
  const unit = unrollLstm(gates, 2, 3);
  const alone = unrollLstm(
    gates.filter((_, k) => Math.floor(k / 12) % 2 === 1),
    1,
    3,
  );
  assert.deepEqual(unit.h[1], alone.h[0]);
  for (let t = 0; t < 12; t += 1)
    for (const { terms } of equationsAt(unit, t)) {
      const [left, , ...right] = terms;
      const words = right.map(({ symbol, value }) =>
        value === null ? symbol.replace("·", "*") : `(${value})`,
      );
      const value = words
        .join(" ")
        .split("+")
        .reduce(
          (sum, product) =>
            sum + product.split("*").reduce((p, f) => p * Number(f.trim().slice(1, -1)), 1),
          0,
        );
      assert.ok(Math.abs(left.value - value) < 1e-12, `${left.symbol} at ${t}`);
    }
});

test("surprisal, its mean and the likeliest are those of the softmax", () => {
  const vocabulary = ["a", "b", "<R>"];
  const logits = Float32Array.of(0, Math.log(2), Math.log(5), 100, 100, 100, 0, 0, 0);
  const expected = expectation(logits, vocabulary);
  const bits = surprisals(expected, ["b", "b", "a", "é"]);
  assert.ok(Number.isNaN(bits[0]) && Number.isNaN(bits[3]));
  assert.ok(Math.abs(bits[1] - 2) < 1e-6, "p = 2 / 8");
  assert.ok(Math.abs(bits[2] - Math.log2(3)) < 1e-6, "large logits do not overflow");
  const top = likeliest(expected, 0, 2);
  assert.deepEqual(
    top.map((s) => s.symbol),
    ["<R>", "b"],
  );
  assert.ok(Math.abs(top[0].p - 5 / 8) < 1e-6);
  assert.deepEqual(likeliest(expected, 3, 2), []);
  const told = Float64Array.of(Number.NaN, 0, 4, 50);
  assert.deepEqual([...surprisalBytes(told, 50)], [-128, 0, 64, 127]);
  assert.deepEqual([...surprisalBytes(told, 2 ** 16)], [-128, 0, 32, 127]);
});

test("two models are compared over the characters that both can be asked for", () => {
  const { count, means } = bitsPerCharacter([
    Float64Array.of(Number.NaN, 1, 2, Number.NaN, 3),
    Float64Array.of(Number.NaN, 5, Number.NaN, 1, 7),
  ]);
  assert.equal(count, 2);
  assert.deepEqual(means, [2, 6]);
});

test("drawing follows the probabilities, sharpens with the temperature, and repeats with the seed", () => {
  const logits = [0, Math.log(3), Number.NEGATIVE_INFINITY];
  const next = seeded(7);
  const again = seeded(7);
  const counts = [0, 0, 0];
  for (let k = 0; k < 4000; k += 1) {
    const u = next();
    assert.equal(u, again());
    counts[draw(logits, 1, u)] += 1;
  }
  assert.ok(Math.abs(counts[1] / 4000 - 0.75) < 0.03 && counts[2] === 0, `${counts}`);
  assert.equal(draw(logits, 0, 0.1), 1);
  assert.equal(draw(logits, 0.05, 0.01), 1);
});

test("the axis never leaves the text, and zooming keeps the character under the pointer", () => {
  const axis = new Axis(() => {});
  axis.resize(500);
  for (let k = 0; k < 300; k += 1) {
    const centre = axis.from + uniform() * (axis.to - axis.from);
    const share = (centre - axis.from) / (axis.to - axis.from);
    axis.zoom(uniform() < 0.5 ? 0.8 : 1.2, centre);
    if (axis.from > 0 && axis.to < 500)
      assert.ok(Math.abs((centre - axis.from) / (axis.to - axis.from) - share) < 1e-6);
    axis.pan(random(101) - 50);
    assert.ok(axis.from >= 0 && axis.to <= 500 + 1e-9 && axis.to - axis.from >= 12);
  }
  axis.reset();
  axis.resize(9);
  assert.deepEqual([axis.from, axis.to], [0, 9]);
});

test("a chart's range holds its curves", () => {
  for (const most of [0.003, 0.4, 1, 2.7, 19]) {
    const [low, high] = rangeOf([{ name: "", colour: "", values: [0, -most] }]);
    assert.ok(high >= most && low === -high && high <= 2.01 * most, `${most}: ${high}`);
  }
});

test("a model writes what the server's logits say, and stops when somebody types", async () => {
  const vocabulary = ["a", "b", "<R>", "c"];
  // After each character the next letter of the alphabet; the untypable symbol is likelier still.
  const after = { a: [0, 9, 20, 0], b: [0, 0, 20, 9], c: [9, 0, 20, 0] };
  let text = "a";
  const written = [];
  const page = {
    text: () => text,
    length: () => text.length,
    predict: async (position) => ({ panels: [[0, 0, 0, 0], after[text[position]]] }),
    append: (character) => {
      text += character;
    },
    wrote: (span) => {
      written.push(span);
    },
  };
  const by = writer(page);
  assert.equal(await by.write(1, { vocabulary }, 0, 1, 5), 5);
  assert.equal(text, "abcabc");
  assert.deepEqual(written, [{ from: 1, to: 6 }], "what it wrote can be marked");
  const predict = page.predict;
  page.predict = async (position) => {
    const answer = await predict(position);
    if (text.length === 8) text += "x";
    return answer;
  };
  assert.equal(await by.write(1, { vocabulary }, 0, 1, 50), 2);
  assert.equal(text, "abcabcabx");
  page.predict = async () => null;
  assert.equal(await by.write(1, { vocabulary }, 0, 1), 0);
  assert.equal(written.length, 2, "nothing was written");
});

test("the page offers the orders, palettes and samples there are", () => {
  const page = readFileSync(new URL("../../../templates/index.html", import.meta.url), "utf8");
  const options = (id) => {
    const select = new RegExp(`<select id="${id}">.*?</select>`, "s").exec(page)[0];
    return [...select.matchAll(/value="([^"]*)"/g)].map((match) => match[1]);
  };
  const samples = SAMPLES.map(({ name }) => name);
  assert.deepEqual(options("order"), [...ORDERS]);
  assert.deepEqual(options("palette"), Object.keys(PALETTES));
  assert.deepEqual(
    [...page.matchAll(/data-sample="([^"]*)"/g)].map((match) => match[1]),
    samples,
  );
});
