import assert from "node:assert/strict";
import { test } from "node:test";
import { contrast } from "../../../static/base/colour.js";
import { ROLE_COLOURS, roleOf } from "../../../static/base/roles.js";
import { dumbbell } from "../../../static/pages/dumbbell.js";
import { toCsv } from "../../../static/pages/exports.js";
import { claimOf } from "../../../static/pages/verdicts.js";

const curve = (level, tau) => ({
  measure: "context_swap",
  layer: 0,
  level,
  state: "c",
  value: "read",
  tau: { 0.5: tau },
});
const report = {
  model: "mine",
  settings: { network: { layers: 1, depth: 2, hidden: 8 } },
  curves: [curve(1, 4.6), curve(0, 4.04)],
};
const verdict = {
  claim: "inner_lasts_longer",
  layer: 0,
  inner: 1,
  outer: 0,
  answer: "yes",
  evidence: [
    { test: "paired", measure: "impulse", estimate: 1, low: 0.5, high: 2, holds: true },
    {
      test: "excess over readout null",
      measure: "impulse",
      null: { model: "other", layer: 1 },
      estimate: -1,
      low: -2,
      high: 0,
      holds: false,
    },
    { test: "paired", measure: "context_swap", units: [3, 3] },
  ],
};

test("a verdict is a sentence with its numbers, and every test has words of its own", () => {
  const { sentence, agree, tests } = claimOf(report, verdict, { impulse: "impulse" });
  assert.equal(
    sentence,
    "In mine, inner cells remember longer than outer cells: 4.6 characters against 4.0.",
  );
  assert.equal(agree, "1 of 3 conditions for “yes” hold");
  assert.deepEqual(
    tests.map(({ words }) => words),
    [
      "Impulse, cell by cell: 2.00 times as long [1.41, 4.00]",
      "Impulse, beyond the readout null (cell against output of other, layer 2): 0.50 times as long [0.25, 1.00]",
      "Context swap: too few usable cells to compare",
    ],
  );
  const no = claimOf(report, { ...verdict, answer: "no" }, {});
  assert.match(no.sentence, /do not remember longer/);
  const perhaps = claimOf(report, { ...verdict, answer: "undecided" }, {});
  assert.match(perhaps.sentence, /tests disagree/);
});

test("markup in a model's name stays text", () => {
  const drawn = dumbbell([{ title: '<script>alert("x")&' }], 800, "light");
  assert.ok(drawn.includes("&lt;script&gt;alert(&quot;x&quot;)&amp;"));
  assert.ok(!drawn.includes("<script"));
});

test("a memory has the part its place gives it", () => {
  const c = (layer, level) => ({ layer, level, state: "c", name: "", symbol: "" });
  const h = { layer: 0, level: null, state: "h", name: "", symbol: "" };
  const deep = [c(0, 2), c(0, 1), c(0, 0), h];
  assert.deepEqual(
    deep.map((memory) => roleOf(memory, deep)),
    ["inner", "middle", "outer", "output"],
  );
  const stacked = [c(1, 0), c(0, 0)];
  assert.deepEqual(
    stacked.map((memory) => roleOf(memory, stacked)),
    ["upper", "lower"],
  );
});

test("every part is told from the paper it is drawn on", () => {
  const rgb = (hex) => [1, 3, 5].map((k) => Number.parseInt(hex.slice(k, k + 2), 16));
  for (const [theme, paper] of [
    ["light", [255, 255, 255]],
    ["dark", [22, 23, 27]],
  ])
    for (const colour of Object.values(ROLE_COLOURS[theme]))
      assert.ok(contrast(rgb(colour), paper) >= 4.3, `${theme} ${colour}`);
});

test("a table as CSV quotes what needs it", () => {
  assert.equal(
    toCsv([
      ["a", 'b "c", d'],
      ["1", "2"],
    ]),
    'a,"b ""c"", d"\n1,2\n',
  );
});
