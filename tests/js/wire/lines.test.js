import assert from "node:assert/strict";
import test from "node:test";
import { lines } from "../../../static/wire/lines.js";

/** @param {string[]} parts as they come, cut anywhere */
const answer = (...parts) => new Response(new Blob(parts).stream());

test("a last line with an error is thrown, with the server's sentence", async () => {
  const told = [];
  const error = { code: "not_finite", message: "The model overflows.", field: "model" };
  const read = async () => {
    const answered = answer('{"done":0}\n{"do', `ne":1}\n${JSON.stringify({ error })}\n`);
    for await (const line of lines(answered)) told.push(line.done);
  };
  await assert.rejects(read, { message: error.message });
  assert.deepEqual(told, [0, 1]);
});
