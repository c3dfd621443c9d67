import assert from "node:assert/strict";
import { test } from "node:test";
import { statesOf } from "../../../static/base/memories.js";
import { roleOf } from "../../../static/base/roles.js";
import { memoriesOf } from "../networks.js";

const rolesOf = (memories) => {
  const states = statesOf(memories);
  return states.map((memory) => roleOf(memory, states));
};

test("every memory has its part", () => {
  assert.deepEqual(rolesOf(memoriesOf(1, 2)), ["inner", "outer", "output"]);
  assert.deepEqual(rolesOf(memoriesOf(1, 3)), ["inner", "middle", "outer", "output"]);
  assert.deepEqual(rolesOf(memoriesOf(2, 1)), ["upper", "output", "lower", "output"]);
  assert.deepEqual(rolesOf(memoriesOf(1, 1)), ["upper", "output"]);
});

test("the h of a GRU is a memory, and no output", () => {
  const h = (layer) => ({
    layer,
    level: null,
    state: "h",
    name: `layer ${layer + 1}`,
    symbol: "h",
  });
  assert.deepEqual(rolesOf([h(1), h(0)]), ["upper", "lower"]);
  assert.deepEqual(rolesOf([h(0)]), ["upper"]);
});
