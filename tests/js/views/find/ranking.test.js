import assert from "node:assert/strict";
import { test } from "node:test";
import { byChance, onExactly, ranked, tell } from "../../../../static/views/find/ranking.js";
import { random } from "../../random.js";

/** Values of so many columns, few different ones so that there are ties. */
const valuesOf = (length, width, most = 3) =>
  Int8Array.from({ length: length * width }, () => random(2 * most + 1) - most);

test("the AUC is that of all pairs of characters, ties by half, and the means are means", () => {
  for (let round = 0; round < 60; round += 1) {
    const [length, width, from] = [2 + random(12), 1 + random(4), random(2)];
    const values = valuesOf(length, width);
    const label = Uint8Array.from({ length }, () => random(2));
    const told = tell(values, width, label, from);
    for (let j = 0; j < width; j += 1) {
      const column = (which) =>
        [...label.keys()]
          .filter((t) => t >= from && label[t] === which)
          .map((t) => values[t * width + j]);
      const [no, yes] = [column(0), column(1)];
      let pairs = 0;
      for (const a of yes) for (const b of no) pairs += a > b ? 1 : a === b ? 0.5 : 0;
      const mean = (of) => of.reduce((a, b) => a + b, 0) / of.length / 127;
      assert.deepEqual([told.inside, told.outside], [yes.length, no.length]);
      for (const [found, expected] of [
        [told.auc[j], pairs / (yes.length * no.length)],
        [told.high[j], mean(yes)],
        [told.low[j], mean(no)],
      ])
        assert.ok(
          Object.is(found, expected) ||
            Math.abs(found - expected) < 1e-12 ||
            Number.isNaN(found + expected),
          `${found} ${expected}`,
        );
    }
  }
});

test("cells of both models and signs are one list, the sign turns the AUC, memories left out are not in it", () => {
  const told = (auc) => ({ auc, high: auc.map(() => 0.25), low: auc.map(() => -0.5) });
  const rows = ranked(
    [told([0.5, 0.9, 0.1, 0.2]), told([0.05, Number.NaN, 0.9, 0.3])],
    [
      { memories: [0, 1], hidden: 2 },
      { memories: [0], hidden: 2 },
    ],
  );
  assert.deepEqual(
    rows.map(({ panel, memory, cell, sign, auc }) => [
      panel,
      memory,
      cell,
      sign,
      Number(auc.toFixed(3)),
    ]),
    [
      [1, 0, 0, -1, 0.95],
      [0, 0, 1, 1, 0.9],
      [0, 1, 0, -1, 0.9],
      [0, 1, 1, -1, 0.8],
      [0, 0, 0, 1, 0.5],
    ],
  );
  assert.deepEqual([rows[0].inside, rows[0].outside], [0.25, -0.5]);
});

test("a planted cell is first, whatever its sign", () => {
  for (const sign of [1, -1]) {
    const [length, width] = [200, 16];
    const values = valuesOf(length, width, 100);
    const label = Uint8Array.from({ length }, (_, t) => (t % 40 > 25 ? 1 : 0));
    for (let t = 0; t < length; t += 1)
      values[t * width + 7] = sign * (label[t] ? 90 : -random(50));
    const [best] = ranked([tell(values, width, label)], [{ memories: [0], hidden: 16 }]);
    assert.deepEqual([best.cell, best.sign, best.auc], [7, sign, 1]);
  }
});

test("on exactly there: beyond the threshold on all of it, and on neither character beside it", () => {
  for (let round = 0; round < 200; round += 1) {
    const [length, width] = [1 + random(8), 1 + random(6)];
    const values = valuesOf(length, width, 127);
    const from = random(length);
    const to = from + 1 + random(length - from);
    const threshold = random(5) / 10;
    const on = (t, j, sign) => (sign * values[t * width + j]) / 127 >= threshold;
    const expected = [];
    for (let column = 0; column < width; column += 1)
      for (const sign of [1, -1]) {
        const places = Array.from({ length }, (_, t) => on(t, column, sign));
        const inside = places.slice(from, to).every(Boolean);
        if (!inside || places[from - 1] || places[to]) continue;
        const others = places.filter((is, t) => is && (t < from || t >= to)).length;
        expected.push([column, sign, others / Math.max(1, length - (to - from))]);
      }
    expected.sort((x, y) => x[2] - y[2] || x[0] - y[0]);
    assert.deepEqual(
      onExactly(values, width, length, { from, to }, threshold).map(
        ({ column, sign, elsewhere }) => [column, sign, elsewhere],
      ),
      expected,
    );
  }
});

test("chance is the best of all columns under labels shifted in a circle", () => {
  const [length, width, from] = [83, 5, 3];
  const values = valuesOf(length, width, 20);
  const label = Uint8Array.from({ length }, (_, t) => (t % 30 < 20 ? 1 : 0));
  const { best } = tell(values, width, label, from);
  const T = length - from;
  const shifts = Array.from({ length: T - 8 + 1 }, (_, k) => 4 + k); // a twentieth from either end
  assert.equal(best.length, shifts.length);
  for (const [k, shift] of shifts.entries()) {
    const moved = label.map((own, t) =>
      t < from ? own : label[from + ((t - from + T - shift) % T)],
    );
    const { auc } = tell(values, width, moved, from);
    const most = Math.max(...auc.map((each) => Math.abs(each - 0.5)));
    assert.ok(Math.abs(best[k] - most) < 1e-12, `${best[k]} ${most}`);
  }
  const chance = byChance([{ best }]);
  const as = best.filter((each) => 0.5 + each >= chance - 1e-12).length / best.length;
  assert.ok(as > 0 && as < 0.09, `${as}`);
});

test("a cell that tells a label beats chance, and what tells nothing seldom does", () => {
  const [length, width] = [400, 64];
  let above = 0;
  for (let round = 0; round < 20; round += 1) {
    const values = valuesOf(length, width, 90);
    const label = Uint8Array.from({ length }, () => 0);
    for (let t = random(40); t < length; t += 20 + random(60)) label.fill(1, t, t + 10);
    const models = [{ memories: [0], hidden: width }];
    const told = tell(values, width, label);
    above += ranked([told], models)[0].auc > byChance([told]) ? 1 : 0;
    for (let t = 0; t < length; t += 1) values[t * width + 9] = label[t] ? 50 : random(50);
    const planted = tell(values, width, label);
    assert.ok(ranked([planted], models)[0].auc > byChance([planted]));
  }
  assert.ok(above <= 4, `${above} of 20`);
});

test("ten thousand cells are ranked, the planted one first", () => {
  const [length, width] = [200, 10_000];
  const planted = 7_321;
  const label = Uint8Array.from({ length }, (_, t) => (t % 40 < 9 ? 1 : 0));
  const values = valuesOf(length, width, 100);
  for (const [t, on] of label.entries()) values[t * width + planted] = on ? -90 - (t % 7) : 80;
  const [first, second] = ranked(
    [tell(values, width, label)],
    [{ memories: [0, 1, 2, 3], hidden: width / 4 }],
  );
  const { memory, cell, sign, auc } = first;
  assert.deepEqual([memory * (width / 4) + cell, sign, auc], [planted, -1, 1]);
  assert.ok(second.auc < 0.9);
});

test("an empty span, and a text of nothing else, tell nothing and do not hang", () => {
  const values = valuesOf(50, 3);
  for (const [label, sizes] of [
    [new Uint8Array(50), [0, 50]],
    [new Uint8Array(50).fill(1), [50, 0]],
    [new Uint8Array(0), [0, 0]],
  ]) {
    const told = tell(values, 3, label);
    assert.deepEqual([told.inside, told.outside], sizes);
    assert.deepEqual(ranked([told], [{ memories: [0], hidden: 3 }]), []);
    assert.equal(byChance([told]), null);
  }
  assert.ok(onExactly(values, 3, 50, { from: 7, to: 7 }, 0.3).length <= 6);
});
