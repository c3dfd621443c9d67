import assert from "node:assert/strict";
import { test } from "node:test";
import { extreme, Pyramid } from "../../../../static/views/map/pyramid.js";
import { ranking, scores } from "../../../../static/views/order.js";
import { Columns, PENDING } from "../../../../static/wire/columns.js";
import { random } from "../../random.js";

const CELLS = 5;
const made = (length) => Int8Array.from({ length: length * CELLS }, () => random(255) - 127);
const colours = Uint32Array.from({ length: 256 }, (_, k) => k);

/** The value of the largest magnitude of a cell in from .. to - 1, the earlier one of equals. */
function largest(values, cell, from, to) {
  let best = PENDING;
  for (let t = from; t < to; t += 1) best = extreme(best, values[t * CELLS + cell]);
  return best;
}

test("after growing, shrinking and partial updates every level holds its stretch's extreme", () => {
  const pyramid = new Pyramid(CELLS);
  let values = made(300);
  pyramid.update(values, 0, CELLS, 0, 300);
  for (const length of [310, 200, 700, 699]) {
    const from = random(Math.min(length, values.length / CELLS));
    const next = made(length);
    next.set(values.subarray(0, from * CELLS));
    values = next;
    pyramid.update(values, 0, CELLS, from, length);
    for (const [level, row] of pyramid.levels.entries()) {
      const room = pyramid.room >> level;
      for (let cell = 0; cell < CELLS; cell += 1)
        for (let k = 0; k < room; k += 1) {
          const truth = largest(values, cell, k << level, Math.min(length, (k + 1) << level));
          const here = row[cell * room + k];
          assert.equal(here, truth, `level ${level}, cell ${cell}, stretch ${k}`);
        }
    }
  }
});

test("told piece by piece, and cut, it is what it is when told at once", () => {
  const values = made(900);
  const pieces = new Pyramid(CELLS);
  let told = 0;
  for (const [length, most] of [
    [256, 300],
    [300, 300],
    [700, 900],
    [700, 700],
    [400, 900],
    [401, 401],
    [900, 900],
    [600, 1200],
  ]) {
    pieces.update(values, 0, CELLS, Math.min(told, length), length, most);
    told = length;
    assert.ok(pieces.room >= most);
    const whole = new Pyramid(CELLS);
    whole.room = pieces.room;
    whole.levels = pieces.levels.map((level) => new Int8Array(level.length).fill(PENDING));
    whole.update(values, 0, CELLS, 0, length);
    assert.deepEqual(pieces.levels, whole.levels, `${length} characters`);
  }
});

test("one cell that fires once is seen at any zoom, among many cells and characters", () => {
  const length = 10_000;
  const values = new Int8Array(length * CELLS).fill(3);
  values[7311 * CELLS + 2] = -120;
  const pyramid = new Pyramid(CELLS);
  pyramid.update(values, 0, CELLS, 0, length);
  for (const [width, height] of [
    [600, 5],
    [37, 2],
    [1, 1],
    [999, 1],
  ]) {
    const pixels = new Uint32Array(width * height);
    pyramid.draw(pixels, width, height, 0, length, [4, 3, 2, 1, 0], colours);
    assert.equal(pixels.filter((p) => p === 128 - 120).length, 1, `${width} x ${height}`);
  }
});

test("zoomed in, a pixel is the character under it, in the order asked for", () => {
  const values = made(50);
  const pyramid = new Pyramid(CELLS);
  pyramid.update(values, 0, CELLS, 0, 50);
  const pixels = new Uint32Array(40 * 5);
  const order = [3, 1, 4, 0, 2];
  pyramid.draw(pixels, 40, 5, 20, 30, order, colours);
  for (let y = 0; y < 5; y += 1)
    for (let x = 0; x < 40; x += 1)
      assert.equal(pixels[y * 40 + x], 128 + values[(20 + Math.floor(x / 4)) * CELLS + order[y]]);
});

test("orders follow their definitions", () => {
  const columns = new Columns(2, [0, 1, 2, 3]);
  columns.cut(0, 60);
  const rows = Array.from({ length: 60 }, (_, t) => {
    const wave = Math.round(80 * Math.sin(t / 3));
    return [100, wave, -wave, (wave >> 2) + 5, 100, wave >> 1, 0, (wave >> 2) + 5];
  });
  columns.put(0, Int8Array.from(rows.flat()), [], 60);
  assert.deepEqual(ranking("index", columns, 0), [0, 1, 2, 3]);
  assert.deepEqual(ranking("variance", columns, 0), [1, 2, 3, 0]);
  assert.equal(ranking("magnitude", columns, 0)[0], 0);
  assert.equal(ranking("correlation", columns, 1)[0], 1, "itself first");
  const likeness = scores("correlation", columns, 1);
  assert.ok(likeness[3] > 0.99 && likeness[2] < -0.99, "its scaled self and its negative");
  assert.equal(ranking("contrast", columns, 0)[0], 2, "inner moves, outer does not");
  // By the second memory: 0 is constant, 1 moves half as much as 3 does in the first.
  assert.deepEqual(ranking("variance", columns, 0, 1), [1, 3, 0, 2]);
  assert.equal(ranking("magnitude", columns, 0, 1)[0], 0);
  assert.deepEqual(ranking("correlation", columns, 1).slice(0, 3).sort(), [1, 2, 3], "by its size");
  assert.equal(
    ranking("contrast", columns, 0, 1)[0],
    2,
    "the last memory lies apart from the one before",
  );
});
