import assert from "node:assert/strict";
import { test } from "node:test";
import { contrast } from "../../../static/base/colour.js";
import { ROLE_COLOURS, roleOf } from "../../../static/base/roles.js";
import { dumbbell, rowsOf } from "../../../static/pages/dumbbell.js";
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
      "Impulse, cell by cell: 2.00 times as long [1.41, 4.00] (95 % over the cells)",
      "Impulse, beyond the readout null (cell against output of other, layer 2): 0.50 times as long [0.25, 1.00] (95 % over the cells)",
      "Context swap: too few usable cells to compare",
    ],
  );
  const no = claimOf(report, { ...verdict, answer: "no" }, {});
  assert.match(no.sentence, /do not remember longer/);
  const perhaps = claimOf(report, { ...verdict, answer: "undecided" }, {});
  assert.match(perhaps.sentence, /tests disagree/);
});

test("beside what a test says stands the interval that decides it, with what it is over", () => {
  /** The evidence of checkpoints/nested-600-ptb, nested-plain-frequency-ptb and nested-plain-ptb. */
  const paired = { test: "paired", measure: "context_swap", holds: false };
  const cases = [
    // The cells say longer, other text may not.
    [
      { estimate: 0.03118, low: 0.01384, high: 0.04863, text_low: -0.0002229, text_high: 0.06221 },
      "1.02 times as long [0.9998, 1.04] (95 % over blocks of the text)",
    ],
    // The text says shorter, the cells say neither: the reach of the cells is wider, and does not decide.
    [
      { estimate: -0.0063, low: -0.0593, high: 0.01858, text_low: -0.03757, text_high: -0.006731 },
      "0.996 times as long [0.97, 0.995] (95 % over blocks of the text)",
    ],
    [
      { estimate: -0.12, low: -1.174, high: 0.9821, text_low: -0.1693, text_high: 0.2992 },
      "0.92 times as long [0.44, 1.98] (95 % over the cells)",
    ],
    // Both above 1, but one of so many tests.
    [
      { estimate: 0.1, low: 0.02, high: 0.2, text_low: 0.05, text_high: 0.2, p_holm: 0.081 },
      "1.07 times as long [1.01, 1.15] (95 % over the cells); p = 0.081",
    ],
  ];
  for (const [numbers, words] of cases) {
    const evidence = [{ ...paired, ...numbers }];
    const [test] = claimOf(report, { ...verdict, evidence }, {}).tests;
    assert.equal(test.words, `Context swap, cell by cell: ${words}`);
  }
});

test("what the loss of two networks' memories costs is told with how long it lasts", () => {
  const evidence = [
    {
      test: "transplant",
      bits: [
        [5.045, 4.2, 6],
        [3.353, 2.7, 4],
      ],
      tau: [
        [4.958, 4.31, 5.619],
        [29.01, 20.66, null],
      ],
      holds: false,
    },
  ];
  const stacked = { claim: "inner_outlasts_stacked", rival: "other", answer: "no", evidence };
  assert.equal(
    claimOf(report, stacked, {}).tests[0].words,
    "Transplant: replacing the two memories costs 5.05 and 3.35 bits; what is lost lasts 5.0 [4.3, 5.6] and 29 [21, longer] characters (95 % over blocks of the text)",
  );
});

test("a median is one number in the picture and in the sentence", () => {
  const states = [1, 0].map((level) => ({ layer: 0, level, state: "c", name: `c${level}` }));
  const units = [1, 0].map((level) => ({ ...states[1 - level], measure: "context_swap" }));
  const measured = {
    ...report,
    // A third digit of 5 that is rounded twice goes up twice: 3.9460, 3.95, 4.0.
    curves: [curve(1, 3.946), curve(0, 3.9501)].map((one) => ({ ...one, quantiles: {} })),
    states,
    units: units.map((unit) => ({ ...unit, value: "read", unit: 0, tau: 3.946, status: "ok" })),
  };
  const measure = { key: "context_swap", value: "read", of_units: true };
  const drawn = rowsOf([measured], measure).flatMap(({ words }) => (words ? [words] : []));
  assert.deepEqual(drawn, ["3.9 characters", "4.0 characters"]);
  const inner = claimOf(measured, verdict, {}).sentence;
  assert.match(inner, /3\.9 characters against 4\.0/);
  const evidence = [{ test: "unpaired", measure: "context_swap", medians: [3.9501, 4.8] }];
  const stacked = { claim: "inner_outlasts_stacked", rival: "other", answer: "no", evidence };
  assert.match(claimOf(measured, stacked, {}).sentence, /3\.9 characters against 4\.8/);
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
