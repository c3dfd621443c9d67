import assert from "node:assert/strict";
import { test } from "node:test";
import { complaint } from "../../../static/state/complaint.js";
import { initialState } from "../../../static/state/state.js";
import { createStore } from "../../../static/state/store.js";
import { questionOf } from "../../../static/views/question.js";

const store = createStore(initialState("auto", "light"));
const asking = { ask: () => [] };
const complain = complaint(store);
const question = (shown = asking) => questionOf({ store, session: {}, shown, look() {}, complain });
const problem = () => store.get().problem;

test("why a question was not answered is said until one is, or none is asked", () => {
  for (const over of [() => question().done(), () => question({})]) {
    question().failed(new Error("The server is busy."));
    assert.equal(problem(), "The server is busy.");
    over();
    assert.equal(problem(), "");
  }
});

test("what else is wrong stays", () => {
  question().failed(new Error("The server is busy."));
  store.set({ problem: "There is no cell 200." });
  question().done();
  assert.equal(problem(), "There is no cell 200.");
  question({});
  assert.equal(problem(), "There is no cell 200.");
});

test("two parts complain apart: what one takes back is its own", () => {
  const other = complaint(store);
  store.set({ problem: "" });
  complain("The list did not come.");
  other("");
  assert.equal(problem(), "The list did not come.");
  other("The server is busy.");
  complain("");
  assert.equal(problem(), "The server is busy.");
  other("");
  assert.equal(problem(), "");
});
