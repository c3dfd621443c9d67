import assert from "node:assert/strict";
import { test } from "node:test";
import { Columns, EditLog, isSaturated, PENDING } from "../../../static/wire/columns.js";
import { random } from "../random.js";

/** What a server would say of a character: depends on the whole text before it. */
const truth = (text, position, index) => {
  let sum = index * 31;
  for (let k = 0; k <= position; k += 1) sum = (sum * 7 + text[k]) % 255;
  return sum - 127;
};
const frameOf = (text, start, end, width) =>
  Int8Array.from({ length: (end - start) * width }, (_, k) =>
    truth(text, start + Math.floor(k / width), k % width),
  );

test("whatever frames of whatever age arrive between edits, no column told is ever wrong", () => {
  for (let run = 0; run < 200; run += 1) {
    const columns = new Columns(2, [0, 5, 9]);
    const log = new EditLog();
    let text = Array.from({ length: random(30) }, () => random(9));
    const texts = new Map([[0, text]]);
    let revision = 0;
    columns.cut(0, text.length);
    for (let step = 0; step < 40; step += 1) {
      if (random(3) === 0) {
        const at = random(text.length + 1);
        text = text.toSpliced(at, random(4), ...Array.from({ length: random(4) }, () => random(9)));
        revision += 1;
        texts.set(revision, text);
        log.add(revision, at);
        columns.cut(at, text.length);
      } else {
        const age = Math.max(0, revision - random(4));
        const old = texts.get(age);
        const start = random(old.length + 1);
        const end = start + random(old.length - start + 1);
        const limit = age === revision ? text.length : log.trueUpTo(age);
        columns.put(start, frameOf(old, start, end, 6), [], limit);
      }
      for (let t = 0; t < text.length; t += 1)
        for (let k = 0; k < 6; k += 1) {
          const byte = columns.at(t, Math.floor(k / 3), k % 3);
          if (byte !== PENDING) assert.equal(byte, truth(text, t, k));
          else assert.ok(t >= columns.done);
        }
    }
    columns.put(0, frameOf(text, 0, text.length, 6), [], text.length);
    assert.equal(columns.done, text.length);
  }
});

test("an edit drops the columns and the unknown characters from it on", () => {
  const columns = new Columns(1, [0]);
  columns.cut(0, 4);
  columns.put(0, Int8Array.of(1, 2, 3, 4), [1, 3], 4);
  columns.cut(2, 5);
  assert.deepEqual([...columns.row(0, 0)], [1, 2, PENDING, PENDING, PENDING]);
  assert.deepEqual([...columns.unknown], [1]);
  assert.equal(columns.done, 2);
});

test("another selection of the same model shows what is known of its cells at once", () => {
  const old = new Columns(2, [3, 4, 5]);
  old.cut(0, 2);
  old.put(0, Int8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), [], 2);
  const fresh = new Columns(2, [5, 8]);
  fresh.cut(0, 2);
  fresh.borrow(old);
  assert.deepEqual([...fresh.row(0, 0)], [3, 9]);
  assert.deepEqual([...fresh.row(1, 0)], [6, 12]);
  assert.deepEqual([...fresh.row(0, 1)], [PENDING, PENDING]);
  assert.equal(fresh.done, 0, "borrowed is not told");
});

test("a forgotten revision is true of nothing", () => {
  const log = new EditLog(2);
  for (let revision = 1; revision < 6; revision += 1) log.add(revision, 10 * revision);
  assert.equal(log.trueUpTo(2), 0);
  assert.equal(log.trueUpTo(4), 50);
  assert.equal(log.trueUpTo(5), Number.POSITIVE_INFINITY);
});

test("flat and full is saturated; flat and half, or full and changing sign sometimes, is judged by its share", () => {
  assert.ok(isSaturated(new Int8Array(100).fill(127)));
  assert.ok(isSaturated(new Int8Array(100).fill(-127)));
  assert.ok(!isSaturated(new Int8Array(100).fill(60)));
  assert.ok(!isSaturated(Int8Array.from({ length: 100 }, (_, k) => (k < 90 ? 127 : 0))));
  assert.ok(!isSaturated(new Int8Array(100).fill(PENDING)), "nothing told yet");
});
