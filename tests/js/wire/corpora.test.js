// A question to a corpus that has to wait: how often it is asked, and what is said meanwhile.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ask } from "../../../static/wire/corpora.js";

const CORPUS = {
  name: "book",
  model: "nested",
  text: "book.txt",
  characters: 1000,
  status: /** @type {const} */ ("ready"),
  indexed: 1000,
};
const BUSY = "Too many questions are waiting: try again in a while.";
const INDEXING = "`book` is being indexed, 10 of 1,000 characters so far.";

/** @param {number} status @param {object} body */
const answer = (status, body) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/json" },
  });

/** @param {string} code @param {string} message */
const refused = (code, message) => answer(429, { error: { code, message } });

/**
 * Ask while a server answers, on a clock that runs `seconds`.
 * @param {import("node:test").TestContext} t
 * @param {string} question
 * @param {() => Response} questions
 * @param {() => object[]} list
 * @param {number} seconds
 */
async function asking(t, question, questions, list, seconds) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let asked = 0;
  let listed = 0;
  t.mock.method(globalThis, "fetch", async (/** @type {string} */ address) => {
    if (asked + listed > 100) throw new Error("This server is asked without a pause.");
    if (address === "api/corpora") {
      listed += 1;
      return answer(200, list());
    }
    asked += 1;
    return questions();
  });
  /** @type {string[]} */
  const said = [];
  const controller = new AbortController();
  const waiting = {
    signal: controller.signal,
    progress: (/** @type {{ words: string }} */ { words }) => said.push(words),
  };
  const found = ask(CORPUS, question, {}, waiting).catch(() => null);
  for (let k = 0; k < 10 * seconds; k += 1) {
    // As often as a loop without a pause would need.
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    t.mock.timers.tick(100);
  }
  controller.abort();
  t.mock.timers.tick(100);
  return { found: await found, asked, listed, said: [...new Set(said)] };
}

test("a server that is busy is asked less and less often, and its own sentence stands", async (t) => {
  const { found, asked, listed, said } = await asking(
    t,
    "selectivity",
    () => refused("busy", BUSY),
    () => [CORPUS],
    15,
  );
  assert.equal(found, null);
  assert.equal(asked, 4); // at 0, 1, 3 and 7 seconds
  assert.equal(listed, 4);
  assert.deepEqual(said, [BUSY]);
});

test("while the corpus is indexed that is said, and then the answer comes", async (t) => {
  let looks = 0;
  const { found, asked, said } = await asking(
    t,
    "passages",
    () => (looks < 3 ? refused("indexing", INDEXING) : answer(200, { passages: [] })),
    () => {
      looks += 1;
      return [{ ...CORPUS, status: looks < 3 ? "indexing" : "ready", indexed: 100 }];
    },
    5,
  );
  assert.deepEqual(found, { passages: [] });
  assert.equal(asked, 2);
  assert.deepEqual(said, [
    "book is being indexed, 10 of 1,000 characters so far.",
    "Indexing Book for nested, once",
  ]);
});
