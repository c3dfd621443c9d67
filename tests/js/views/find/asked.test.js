import assert from "node:assert/strict";
import { test } from "node:test";
import { kindsOf, questionOf, spansOf } from "../../../../static/views/find/asked.js";

const marks = [
  { key: "tag", label: "inside a tag", spans: [] },
  { key: "any", label: "any character", spans: [[0, 10]] },
  {
    key: "quotes",
    label: "inside quotation marks",
    spans: [
      [2, 4],
      [6, 9],
    ],
  },
];
const written = { key: "", label: "the literal 'x'", spans: [[1, 2]] };
const span = { from: 3, to: 5 };

test("the first kind that some characters have stands where nobody has asked", () => {
  assert.equal(questionOf({ ask: "", span: null }, marks, 10), "quotes");
  assert.equal(questionOf({ ask: "", span: null }, marks.slice(0, 2), 10), "");
  assert.equal(questionOf({ ask: "tag", span: null }, marks, 10), "tag");
  assert.equal(questionOf({ ask: "span", span: null }, marks, 10), "");
  assert.equal(questionOf({ ask: "span", span }, marks, 10), "span");
});

test("shares are of the text after the warm-up", () => {
  assert.deepEqual(
    kindsOf(marks, 3, 10).map(({ share }) => share),
    [0, 1, 4 / 7],
  );
  assert.equal(kindsOf(marks, 0, 0)[0].share, 0);
});

test("what is asked for has its characters and its words", () => {
  assert.deepEqual(spansOf("quotes", span, marks, written).spans, marks[2].spans);
  assert.deepEqual(spansOf("span", span, marks, written).spans, [[3, 5]]);
  assert.equal(spansOf("literal:x", null, marks, written).what, "the literal 'x'");
  assert.equal(spansOf("literal:x", null, marks, null).known, false);
  assert.equal(spansOf("", null, marks, written).known, false);
});
