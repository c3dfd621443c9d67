// One zoom for the map and the curves.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Axis } from "../../../static/views/axis.js";

/** Of 1,000 characters, 400 to 600 of them shown. */
function axis() {
  const made = new Axis(() => {});
  made.resize(1000, 0);
  made.look(400, 600);
  return made;
}

/** Where a character stands, 0 .. 1. @param {Axis} of @param {number} position */
const placeOf = ({ from, to }, position) => (position + 0.5 - from) / (to - from);

test("a zoom leaves the character looked at in its place", () => {
  const zoomed = axis();
  zoomed.lit = 420;
  const before = placeOf(zoomed, 420);
  for (const factor of [0.5, 0.5, 2]) {
    zoomed.zoom(factor);
    assert.ok(Math.abs(placeOf(zoomed, 420) - before) < 1e-9);
  }
  assert.equal(zoomed.to - zoomed.from, 100);
});

test("with none, or one out of sight, it leaves the middle", () => {
  for (const lit of [null, 900]) {
    const zoomed = axis();
    zoomed.lit = lit;
    zoomed.zoom(0.5);
    assert.deepEqual([zoomed.from, zoomed.to], [450, 550]);
  }
});
