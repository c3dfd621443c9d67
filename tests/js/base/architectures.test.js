import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { ARCHITECTURES, architectureOf, remembersIn } from "../../../static/base/architectures.js";

const ROOT = new URL("../../../", import.meta.url);

test("the page and the server know the same kinds of cell", () => {
  const cells = readFileSync(new URL("models/cells/__init__.py", ROOT), "utf-8");
  const [, listed] = /^CELLS\b.*= \{([^}]*)\}/m.exec(cells);
  assert.deepEqual(
    [...listed.matchAll(/"(\w+)":/g)].map(([, name]) => name),
    Object.keys(ARCHITECTURES),
  );
  const drawn = readFileSync(new URL("static/views/cell/cell.js", ROOT), "utf-8");
  const [, kinds] = /const KINDS = \{([^}]*)\}/.exec(drawn);
  assert.deepEqual(
    kinds.split(",").map((name) => name.trim()),
    Object.keys(ARCHITECTURES),
  );
});

test("no other module asks which kind of cell a network has", () => {
  const names = Object.keys(ARCHITECTURES);
  const asks = new RegExp(`["'](${names.join("|")})["']`);
  for (const path of readdirSync(new URL("static/", ROOT), { recursive: true }))
    if (path.endsWith(".js") && path !== "base/architectures.js") {
      const code = readFileSync(new URL(`static/${path}`, ROOT), "utf-8");
      assert.doesNotMatch(code, asks, path);
    }
});

test("a network remembers in its cells, or in h where it has none", () => {
  assert.ok(remembersIn({ cell: "gru" }, { state: "h" }));
  assert.ok(remembersIn({ cell: "lstm" }, { state: "c" }));
  assert.ok(!remembersIn({}, { state: "h" }), "an lstm's output is not its memory");
  assert.equal(architectureOf({}).kind({ layers: 2, depth: 1 }), "Stacked LSTM");
  assert.equal(architectureOf({ cell: "gru" }).levels({ layers: 1, depth: 1 }), 0);
});
