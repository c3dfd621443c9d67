import assert from "node:assert/strict";
import { test } from "node:test";
import { Ranker } from "../../../../static/views/find/ranker.js";

/** Jobs sent to the worker, and what hears its answers: the test answers in its place. */
const sent = [];
let hear = () => {};
globalThis.Worker = class {
  addEventListener(type, listener) {
    if (type === "message") hear = (data) => listener({ data });
  }
  postMessage(job) {
    sent.push(job);
  }
};

const job = (panel) => ({ panel, values: () => new Int8Array(4), width: 1, label: null, from: 0 });

test("of the questions to a panel the newest is told; of one that was dropped, nothing", () => {
  const told = [];
  const shares = [];
  const ranker = new Ranker(
    (panel, answer) => told.push([panel, answer]),
    (panel, share) => shares.push([panel, share]),
  );
  const answer = (k, words) => hear({ turn: sent[k].turn, panel: sent[k].panel, told: words });
  ranker.rank(job(0));
  ranker.rank(job(1));
  ranker.rank(job(0)); // while the first is with the worker
  answer(0, "old");
  answer(1, "of panel 1");
  answer(2, "new");
  assert.deepEqual(told, [
    [1, "of panel 1"],
    [0, "new"],
  ]);

  ranker.rank(job(0));
  ranker.rank(job(1));
  ranker.drop(); // one is with the worker, one waits
  hear({ turn: sent[3].turn, panel: 0, share: 0.5 });
  answer(3, "too late");
  assert.equal(sent.length, 4, "what waited is not begun");
  assert.equal(told.length, 2);
  assert.deepEqual(shares, []);

  ranker.rank(job(0));
  hear({ turn: sent[4].turn, panel: 0, share: 0.5 });
  answer(4, "asked anew");
  assert.deepEqual(shares, [[0, 0.5]]);
  assert.deepEqual(told.at(-1), [0, "asked anew"]);
});
