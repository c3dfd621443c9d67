import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { SAMPLES } from "../../../static/state/samples.js";

test("the page has a button for every sample, with its label", () => {
  const page = readFileSync(new URL("../../../templates/index.html", import.meta.url), "utf8");
  const buttons = [...page.matchAll(/data-sample="(\w+)">([^<]+)</g)].map(([, ...pair]) => pair);
  assert.deepEqual(
    buttons,
    SAMPLES.map(({ name, label }) => [name, label]),
  );
});
