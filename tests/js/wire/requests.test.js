import assert from "node:assert/strict";
import { test } from "node:test";
import { requests } from "../../../static/wire/requests.js";

const LETTERS = "the state of a cell ".repeat(500);

/** A server of one float a character, after a while; and what it was asked. */
function serving(answers) {
  const asked = [];
  globalThis.window = globalThis;
  globalThis.fetch = async (_, { body }) => {
    const { text, model } = JSON.parse(body);
    asked.push([model, [...text].length]);
    const head = JSON.stringify({
      __metadata__: { nestscope: "{}" },
      values: { dtype: "F32", shape: [text.length], data_offsets: [0, 4 * text.length] },
    });
    const room = Math.ceil(head.length / 8) * 8;
    const bytes = new Uint8Array(8 + room + 4 * text.length).fill(32);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(room), true);
    bytes.set(new TextEncoder().encode(head), 8);
    new Uint8Array(bytes.buffer, 8 + room).set(
      new Uint8Array(Float32Array.from(text, (_letter, k) => k).buffer),
    );
    answers?.(asked.length);
    return { ok: true, arrayBuffer: async () => bytes.buffer };
  };
  return asked;
}

const told = (question) =>
  new Promise((resolve, reject) => {
    const answers = [];
    requests(() => ({
      cards: [{ name: "net" }],
      ask: () => [{ signal: "gates" }],
      made: [[]],
      asked() {},
      answer: (_, [values]) => answers.push(values.length),
      failed: reject,
      done: () => resolve(answers),
      ...question,
    }))();
  });

test("every model is asked once about the whole text", async () => {
  const asked = serving();
  const cards = [{ name: "a" }, { name: "b" }];
  const made = [[], [{ layer: 0 }]];
  assert.deepEqual(await told({ text: LETTERS, cards, made }), [LETTERS.length, LETTERS.length]);
  assert.deepEqual(asked, [
    ["a", LETTERS.length],
    ["b", LETTERS.length],
  ]);
});
