import assert from "node:assert/strict";
import { test } from "node:test";
import { probabilities } from "../../../../static/base/surprisal.js";
import { formatDigits, parseDigits } from "../../../../static/pages/digits/address.js";
import { decision, percent } from "../../../../static/pages/digits/decision.js";
import { GLIMPSES, glimpse } from "../../../../static/pages/digits/glimpses.js";
import { imageOf, normalised, SIDE } from "../../../../static/pages/digits/raster.js";
import { SAMPLES } from "../../../../static/pages/digits/samples.js";
import {
  distanceTo,
  formatDrawing,
  parseDrawing,
  simplified,
} from "../../../../static/pages/digits/strokes.js";
import { random as whole } from "../../random.js";

const random = () => whole(1e6) / 1e6;

/** What MNIST's own images have, by area: the box of the ink, and its centre of mass. */
function measured(image) {
  let [mass, x, y] = [0, 0, 0];
  let [left, top, right, bottom] = [SIDE, SIDE, 0, 0];
  for (const [k, ink] of image.entries()) {
    const [row, column] = [Math.floor(k / SIDE), k % SIDE];
    mass += ink;
    x += ink * column;
    y += ink * row;
    if (ink === 0) continue;
    [left, right] = [Math.min(left, column), Math.max(right, column + 1)];
    [top, bottom] = [Math.min(top, row), Math.max(bottom, row + 1)];
  }
  return { mass, x: x / mass, y: y / mass, longest: Math.max(right - left, bottom - top) };
}

/** The drawing elsewhere and of another size. */
const moved = (strokes, scale, x, y) =>
  strokes.map((stroke) => stroke.map(([a, b]) => [a * scale + x, b * scale + y]));

for (const { name, strokes } of SAMPLES)
  test(`sample ${name} lies in the image as MNIST's digits do, wherever it was drawn`, () => {
    const first = imageOf(strokes);
    for (const [scale, x, y] of [
      [1, 0, 0],
      [0.4, 0.55, 0.02],
      [0.7, 0.01, 0.28],
    ]) {
      const placed = imageOf(moved(strokes, scale, x, y));
      const found = measured(placed.image);
      // 9,997 of MNIST's 10,000 test digits are 20 long, all have their mass within half a pixel of
      // 14, and 98 % have an ink from 38 to 199.
      assert.equal(found.longest, 20);
      assert.ok(Math.abs(found.x - 14) <= 0.51, `x ${found.x}`);
      assert.ok(Math.abs(found.y - 14) <= 0.51, `y ${found.y}`);
      assert.ok(found.mass > 38 && found.mass < 199, `ink ${found.mass}`);
      const off = Math.max(...placed.image.map((ink, k) => Math.abs(ink - first.image[k])));
      assert.ok(off < 0.12, `${off}`);
    }
  });

test("a place of the drawing is where the image has it", () => {
  // A square of which one corner has a long tail: its corner pixel is found through the way told.
  const strokes = [
    [
      [0.2, 0.2],
      [0.8, 0.2],
      [0.8, 0.6],
    ],
  ];
  const { image, scale, x, y } = imageOf(strokes);
  for (const [px, py] of strokes[0]) {
    const [column, row] = [Math.floor(px * scale + x), Math.floor(py * scale + y)];
    assert.ok(image[row * SIDE + column] > 0.8);
  }
  assert.equal(image[Math.floor(0.5 * scale + y) * SIDE + Math.floor(0.3 * scale + x)], 0);
});

test("ink is kept when a raster is made smaller by areas", () => {
  const [width, height] = [90, 75];
  const values = new Float32Array(width * height);
  for (let y = 10; y < 70; y += 1)
    for (let x = 20; x < 60; x += 1) values[y * width + x] = 0.1 + 0.9 * random();
  const { image, scale } = normalised({ values, width, height });
  const ink = (all) => all.reduce((a, b) => a + b, 0);
  assert.equal(scale, 1 / 3);
  assert.ok(Math.abs(ink(image) - ink(values) / 9) < 1e-3);
});

test("a raster already as MNIST has it is left as it is", () => {
  const image = imageOf(SAMPLES[5].strokes).image;
  const again = normalised({ values: image, width: SIDE, height: SIDE }).image;
  assert.ok(again.every((ink, k) => Math.abs(ink - image[k]) < 1e-6));
});

test("no ink is no image, and a single touch is a dot", () => {
  assert.equal(imageOf([]), null);
  assert.equal(imageOf([[]]), null);
  assert.equal(normalised({ values: new Float32Array(9), width: 3, height: 3 }), null);
  const { image } = imageOf([[[0.9, 0.1]]]);
  const { x, y, mass } = measured(image);
  assert.ok(Math.abs(x - 14) < 1 && Math.abs(y - 14) < 1 && mass > 1);
});

test("a simpler stroke keeps its ends and strays no further than it may", () => {
  const stroke = Array.from({ length: 200 }, (_, k) => [
    k / 200 + 0.01 * random(),
    0.5 + 0.3 * Math.sin(k / 25) + 0.01 * random(),
  ]);
  const simple = simplified(stroke, 0.02);
  assert.ok(simple.length < 40);
  assert.deepEqual([simple[0], simple.at(-1)], [stroke[0], stroke.at(-1)]);
  for (const point of stroke) {
    const off = simple.slice(1).map((end, k) => distanceTo(point, simple[k], end));
    assert.ok(Math.min(...off) <= 0.02);
  }
});

test("an address gives the drawing back to a thousandth, and never a longer one than fits", () => {
  const drawing = SAMPLES.flatMap(({ strokes }) => strokes);
  const back = parseDrawing(formatDrawing([drawing[0]]));
  assert.deepEqual(
    [back.length, back[0][0]],
    [1, drawing[0][0].map((v) => Math.round(v * 1000) / 1000)],
  );
  const scribble = Array.from({ length: 3000 }, () => [random(), random()]);
  assert.ok(
    formatDrawing([
      [
        [0, 0],
        [1, 1],
      ],
      scribble.slice(0, 300),
    ]).length > 100,
  );
  for (const wrong of ["x", "abc", "zzzz", "0a0a..0a0a", "0a0a!", ""])
    assert.deepEqual(parseDrawing(wrong), []);
});

test("the page of digits is in its address, and what makes no sense is left out", () => {
  const shown = {
    a: "nested digits",
    b: "stacked&digits",
    strokes: SAMPLES[3].strokes,
    sample: "3",
    step: 7,
    pick: 12,
    palette: "safe",
  };
  const { strokes: _, ...rest } = shown;
  assert.deepEqual(parseDigits(formatDigits(shown)), rest);
  const drawn = parseDigits(formatDigits({ ...shown, sample: "" }));
  assert.deepEqual(drawn.strokes, parseDrawing(formatDrawing(shown.strokes)));
  assert.deepEqual(parseDigits("#step=21&pick=-3&palette=toString&a="), {});
});

test("the places of the glimpses are those that are read", () => {
  // Every pixel is seen once by a tile, and every fourth once more by a coarse glimpse.
  const seen = new Int32Array(SIDE * SIDE);
  for (let k = 0; k < GLIMPSES; k += 1) {
    const { x, y, side, step } = glimpse(k);
    let pixels = 0;
    for (let row = y; row < y + side; row += step)
      for (let column = x; column < x + side; column += step) {
        seen[row * SIDE + column] += 1;
        pixels += 1;
      }
    assert.equal(pixels, 49);
  }
  assert.equal(seen.filter((times) => times === 2).length, 196);
  assert.equal(seen.filter((times) => times === 1).length, 588);
  assert.equal(glimpse(6).words, "upper right quarter, upper left tile");
});

test("a mind is made up where the answer begins to lead for good", () => {
  const steps = [
    [0.5, 0.3, 0.2],
    [0.3, 0.5, 0.2],
    [0.5, 0.3, 0.2],
    [0.2, 0.7, 0.1],
    [0.1, 0.9, 0.0],
  ];
  assert.deepEqual(decision(steps), { digit: 1, certainty: 0.9, since: 3 });
  assert.equal(decision(steps.slice(3)).since, 0);
});

test("probabilities are a softmax, also of large logits", () => {
  const found = probabilities([1000, 1001, 0]);
  assert.ok(Math.abs(found[1] - 1 / (1 + Math.exp(-1))) < 1e-12);
  assert.ok(Math.abs(found.reduce((a, b) => a + b, 0) - 1) < 1e-12);
  assert.deepEqual([0.99996, 1, 0.0001, 0, 0.256].map(percent), [
    "> 99.9 %",
    "100 %",
    "< 0.1 %",
    "0 %",
    "25.6 %",
  ]);
});
