import assert from "node:assert/strict";
import { test } from "node:test";
import { Difference } from "../../../static/views/difference.js";
import { apartOf, NOTHING } from "../../../static/views/readout.js";
import { Columns, PENDING } from "../../../static/wire/columns.js";
import { random } from "../random.js";

test("whatever is told in whatever order, the difference is that of what both have", () => {
  for (let run = 0; run < 40; run += 1) {
    const both = [new Columns(2, [4, 5]), new Columns(2, [4, 5])];
    const apart = new Difference();
    let length = 6;
    for (const columns of both) columns.cut(0, length);
    for (let step = 0; step < 25; step += 1) {
      if (random(4) === 0) {
        const at = random(length + 1);
        length = at + random(9);
        for (const columns of both) columns.cut(at, length);
      } else {
        const columns = both[random(2)];
        const start = columns.done;
        const count = random(length - start + 1);
        const values = Int8Array.from({ length: 4 * count }, () => random(255) - 127);
        const [from] = columns.put(start, values, [], length);
        apart.cut(from);
      }
      const { values, done } = apart.of(...both);
      assert.equal(done, Math.min(both[0].done, both[1].done));
      for (let k = 0; k < 4 * length; k += 1) {
        const by = both[1].values[k] - both[0].values[k];
        const expected = k < 4 * done ? Math.max(-127, Math.min(127, by)) : PENDING;
        assert.equal(values[k], expected);
      }
    }
  }
});

test("a number of the difference is as exact as both of its values, and none where one is missing", () => {
  const reading = (value, exact) => ({ ...NOTHING, value, exact });
  assert.equal(apartOf(reading(0.25, true), reading(-0.5, true)).text, "Δ −0.7500");
  assert.equal(apartOf(reading(0.25, false), reading(0.5, true)).text, "≈ Δ +0.25");
  assert.equal(apartOf(NOTHING, reading(0.5, true)), NOTHING);
});
