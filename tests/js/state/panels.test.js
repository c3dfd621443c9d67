// One to four models side by side: how one comes and goes, and what each shows then.

import assert from "node:assert/strict";
import { test } from "node:test";
import { parsed, written } from "../../../static/state/interventions.js";
import { added, pickedIn, put } from "../../../static/state/panels.js";
import {
  cellsOf,
  initialState,
  namesOf,
  pickOf,
  pinned,
  pinsOf,
  shownCards,
} from "../../../static/state/state.js";
import { random } from "../random.js";

const NAMES = ["k", "l", "m", "n"];
const cards = NAMES.map((name) => ({ name, hidden: 9 }));
const started = (...names) => {
  const [a, b = "none", c = "none", d = "none"] = names;
  return { ...initialState("auto", "light"), cards, a, b, c, d };
};
/** What a panel shows. */
const shown = (state) =>
  shownCards(state).map(({ name }, panel) => [
    name,
    cellsOf(state, panel),
    pickOf(state, panel),
    pinsOf(state, panel),
  ]);

test("models come and go as in a list, whatever is done", () => {
  for (let run = 0; run < 200; run += 1) {
    let state = started("k");
    let list = ["k"];
    for (let step = 0; step < 12; step += 1) {
      const panel = random(4);
      const name = NAMES[random(4)];
      const what = random(3);
      if (what === 0) {
        state = { ...state, ...added(state, name) };
        if (list.length < 4) list = [...list, name];
      } else if (what === 1) {
        state = { ...state, ...put(state, panel, "none") };
        if (list.length > 1 && panel < list.length) list = list.toSpliced(panel, 1);
      } else if (panel < list.length) {
        state = { ...state, ...put(state, panel, name) };
        list = list.with(panel, name);
      }
      assert.deepEqual(namesOf(state), list);
    }
  }
});

test("who stays goes on showing the cells it showed", () => {
  const own = { cells: "1-3", cellsB: "7", pick: 2, pickB: 5, pins: "4/8" };
  const state = { ...started("k", "l", "m", "n"), ...own };
  const before = shown(state);
  assert.deepEqual(before, [
    ["k", "1-3", 2, [4]],
    ["l", "7", 5, [8]],
    ["m", "1-3", 2, [4]],
    ["n", "1-3", 2, [4]],
  ]);
  assert.deepEqual(shown({ ...state, ...put(state, 1, "none") }), [
    before[0],
    before[2],
    before[3],
  ]);
  assert.deepEqual(shown({ ...state, ...put(state, 3, "none") }), before.slice(0, 3));
  const two = { ...started("k", "l"), ...own };
  assert.deepEqual(shown({ ...two, ...put(two, 0, "none") }), [before[1]]);
});

test("what is picked or pinned in C and D is so in the list of A, which they show", () => {
  const state = { ...started("k", "l", "m"), cellsB: "7", pickB: 5, pins: "4/8" };
  assert.deepEqual(pickedIn(state, 2, 6), { pick: 6 });
  assert.deepEqual(pickedIn(state, 1, 6), { pickB: 6 });
  assert.deepEqual(pickedIn({ ...state, beside: "k" }, 1, 6), { pick: 6 });
  assert.deepEqual(pinned(state, 2, 1), { pins: "4,1/8" });
});

test("a model with fewer cells than were shown begins with its first ones", () => {
  const few = { name: "few", hidden: 5 };
  const all = [...cards, few];
  const state = {
    ...started("k", "l"),
    cards: all,
    cells: "3,7",
    pick: 7,
    cellsB: "2,8",
    pickB: 8,
  };
  const asA = { ...state, ...put(state, 0, "few") };
  assert.deepEqual([asA.cells, asA.pick], ["0-4", 0]);
  assert.deepEqual([asA.cellsB, asA.pickB], ["2,8", 8]);
  const asB = { ...state, ...put(state, 1, "few") };
  assert.deepEqual([asB.cells, asB.pick, asB.cellsB, asB.pickB], ["3,7", 7, "0-4", 0]);
  const alike = { ...state, ...put(state, 0, "m") };
  assert.deepEqual([alike.cells, alike.pick], ["3,7", 7]);
});

test("a change is of the model in its place", () => {
  const form = "d_0_1_7_set_0~c_0_0_all_scale_2";
  const models = { a: "k", b: "l", c: "m", d: "n" };
  const named = parsed(form).map((one) => ({ ...one, model: models[one.model] }));
  assert.deepEqual(
    named.map(({ model }) => model),
    ["n", "m"],
  );
  assert.equal(written(named, models), form);
  assert.deepEqual(parsed("e_0_1_7_set_0"), []);
});
