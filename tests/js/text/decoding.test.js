import assert from "node:assert/strict";
import { test } from "node:test";
import { decoded } from "../../../static/text/decoding.js";

const TEXT = "café “x” 😀\ufffd\n";
/** @param {BufferEncoding} encoding @param {number[]} mark */
const bytes = (encoding, mark = []) =>
  new Uint8Array(Buffer.concat([Buffer.from(mark), Buffer.from(TEXT, encoding)]));
const swapped = (content) => content.map((_, k) => content[k ^ 1]);

test("a file is read as UTF-8, or as its byte order mark says", () => {
  assert.equal(decoded(bytes("utf8")), TEXT);
  assert.equal(decoded(bytes("utf8", [0xef, 0xbb, 0xbf])), TEXT);
  const wide = bytes("utf16le", [0xff, 0xfe]);
  assert.equal(decoded(wide), TEXT);
  assert.equal(decoded(swapped(wide)), TEXT);
  const points = Uint32Array.from([0xfeff, ...[...TEXT].map((c) => c.codePointAt(0))]);
  assert.equal(decoded(new Uint8Array(points.buffer)), TEXT);
  assert.equal(decoded(new Uint8Array()), "");
});

test("other bytes are refused with a sentence", () => {
  assert.throws(() => decoded(new Uint8Array(Buffer.from("café", "latin1"))), {
    message: "it is not UTF-8 text: byte 0xe9 at 3 cannot stand there. Save it as UTF-8",
  });
  assert.throws(() => decoded(new Uint8Array(Buffer.from("the café", "utf16le"))), {
    message:
      "it is not UTF-8 text: it looks like UTF-16 without a byte order mark. Save it as UTF-8",
  });
  assert.throws(() => decoded(bytes("utf16le", [0xff, 0xfe]).subarray(0, -1)), /not UTF-16 text/);
});
