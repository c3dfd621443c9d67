import assert from "node:assert/strict";
import { test } from "node:test";
import { later, now } from "../../../static/base/schedule.js";

/** @type {(() => void)[]} */
const frames = [];
globalThis.requestAnimationFrame = (work) => frames.push(work);
const frame = () => {
  for (const work of frames.splice(0)) work();
};

test("work of one name is done once a frame, as it was last asked for", () => {
  const done = [];
  later("a", () => done.push("old a"));
  later("b", () => done.push("b"));
  later("a", () => done.push("a"));
  assert.equal(frames.length, 1);
  frame();
  assert.deepEqual(done, ["a", "b"]);
  frame();
  assert.deepEqual(done, ["a", "b"]);
});

test("work asked for while a frame runs waits for the next one", () => {
  const done = [];
  later("a", () => {
    done.push("first");
    later("a", () => done.push("second"));
  });
  frame();
  assert.deepEqual(done, ["first"]);
  frame();
  assert.deepEqual(done, ["first", "second"]);
});

test("work that throws is reported and does not take the rest of the frame with it", () => {
  const reported = [];
  globalThis.reportError = (error) => reported.push(error.message);
  const done = [];
  later("bad", () => {
    throw new Error("broken");
  });
  later("good", () => done.push("good"));
  frame();
  assert.deepEqual([done, reported], [["good"], ["broken"]]);
});

test("what cannot wait for a frame is done at once, and not again in it", () => {
  const done = [];
  later("a", () => done.push("a"));
  now();
  assert.deepEqual(done, ["a"]);
  frame();
  assert.deepEqual(done, ["a"]);
});
