import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, half } from "../../../static/wire/frames.js";

// Written by safetensors.numpy.save, with the metadata of docs/reference/protocol.md.
const META =
  "7b225f5f6d657461646174615f5f223a7b226e65737473636f7065223a227b5c227265766973696f6e5c223a20382c205c22766965775c223a20332c205c2270616e656c5c223a20302c205c2273746172745c223a203132302c205c226c656e6774685c223a203337342c205c22756e6b6e6f776e5c223a205b3132315d7d227d2c2276616c756573223a7b226474797065223a22";
const INT8 = `c000000000000000${META}4938222c227368617065223a5b322c322c325d2c22646174615f6f666673657473223a5b302c385d7d7d208100407f01ff02fe`;
const FLOAT16 = `c800000000000000${META}463136222c227368617065223a5b322c322c325d2c22646174615f6f666673657473223a5b302c31365d7d7d20202020202020f0cb00000048f04b003000b0003400b4`;
const FLOAT32 = `c800000000000000${META}463332222c227368617065223a5b322c322c325d2c22646174615f6f666673657473223a5b302c33325d7d7d2020202020202000007ec1000000000000004100007e410000003e000000be0000803e000080be`;

const bytes = (hex) =>
  Uint8Array.from(hex.match(/../g), (pair) => Number.parseInt(pair, 16)).buffer;

test("a frame written in Python is read as it was written, without a copy", () => {
  const buffer = bytes(INT8);
  const { values, shape, meta } = decode(buffer);
  assert.deepEqual([...values], [-127, 0, 64, 127, 1, -1, 2, -2]);
  assert.deepEqual(shape, [2, 2, 2]);
  assert.deepEqual(meta, {
    revision: 8,
    view: 3,
    panel: 0,
    start: 120,
    length: 374,
    unknown: [121],
  });
  assert.equal(values.buffer, buffer);
});

test("float16 and float32 come out as the numbers put in", () => {
  const numbers = [-15.875, 0, 8, 15.875, 0.125, -0.125, 0.25, -0.25];
  assert.deepEqual([...decode(bytes(FLOAT32)).values], numbers);
  assert.deepEqual([...decode(bytes(FLOAT16)).values].map(half), numbers);
});

test("halves outside the normal range", () => {
  assert.equal(half(0x0001), 2 ** -24);
  assert.equal(half(0x03ff), 1023 * 2 ** -24);
  assert.equal(half(0x7bff), 65504);
  assert.equal(half(0xfc00), Number.NEGATIVE_INFINITY);
  assert.ok(Number.isNaN(half(0x7e00)));
});

test("a foreign tensor type is refused", () => {
  assert.throws(() => decode(bytes(INT8.replace("493822", "553822"))), /U8/);
});
