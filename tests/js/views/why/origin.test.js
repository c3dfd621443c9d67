import assert from "node:assert/strict";
import { test } from "node:test";
import {
  binned,
  bodyOf,
  byDistance,
  bytesOf,
  formatWhy,
  isShut,
  meanByDistance,
  parseWhy,
  within,
} from "../../../../static/views/why/origin.js";
import { memoriesOf } from "../../networks.js";

const card = { name: "nested", hidden: 8, memories: memoriesOf(1, 2) };
const text = [..."héllo"];

test("what is explained goes to the address and back, and nonsense is the default", () => {
  for (const target of [
    { kind: "surprise" },
    { kind: "symbol", symbol: '"' },
    { kind: "symbol", symbol: "." },
    { kind: "symbol", symbol: "\n" },
    { kind: "cell", column: 3 },
  ])
    for (const method of ["gradient", "occlusion"])
      assert.deepEqual(parseWhy(formatWhy(target, method)), { target, method });
  for (const form of ["", "surprise", "cell-1.magic", "symbol-123456789.gradient"])
    assert.deepEqual(parseWhy(form), { target: { kind: "surprise" }, method: "gradient" });
});

test("a surprise is that of the prediction before the character, a cell's value that after it", () => {
  const ask = (target, position) => bodyOf(target, card, 5, text, position);
  assert.deepEqual(ask({ kind: "surprise" }, 2), {
    ...{ model: "nested", text: "hél", position: 1, target: { surprisal: true } },
  });
  assert.equal(ask({ kind: "surprise" }, 0), null);
  assert.equal(ask({ kind: "cell", column: 0 }, 5), null, "beyond the text");
  const { target, position, text: sent } = ask({ kind: "cell", column: 1 }, 4);
  assert.deepEqual([target, position, sent], [{ layer: 0, level: 0, cell: 5 }, 4, "héllo"]);
  assert.equal(bodyOf({ kind: "cell", column: 7 }, card, 50, text, 1).target.cell, 7);
  assert.deepEqual(ask({ kind: "symbol", symbol: "x" }, 1).target, { symbol: "x" });
});

test("bytes keep the sign and the order of the values, and say where nothing is known", () => {
  const values = [null, -0.04, 0.01, 0, 0.16];
  const bytes = [...bytesOf(values, 7)];
  assert.deepEqual(bytes, [-128, -Math.round(127 / 2), Math.round(127 / 4), 0, 127, -128, -128]);
  assert.deepEqual([...bytesOf([0, 0], 2)], [0, 0]);
});

test("how far back it lies, alone and as a mean over places", () => {
  assert.deepEqual(byDistance([null, -3, 1, 4]), [4, 1, 3]);
  assert.equal(within([4, 1, 3], 0.5), 1);
  assert.equal(within([4, 1, 3], 0.6), 2);
  assert.equal(within([4, 1, 3], 1), 3);
  assert.deepEqual(meanByDistance([[2, 4], [4], [6, 8, 1]]), [4, 6, 1]);
  assert.deepEqual(meanByDistance([]), []);
});

test("bins hold every distance once, and their means the sum", () => {
  for (const length of [1, 2, 9, 400]) {
    const sizes = Array.from({ length }, (_, k) => 1 / (k + 1));
    const bins = binned(sizes);
    let from = 0;
    for (const { back, size } of bins) {
      const to = Math.round(2 * back - from) + 1;
      const part = sizes.slice(from, to);
      assert.ok(Math.abs(size - part.reduce((a, b) => a + b) / part.length) < 1e-12);
      from = to;
    }
    assert.equal(from, length);
    assert.ok(bins.length < 45);
  }
});

test("a saturated cell, or no slope at all, is said to be no proof of forgetting", () => {
  assert.ok(isShut({ kind: "cell", column: 0 }, 0.999, [1, 1]));
  assert.ok(isShut({ kind: "surprise" }, 3, [1e-5, 1e-7]));
  assert.ok(!isShut({ kind: "surprise" }, 3, [0.2, 1e-7]));
  assert.ok(!isShut({ kind: "cell", column: 0 }, 0.5, [0.2]));
});
