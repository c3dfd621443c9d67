// The pairs of the results as files.

import assert from "node:assert/strict";
import { test } from "node:test";

import { pairsSvg, pairsTable } from "../../../static/pages/pairs.js";

const numbers = { difference: "−2.4 %", nested: "1.399", stacked: "1.434" };
const rows = [
  {
    ...{ title: "Penn <Treebank>", words: "4 parameters; 1 seed", paper: true, alike: true },
    ...{ ...numbers, at: 40, low: 35, high: 45 },
  },
  {
    ...{ title: "Poetry", words: "2 seeds", paper: false, alike: false },
    ...{ ...numbers, difference: "+1 %", at: 60, low: 60, high: 60 },
  },
];

test("every pair is a dot at its place, the paper's hollow, and its numbers beside it", () => {
  const svg = pairsSvg(rows, "Which is better?", "8 %");
  const dots = [...svg.matchAll(/<circle cx="([\d.]+)"/g)].map((found) => Number(found[1]));
  const [zero = 0] = [...svg.matchAll(/<path d="M([\d.]+) [\d.]+V/g)].map((m) => Number(m[1]));
  assert.equal(dots.length, 2);
  assert.ok((dots[0] ?? 0) < zero && (dots[1] ?? 0) > zero);
  assert.match(svg, /Penn &lt;Treebank&gt; \(paper\)/);
  assert.equal(svg.match(/fill="#fff"><path/g)?.length, 1);
  for (const words of ["← Nested better, 8 %", "+1 %", "1.434"]) assert.ok(svg.includes(words));
});

test("a table has a row a pair", () => {
  const [head = [], ...told] = pairsTable(rows);
  assert.equal(told.length, 2);
  assert.deepEqual(told[0]?.slice(2), ["paper", "yes", "−2.4 %", "1.399", "1.434"]);
  assert.deepEqual(
    told.map((row) => row.length),
    [head.length, head.length],
  );
});
