import assert from "node:assert/strict";
import { test } from "node:test";
import { makePalette, otherThan } from "../../../static/base/colour.js";
import { sceneOf } from "../../../static/export/export.js";
import { fileName } from "../../../static/export/filename.js";
import { sceneToSvg } from "../../../static/export/picture.js";
import { columnsIn, inPrint, PIXEL, relaid } from "../../../static/export/print.js";
import { rowStarts } from "../../../static/views/blocks/paint.js";
import { random } from "../random.js";

/** A text on one line a newline, its characters of different widths. */
function measured(text) {
  const row = new Uint16Array(text.length);
  const left = new Float32Array(text.length);
  const right = new Float32Array(text.length);
  let [line, x] = [0, 0];
  for (const [k, c] of text.entries()) {
    [row[k], left[k]] = [line, x];
    x += 4 + (c.charCodeAt(0) % 7);
    right[k] = x;
    if (c === "\n") [line, x] = [line + 1, 0];
  }
  return { count: text.length, row, left, right, starts: rowStarts(row, text.length) };
}

test("lines of another width hold the same characters, no wider, and break between words", () => {
  for (let n = 0; n < 300; n += 1) {
    const text = Array.from({ length: random(200) }, () => "abc de\n-中"[random(9)]);
    const boxes = measured(text);
    const width = 40 + random(300);
    const made = relaid(boxes, text, width);
    for (const [k, c] of text.entries()) {
      const before = k > 0 && made.row[k] === made.row[k - 1];
      if (before) assert.equal(made.left[k], made.right[k - 1]);
      else assert.equal(made.left[k], 0);
      if (k > 0) {
        const down = made.row[k] - made.row[k - 1];
        assert.ok(down === 0 || down === 1);
        if (text[k - 1] === "\n") assert.equal(down, 1);
      }
      if (/\s/.test(c)) continue;
      assert.equal(made.right[k] - made.left[k], boxes.right[k] - boxes.left[k]);
      assert.ok(made.right[k] <= width);
    }
    for (const { index, 0: word } of text.join("").matchAll(/[a-e]+/g)) {
      const [first, last] = [index, index + word.length - 1];
      const fits = boxes.right[last] - boxes.left[first] <= width;
      if (fits) assert.equal(made.row[last], made.row[first], "a word that fits is not broken");
    }
    assert.deepEqual(made.starts, rowStarts(made.row, text.length));
  }
});

test("what fits as it stands stays, and what runs from right to left is the browser's to break", () => {
  const text = [..."ab\ncd"];
  const boxes = measured(text);
  assert.equal(relaid(boxes, text, 300), boxes);
  const backward = { ...boxes, left: Float32Array.from(boxes.left).reverse() };
  assert.equal(relaid(backward, text, 300), null);
});

const text = "traders said contracts settled at much lower prices. ".repeat(4);
const memory = (name) => ({ name, layer: 0, level: 0, state: "c", symbol: "c" });
const sheet = { memories: [memory("inner"), memory("outer")], cells: [0], order: [], made: [] };
const source = { values: new Int8Array(300), offset: 0, stride: 1, colours: new Uint32Array(256) };
const drawn = {
  cards: [],
  sheets: [sheet, sheet],
  blocks: [0, 1].flatMap((panel) =>
    [0, 1].map((m) => ({ panel, memory: m, rank: 0, title: `${panel} ${m}`, source })),
  ),
  ...{ boxes: measured([...text]), width: 300, line: 19, parts: [], meaning: null },
  text: text.slice(0, 50), // what the server reads: a passage may be longer
  ...{ differs: false, passage: { text, border: 0 }, view: { name: "figure", ofCells: true } },
  palette: makePalette("paper", "light"),
  other: makePalette(otherThan("paper"), "light"),
};

test("type has the same size on paper whatever the width, and every figure is as wide as asked", () => {
  const sizes = [60, 89, 120, 183, 400].map((wide) => {
    const svg = sceneToSvg(sceneOf(inPrint(drawn, wide), false), "", wide);
    const [, across] = /width="[\d.]+mm" height="[\d.]+mm" viewBox="0 0 ([\d.]+)/.exec(svg);
    assert.ok(Math.abs(Number(across) * PIXEL - wide) < 0.1, "a pixel is as large in each");
    for (const [, x] of svg.matchAll(/ x="([\d.]+)"/g)) assert.ok(Number(x) <= Number(across));
    return [...new Set([...svg.matchAll(/font-size="([\d.]+)"/g)].map(([, size]) => size))].join();
  });
  assert.deepEqual([...new Set(sizes)], [sizes[0]]);
});

test("where there is no room abreast, the models stand under one another by their own letters", () => {
  const at = (wide, words) =>
    sceneOf(inPrint(drawn, wide), false).lines.find(({ parts }) => parts[0] === words);
  assert.ok(at(183, "B  inner c").xs[0] > at(183, "A  outer c").xs[0]);
  assert.equal(at(89, "B  inner c").xs[0], at(89, "A  inner c").xs[0]);
  assert.ok(at(89, "B  inner c").y > at(89, "A  inner c").y);
  assert.equal(at(89, "1 1").xs[0], at(89, "B  outer c").xs[0]);
  const bars = sceneOf(inPrint(drawn, 89), false).lines.filter(({ parts }) => parts[0] === "−1");
  assert.equal(bars.length, 1, "the colours are explained once");
  assert.equal(columnsIn([2], 89).stacked, false);
  assert.throws(() => columnsIn([2, 2], 10), /A figure 10 mm wide has no room.* at least \d+ mm/);
});

test("a file is called after its models, its view and its cells", () => {
  const cards = [{ name: "nested" }, { name: "stacked" }];
  const view = { name: "cell", ofCells: true };
  const of = (a, b, more = {}) =>
    fileName({ cards, sheets: [{ cells: a }, { cells: b }], view, ...more });
  assert.equal(of([183], [21]), "nestscope-nested-stacked-cell-cells-183-21");
  assert.equal(of([0, 1, 2, 7], [0, 1, 2, 7]), "nestscope-nested-stacked-cell-cells-0-2_7");
  const map = { view: { name: "map", ofCells: false } };
  assert.equal(of([0], [0], map), "nestscope-nested-stacked-map");
  const twice = [
    { cells: [3], made: [] },
    { cells: [3], made: [{}] },
  ];
  assert.equal(
    fileName({ cards: [cards[0], cards[0]], sheets: twice, view }),
    "nestscope-nested-changed-cell-cells-3",
  );
  const long = of(
    Array.from({ length: 60 }, (_, k) => 4 * k),
    [1],
  );
  assert.ok(long.length < 110);
  assert.match(long, /_etc-1$/);
});
