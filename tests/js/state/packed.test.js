import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { LONGEST_PACKED, pack, unpack } from "../../../static/state/packed.js";
import { random, randomText } from "../random.js";

test("a text packed is zlib's raw deflate in letters that a link may hold, and comes back", async () => {
  for (let k = 0; k < 100; k += 1) {
    const text = `\ufeff${randomText(random(400))}\n`;
    const packed = await pack(text);
    assert.match(packed, /^[\w-]+$/);
    assert.equal(inflateRawSync(Buffer.from(packed, "base64url")).toString(), text);
    assert.equal(await unpack(packed), text);
  }
});

test("the longest text of a link comes back, whatever its characters", async () => {
  for (const character of ["x", "é", "学", "😀"]) {
    const text = character.repeat(LONGEST_PACKED);
    assert.equal(await unpack(await pack(text)), text);
    assert.equal(await pack(`${text}x`), null);
  }
});

test("what is damaged, no UTF-8, or unpacks to more than any text of a link is not read", async () => {
  const packed = await pack("a text of some length, a text of some length");
  for (const wrong of [packed.slice(0, -6), `${packed}!`, "", "%%%", "AAAA"])
    assert.equal(await unpack(wrong), null, wrong);
  const bytes = (raw) => deflateRawSync(raw).toString("base64url");
  assert.equal(await unpack(bytes(Buffer.from([0xff, 0xfe, 0x41]))), null);
  assert.equal(await unpack(bytes(Buffer.alloc(4 * LONGEST_PACKED + 1, 65))), null);
});
