import assert from "node:assert/strict";
import { test } from "node:test";
import { Dirty } from "../../../../static/views/blocks/dirty.js";

test("what is to be painted again is the hull of what has come since all was painted", () => {
  const dirty = new Dirty();
  assert.equal(dirty.add(0, 0, 9), false, "no model is shown yet");
  dirty.all(2);
  assert.deepEqual(dirty.of(1), { from: 0, to: Number.POSITIVE_INFINITY });
  dirty.clear();
  const { from, to } = dirty.of(0);
  assert.ok(to <= from);
  assert.equal(dirty.add(0, 5, 5), false);
  assert.ok(dirty.add(0, 7, 9) && dirty.add(0, 2, 3));
  assert.deepEqual(dirty.of(0), { from: 2, to: 9 });
  assert.ok(dirty.of(1).to <= dirty.of(1).from, "another model has its own");
  assert.deepEqual([...dirty.panels()], [0, 1]);
});
