import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import {
  contrast,
  luminance,
  makePalette,
  PALETTES,
  scaledPixels,
} from "../../../static/base/colour.js";
import { fineBytes } from "../../../static/views/scale.js";

const every = Object.keys(PALETTES).flatMap((name) =>
  ["light", "dark"].map((theme) => [name, theme]),
);
const linear = (c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);

/** Machado, Oliveira & Fernandes (2009), severity 1, on linear RGB. */
const EYES = {
  protan: [
    0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998,
  ],
  deutan: [
    0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881,
  ],
  tritan: [
    1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039,
  ],
};
function oklab(rgb, eye) {
  let [r, g, b] = rgb.map(linear);
  if (eye) {
    const m = EYES[eye];
    [r, g, b] = [0, 3, 6].map((k) => Math.max(0, m[k] * r + m[k + 1] * g + m[k + 2] * b));
  }
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}
const apart = (one, other, eye) => {
  const [a, b] = [oklab(one, eye), oklab(other, eye)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
};

test("contrast is WCAG's: black on white 21, equal colours 1, #777 on white 4.48", () => {
  assert.equal(contrast([0, 0, 0], [255, 255, 255]).toFixed(2), "21.00");
  assert.equal(contrast([9, 9, 9], [9, 9, 9]), 1);
  assert.equal(contrast([119, 119, 119], [255, 255, 255]).toFixed(2), "4.48");
});

for (const [name, theme] of every) {
  const palette = makePalette(name, theme);
  const at = (byte) => palette.steps[byte + 128];

  test(`${name}, ${theme}: the ink can be read on every step`, () => {
    for (let byte = -127; byte < 128; byte += 1)
      assert.ok(contrast(at(byte), palette.ink) >= 4.5, `${byte}: ${at(byte)}`);
  });

  test(`${name}, ${theme}: zero is the paper, and a larger value is further from it`, () => {
    assert.ok(theme === "light" ? at(0).every((c) => c === 255) : luminance(at(0)) < 0.02);
    for (const sign of [-1, 1])
      for (let byte = 1; byte < 128; byte += 1) {
        const [less, more] = [
          contrast(at(sign * (byte - 1)), at(0)),
          contrast(at(sign * byte), at(0)),
        ];
        assert.ok(more >= less - 0.02, `${sign * byte}: ${less} -> ${more}`);
        if (byte >= 8) assert.ok(contrast(at(sign * (byte - 8)), at(0)) < more, `${sign * byte}`);
      }
  });

  test(`${name}, ${theme}: the two signs differ, and so do half and whole`, () => {
    for (const byte of [32, 64, 127])
      assert.ok(apart(at(-byte), at(byte)) > 0.08 * (byte / 32) ** 0.5, `${byte}`);
    for (const sign of [-1, 1]) assert.ok(apart(at(sign * 64), at(sign * 127)) > 0.1);
  });

  test(`${name}, ${theme}: pixels are the steps, opaque, and what is pending is transparent`, () => {
    const bytes = new Uint8Array(palette.pixels.buffer);
    assert.equal(palette.pixels[0], 0);
    for (let step = 1; step < 256; step += 1)
      assert.deepEqual([...bytes.slice(4 * step, 4 * step + 4)], [...palette.steps[step], 255]);
  });
}

test("the paper's palette is red below zero and blue above", () => {
  for (const theme of ["light", "dark"]) {
    const { steps } = makePalette("paper", theme);
    for (let byte = 24; byte < 128; byte += 1) {
      const [r, g, b] = steps[128 - byte];
      assert.ok(r > g && r > b);
      const [r2, g2, b2] = steps[128 + byte];
      assert.ok(b2 > g2 && b2 > r2);
    }
  }
});

test("the safe palette keeps the signs apart for protan, deutan and tritan eyes", () => {
  for (const theme of ["light", "dark"]) {
    const { steps } = makePalette("safe", theme);
    for (const eye of Object.keys(EYES))
      for (const byte of [48, 96, 127])
        assert.ok(
          apart(steps[128 - byte], steps[128 + byte], eye) > 0.05 + 0.0008 * byte,
          `${theme} ${eye} ${byte}: ${apart(steps[128 - byte], steps[128 + byte], eye)}`,
        );
  }
});

test("a cell's own scale gives its largest value the strongest colour and keeps zero", () => {
  const palette = makePalette("paper", "light");
  const own = scaledPixels(palette, 40);
  assert.equal(own[128 + 40], palette.pixels[255]);
  assert.equal(own[128 - 40], palette.pixels[1]);
  assert.equal(own[128], palette.pixels[128]);
  assert.equal(own[0], 0);
  const levels = new Set(Array.from({ length: 81 }, (_, k) => own[128 - 40 + k]));
  assert.ok(levels.size >= 64, `${levels.size} levels`);
});

test("a faint cell's exact values have at least 64 steps on its own scale", () => {
  const values = Float32Array.from({ length: 400 }, (_, t) => 0.01 * Math.sin(t / 7));
  const { bytes, largest } = fineBytes(values);
  assert.ok(new Set(bytes).size >= 64);
  assert.ok(Math.abs(largest - 0.01) < 1e-5);
  for (const [t, byte] of bytes.entries())
    assert.ok(Math.abs(byte - (127 * values[t]) / largest) < 0.501);
  assert.deepEqual([...fineBytes([0, 0]).bytes], [0, 0]);
});

test("the file of palettes, for figures without a browser, is these palettes", () => {
  const hex = (rgb) => rgb.map((c) => c.toString(16).padStart(2, "0")).join("");
  const all = {};
  for (const [name, theme] of every) {
    const { ink, steps } = makePalette(name, theme);
    all[name] ??= {};
    all[name][theme] = { ink: hex(ink), steps: steps.map(hex).join("") };
  }
  const path = new URL("../../../analysis/figure/palettes.json", import.meta.url);
  const now = `${JSON.stringify(all, null, 2)}\n`;
  // To take in a change: WRITE=1 node --test tests/js/colour.test.js
  if (process.env.WRITE) writeFileSync(path, now);
  assert.equal(readFileSync(path, "utf8"), now);
});
