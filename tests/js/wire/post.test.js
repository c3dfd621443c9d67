// What the server refuses, as a visitor reads it.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";

import { post } from "../../../static/wire/post.js";

test("a refusal is the server's sentence, without the marks of code", async (t) => {
  const answers = [
    [422, '{"error": {"message": "After `position` the text has no character.", "field": null}}'],
    [502, "<html>"],
    [200, '{"value": "`kept`"}'],
  ];
  const server = createServer((_, answer) => {
    const [status, body] = /** @type {[number, string]} */ (answers.shift());
    answer.writeHead(status).end(body);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(null)));
  t.after(() => server.close());
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const address = `http://127.0.0.1:${port}/`;
  await assert.rejects(post(address, {}), {
    message: "After position the text has no character.",
  });
  await assert.rejects(post(address, {}), { message: "The server answered 502." });
  assert.deepEqual(await post(address, {}), { value: "`kept`" });
});
