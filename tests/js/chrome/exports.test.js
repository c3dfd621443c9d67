import assert from "node:assert/strict";
import { test } from "node:test";
import { coloursOf } from "../../../static/chrome/exports.js";
import { initialState } from "../../../static/state/state.js";
import { VIEWS } from "../../../static/views/index.js";

test("a file claims a scale per cell only of a view that has one", () => {
  const state = { ...initialState("auto", "dark"), scale: "cell" };
  const scales = VIEWS.map((view) => [view.name, coloursOf(state, view).at(-1)]);
  const own = scales.filter(([, scale]) => scale === "--scale cell").map(([name]) => name);
  assert.deepEqual(own, ["figure", "cell"]);
  assert.deepEqual(coloursOf({ ...state, scale: "fixed" }, VIEWS[0]), [
    ...["--palette paper", "--theme dark", "--scale fixed"],
  ]);
});
