import assert from "node:assert/strict";
import { test } from "node:test";
import { initialState } from "../../../static/state/state.js";
import { EMPTY, nextPassage } from "../../../static/text/passage.js";
import { changedSpans, lookedAt } from "../../../static/views/typed.js";

const change = { at: 2, delete: 1, insert: "x" };
const point = { position: 2, panel: 0, memory: 1, rank: 0, cell: 5 };
const state = { ...initialState("auto", "light"), change, point, pinned: true };
const before = nextPassage(EMPTY, "", "abcdef");
const none = new Set();

test("what is changed and what is pinned stay on their characters when text comes before them", () => {
  for (const after of [
    nextPassage(before, "", "so abcdef"),
    nextPassage(before, "so ", "abcdef"),
  ]) {
    assert.deepEqual(changedSpans(state, after, none), { change: { ...change, at: 5 } });
    assert.deepEqual(lookedAt(state, after, 9, none).point, { ...point, position: 5 });
    assert.deepEqual(changedSpans(state, after, new Set(["change"])), {});
    assert.ok(!("point" in lookedAt(state, after, 9, new Set(["point"]))));
  }
});

test("what the edit took is neither changed nor pinned any more", () => {
  const after = nextPassage(before, "", "adef");
  assert.deepEqual(changedSpans(state, after, none), { change: null });
  const { point: now, pinned } = lookedAt(state, after, 4, none);
  assert.deepEqual([now, pinned], [null, false]);
});

test("where the pointer is stays, as long as there is a character", () => {
  const after = nextPassage(before, "", "so abcdef");
  const pointed = { ...state, pinned: false };
  assert.ok(!("point" in lookedAt(pointed, after, 9, none)));
  assert.equal(lookedAt(pointed, nextPassage(before, "", "ab"), 2, none).point, null);
  assert.ok(!("point" in lookedAt({ ...state, point: null, pinned: false }, after, 9, none)));
});
