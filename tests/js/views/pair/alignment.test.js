// A text and the same text with one change, side by side.

import assert from "node:assert/strict";
import { test } from "node:test";
import { changeWords } from "../../../../static/views/changewords.js";
import { bothTexts } from "../../../../static/views/forgetting/difference.js";
import {
  AFTER,
  afterChange,
  aligned,
  firstChange,
  lastSeen,
  shownColumns,
  trackOf,
} from "../../../../static/views/pair/alignment.js";
import { columnAt, cornerOf, gridOf } from "../../../../static/views/pair/interlinear.js";
import { sentence, trackWords } from "../../../../static/views/pair/words.js";
import { random, randomText } from "../../random.js";

const PENDING = -128;

/** A text and a change of it. */
function someChange() {
  const characters = [...randomText(200)];
  const at = random(characters.length + 1);
  const gone = random(Math.min(6, characters.length - at + 1));
  return { characters, change: { at, delete: gone, insert: [...randomText(5)].join("") } };
}

test("the columns hold both texts in order, and what was not changed stands under itself", () => {
  for (let run = 0; run < 400; run += 1) {
    const { characters, change } = someChange();
    const texts = bothTexts(characters, change).map((text) => [...text]);
    const columns = aligned(characters.length, change);
    const start = columns[0]
      ? Math.min(columns[0].one ?? change.at, columns[0].other ?? change.at)
      : 0;
    for (const [k, which] of ["one", "other"].entries()) {
      const places = columns.flatMap((column) => (column[which] === null ? [] : [column[which]]));
      assert.deepEqual(
        places,
        Array.from({ length: texts[k].length - start }, (_, t) => start + t),
      );
    }
    const after = afterChange(columns, change);
    for (const [k, { one, other }] of columns.entries())
      if (k >= after || (one ?? other) < change.at) assert.equal(texts[0][one], texts[1][other]);
    assert.equal(
      after,
      columns.length - Math.min(AFTER, characters.length - change.at - change.delete),
    );
  }
});

test("a memory is that of each text at its own place, and their difference", () => {
  for (let run = 0; run < 100; run += 1) {
    const { characters, change } = someChange();
    const texts = bothTexts(characters, change).map((text) => [...text]);
    const stride = 1 + random(3);
    const offset = random(stride);
    const values = texts.map((text) =>
      Float32Array.from({ length: text.length * stride }, () => random(2001) / 1000 - 1),
    );
    const columns = aligned(characters.length, change);
    const track = trackOf({ name: "inner", symbol: "c" }, columns, ...values, { offset, stride });
    for (const [k, { one, other }] of columns.entries()) {
      const [a, b] = [one, other].map((t, row) =>
        t === null ? null : values[row][t * stride + offset],
      );
      assert.equal(track.one[k], a === null ? PENDING : Math.round(127 * a) + 0);
      assert.equal(track.other[k], b === null ? PENDING : Math.round(127 * b) + 0);
      const by =
        a === null || b === null ? PENDING : Math.round(127 * Math.max(-1, Math.min(1, b - a)));
      assert.ok(Math.abs(track.apart[k] - by) <= 1);
    }
  }
});

test("one begins with the first quotation mark left out, or with one put in", () => {
  assert.deepEqual(firstChange([...'he said "yes" to "no"']), { at: 8, delete: 1, insert: "" });
  assert.deepEqual(firstChange([..."one two three four five"]), { at: 8, delete: 0, insert: '"' });
  assert.deepEqual(firstChange([]), { at: 0, delete: 0, insert: '"' });
});

/** A track that is so many bytes apart, column by column. */
const apart = (...bytes) => ({ name: "inner", symbol: "c", apart: Int8Array.from(bytes) });

test("a difference is followed for as long as it is seen", () => {
  assert.equal(lastSeen(apart(PENDING, 100, -13, 12, 0)), 2);
  assert.equal(lastSeen(apart(12, -12, PENDING)), -1);
  const long = { ...apart(), apart: new Int8Array(900) };
  assert.equal(shownColumns([long], 5), 125);
  long.apart[500] = 20;
  assert.equal(shownColumns([long], 5), 561);
  assert.equal(shownColumns([apart(1, 2)], 0), 2);
});

test("what one sees is said", () => {
  const text = [...'say "so" now'];
  assert.equal(changeWords(text, { at: 4, delete: 1, insert: "" }), 'without “"” at 4');
  assert.equal(
    changeWords(text, { at: 4, delete: 0, insert: "un" }),
    "with “un” before character 4",
  );
  assert.equal(
    changeWords(text, { at: 0, delete: 3, insert: "hum" }),
    "with “hum” in place of “say” at 0",
  );
  const inner = apart(PENDING, -127, -30, 3);
  const outer = { ...apart(PENDING, 64, 5, 0), name: "outer" };
  assert.equal(
    trackWords(inner, 1),
    "1 or more lower; 0.1 or more apart until 2 characters after the change",
  );
  assert.equal(
    trackWords(outer, 1),
    "up to 0.50 higher; 0.1 or more apart until 1 character after the change",
  );
  assert.equal(trackWords(apart(PENDING, 2), 1), "never 0.1 apart");
  assert.equal(
    trackWords(apart(PENDING, 20, -40), 1),
    "up to 0.31 lower; 0.1 or more apart to the end",
  );
  assert.equal(trackWords(apart(60, 0), 1), "up to 0.47 higher, at the change alone");
  const models = [
    { letter: "A", cell: 7, tracks: [inner, outer] },
    { letter: "B", cell: 0, tracks: [apart(PENDING, 2), apart(PENDING, 90)] },
  ];
  assert.equal(
    sentence("without “x” at 3", models, 1),
    "Read without “x” at 3, the cells are 0.1 or more apart until so many characters after the change: A (cell 7): inner 2, outer 1; B (cell 0): inner 0, inner to the end.",
  );
});

test("a point lies in the column that is drawn there, and between the lines in none", () => {
  for (const letters of [[..."abc"], [..."日出"]]) {
    const grid = gridOf(40 + random(900), letters);
    const count = 1 + random(500);
    for (let k = 0; k < count; k += 1) {
      const { x, y, height } = cornerOf(grid, k);
      assert.equal(columnAt(grid, count, x + grid.width / 2, y + 1), k);
      assert.equal(columnAt(grid, count, x + 1, y + height - 1), k);
      assert.equal(columnAt(grid, count, x + 1, y + height + 2), -1);
    }
    assert.equal(columnAt(grid, count, grid.columns * grid.width + 1, 1), -1);
  }
});
