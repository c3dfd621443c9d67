import assert from "node:assert/strict";
import { test } from "node:test";
import { composed } from "../../../static/text/accents.js";

test("letters and the accents after them are composed, and nothing else is offered", () => {
  assert.equal(composed("cafe\u0301 a\u0301\u0316"), "café á\u0316");
  for (const text of ["", "cafe", "café", "😀", "x\u0301"])
    assert.equal(composed(text), null, text);
  // The sign of the ohm looks like an omega, and has no accent.
  assert.equal(composed("\u2126"), null);
});
