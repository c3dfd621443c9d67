import assert from "node:assert/strict";
import { test } from "node:test";
import {
  distances,
  interval,
  outlasts,
  passagesOf,
  pooled,
  SHORTEST_TEXT,
  swapped,
} from "../../../../static/views/cell/swap.js";
import { eFold } from "../../../../static/views/forgetting/difference.js";
import { random } from "../../random.js";

/** Two memories that leak with these timescales, of what is read: (T, 2). */
function leaky(text, taus) {
  const values = new Float64Array(text.length * taus.length);
  for (const [m, tau] of taus.entries()) {
    let c = 0;
    for (const [t, letter] of [...text].entries()) {
      c = Math.exp(-1 / tau) * c + (letter.charCodeAt(0) % 7) - 3;
      values[t * taus.length + m] = c;
    }
  }
  return values;
}

const letters = Array.from({ length: 3000 }, () => "abcdefg"[random(7)]);
const TAUS = [40, 12];
const passages = passagesOf(letters.length);
const own = leaky(letters.join(""), TAUS);
const apart = TAUS.map((_, m) =>
  passages.map((passage) =>
    distances(own, leaky(swapped(letters, passage), TAUS), passage, TAUS.length, m),
  ),
);
const chance = () => random(1e6) / 1e6;

test("passages lie in the text, and their donors far away", () => {
  assert.deepEqual(passagesOf(SHORTEST_TEXT - 1), []);
  for (const length of [1000, 1234, 2500, 20_000]) {
    const made = passagesOf(length);
    assert.equal(made.length, 16);
    for (const { from, to, past, donor } of made) {
      assert.ok(past >= 200 && from >= past && donor >= past && to <= length && donor <= length);
      assert.ok(Math.abs(from - donor) >= past, "the two pasts do not overlap");
      assert.ok(to - from >= 200);
    }
  }
});

test("a swapped text is the donor's past, then what is shared", () => {
  const text = [..."0123456789"];
  assert.equal(swapped(text, { from: 7, to: 9, past: 2, donor: 4 }), "2378");
});

test("planted timescales are found, with intervals that hold them", () => {
  for (const [m, tau] of TAUS.entries()) {
    const curve = pooled(apart[m]);
    assert.equal(curve[0], 1);
    assert.ok(Math.abs(eFold(curve) / tau - 1) < 0.05, `${eFold(curve)} for ${tau}`);
    const [low, high] = interval(apart[m], eFold, chance);
    assert.ok(low <= eFold(curve) && eFold(curve) <= high);
  }
  assert.equal(outlasts(apart[0], apart[1], eFold, chance), 1);
  assert.equal(outlasts(apart[0], apart[0], eFold, chance), 0, "none lasts longer than itself");
});

test("what never differs and what never goes is told as such", () => {
  assert.equal(pooled([new Float64Array(5), new Float64Array(5)]), null);
  const stays = [Float64Array.of(2, 2, 2)];
  assert.deepEqual([...pooled(stays)], [1, 1, 1]);
  assert.deepEqual(interval(stays, eFold, chance), [null, null]);
});
