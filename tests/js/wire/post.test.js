// What the server refuses, as a visitor reads it.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";

import { CUT_OFF, lines } from "../../../static/wire/lines.js";
import { answered, post, UNREACHABLE } from "../../../static/wire/post.js";

/** The address of a server that answers so. */
async function serving(t, handle) {
  const server = createServer(handle);
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(null)));
  t.after(() => server.close());
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return `http://127.0.0.1:${port}/`;
}

test("a refusal is the server's sentence, without the marks of code", async (t) => {
  const answers = [
    [422, '{"error": {"message": "After `position` the text has no character.", "field": null}}'],
    [502, "<html>"],
    [200, '{"value": "`kept`"}'],
  ];
  const address = await serving(t, (_, answer) => {
    const [status, body] = /** @type {[number, string]} */ (answers.shift());
    answer.writeHead(status).end(body);
  });
  await assert.rejects(post(address, {}), {
    message: "After position the text has no character.",
  });
  await assert.rejects(post(address, {}), { message: "The server answered 502." });
  assert.deepEqual(await post(address, {}), { value: "`kept`" });
});

test("a server that is away and an answer that breaks off are said in words; a stop is a stop", async (t) => {
  const address = await serving(t, (_, answer) => {
    answer.write('{"done": 1}\n', () => setTimeout(() => answer.destroy(), 20));
  });
  const found = [];
  await assert.rejects(
    async () => {
      for await (const line of lines(await answered(address, null))) found.push(line);
    },
    { message: CUT_OFF },
  );
  assert.deepEqual(found, [{ done: 1 }]);
  await assert.rejects(post("http://127.0.0.1:1/", {}), { message: UNREACHABLE });
  await assert.rejects(post(address, {}, AbortSignal.abort()), { name: "AbortError" });
});
