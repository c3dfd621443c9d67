import assert from "node:assert/strict";
import { test } from "node:test";
import {
  apart,
  bothTexts,
  eFold,
  forgotten,
  fromChange,
  HORIZON,
  left,
  saturated,
  wordAt,
} from "../../../../static/views/forgetting/difference.js";
import { random, randomText } from "../../random.js";

const noise = () => random(20_001) / 10_000 - 1;

/** Cells that leak: c = f c + i(character), shown as they are or as tanh(c). */
function read(text, leaks, inputs, show) {
  const state = leaks.map(() => 0);
  return Float32Array.from(
    [...text].flatMap((character) =>
      leaks.map((leak, k) => {
        state[k] = leak * state[k] + inputs[k](character);
        return show(state[k]);
      }),
    ),
  );
}

/** Another small input for every cell and character. */
const inputsOf = (leaks, scale) =>
  leaks.map((_, k) => (character) => scale * Math.sin(1 + 7 * k + 13 * character.codePointAt(0)));

test("a planted leak is found within 5 %, whatever is changed, shown as c or as tanh(c)", () => {
  for (const leak of [0.3, 0.7, 0.9, 0.98])
    for (const show of [(c) => c, Math.tanh]) {
      const tau = -1 / Math.log(leak);
      for (let run = 0; run < 20; run += 1) {
        const characters = Array.from({ length: 700 }, () => "abcdefgh"[random(8)]);
        const change = { at: 200 + random(50), delete: random(3), insert: ["x", "xyz"][random(2)] };
        const texts = bothTexts(characters, change);
        const leaks = Array.from({ length: 12 }, () => leak);
        const inputs = inputsOf(leaks, 0.002); // small: tanh(c) is c there
        const [one, other] = texts.map((text) => read(text, leaks, inputs, show));
        const place = { offset: 0, stride: 12, cells: leaks.map((_, k) => k) };
        const fold = eFold(left(apart(one, other, place, change)));
        assert.ok(Math.abs(fold / tau - 1) < 0.05, `${fold} for ${tau}`);
      }
    }
});

test("each memory has its own timescale, of its own cells only", () => {
  const leaks = [0.5, 0.5, 0.95, 0.95, 0.99];
  const characters = Array.from({ length: 900 }, () => "abcdefgh"[random(8)]);
  const change = { at: 300, delete: 1, insert: "x" };
  const inputs = inputsOf(leaks, 0.05);
  const [one, other] = bothTexts(characters, change).map((text) =>
    read(text, leaks, inputs, (c) => c),
  );
  const fold = (offset, cells) =>
    eFold(left(apart(one, other, { offset, stride: 5, cells }, change)));
  for (const [offset, cells, leak] of [
    [0, [0, 1], 0.5],
    [2, [0, 1], 0.95],
    [4, [0], 0.99],
    [0, [3], 0.95],
  ])
    assert.ok(Math.abs(fold(offset, cells) * -Math.log(leak) - 1) < 0.05);
});

test("a difference is the mean of |difference| character by character, from the last changed one on", () => {
  for (let run = 0; run < 200; run += 1) {
    const characters = [...randomText(30)];
    const at = random(characters.length + 1);
    const change = {
      at,
      delete: random(characters.length - at + 1),
      insert: [...randomText(4)].join(""),
    };
    const [text, changed] = bothTexts(characters, change);
    assert.equal(text, characters.join(""));
    assert.equal(
      changed,
      [...characters.slice(0, at), change.insert, ...characters.slice(at + change.delete)].join(""),
    );
    const width = 3;
    const values = (string) => Float32Array.from({ length: [...string].length * width }, noise);
    const [one, other] = [values(text), values(changed)];
    const cells = [0, 2];
    const found = apart(one, other, { offset: 0, stride: width, cells }, change);
    const after = characters.length - at - change.delete;
    assert.equal(found.length, after + 1);
    for (let k = 0; k <= after; k += 1) {
      // Counted from the end, where both texts are the same.
      const row = (array) => {
        const t = array.length / width - 1 - (after - k);
        return cells.map((cell) => (t < 0 ? 0 : array[t * width + cell]));
      };
      const [a, b] = [row(one), row(other)];
      const mean = (Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1])) / 2;
      assert.ok(Math.abs(found[k] - mean) < 1e-6);
    }
  }
});

test("the same text leaves no difference, and a lasting one has no e-fold", () => {
  const one = Float32Array.from({ length: 30 }, noise);
  const place = { offset: 0, stride: 3, cells: [0, 1, 2] };
  const nothing = { at: 4, delete: 1, insert: "a" };
  assert.equal(left(apart(one, one, place, nothing)), null);
  assert.equal(eFold([1, 0.9, 0.5, 0.38]), null);
  assert.equal(eFold([1]), null);
  const found = eFold([1, 0.5, 0]);
  assert.ok(found > 1 && found < 1.1, "what is gone at once is gone within a character");
});

test("what comes back was not forgotten", () => {
  assert.ok(eFold([1, 0.2, 0.9, 0.9, 0.1]) < 1);
  const found = forgotten([1, 0.2, 0.9, 0.9, 0.1]);
  assert.ok(3 < found && found < 4);
  for (const curve of [[1, 0.2, 0.9], [1], []]) assert.equal(forgotten(curve), null);
  const decay = Array.from({ length: 40 }, (_, k) => Math.exp(-k / 7.5));
  assert.ok(Math.abs(forgotten(decay) - 7.5) < 1e-9);
  assert.equal(forgotten(decay), eFold(decay));
});

test("saturated cells are those at their end for more than 95 % of the text", () => {
  const values = new Float32Array(100 * 3);
  for (let t = 0; t < 100; t += 1) values.set([t < 96 ? -0.999 : 0, t < 95 ? 1 : 0, 0.98], t * 3);
  const place = { offset: 0, stride: 3, cells: [0, 1, 2] };
  assert.deepEqual([...saturated(values, place)], [0]);
});

test("a word is letters, digits and apostrophes; anything else stands alone", () => {
  const text = [..."He said: don’t, été 12."];
  assert.deepEqual(wordAt(text, 4), { at: 3, delete: 4 });
  assert.deepEqual(wordAt(text, 7), { at: 7, delete: 1 });
  assert.deepEqual(wordAt(text, 12), { at: 9, delete: 5 });
  assert.deepEqual(wordAt(text, text.length - 2), { at: text.length - 3, delete: 2 });
});

test("a text is followed up to the horizon", () => {
  const characters = Array.from({ length: HORIZON + 500 }, () => "a");
  const [text, changed] = bothTexts(characters, { at: 100, delete: 2, insert: "b" });
  assert.deepEqual([text.length, changed.length], [102 + HORIZON, 101 + HORIZON]);
});

test("the first character after a change stands one after it, also where nothing is before", () => {
  for (const [end, after] of [
    [0, "abc"],
    [1, "bc"],
    [2, "c"],
  ])
    assert.equal(fromChange(["a", "b", "c"], end).slice(1).join(""), after);
});
