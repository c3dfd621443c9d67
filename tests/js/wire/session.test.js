import assert from "node:assert/strict";
import { test } from "node:test";
import { Session } from "../../../static/wire/session.js";
import { memoriesOf } from "../networks.js";
import { random, randomText } from "../random.js";

const card = (name, hidden = 4) => ({
  name,
  task: "charlm",
  layers: 1,
  depth: 2,
  hidden,
  vocabulary: [],
  parameters: 0,
  scores: {},
  sha256: name,
  memories: memoriesOf(1, 2),
});

/** The server's side of docs/reference/protocol.md as far as the text goes, written down independently. */
function server() {
  const told = { text: null, revision: -1, view: -1, panels: [], errors: 0 };
  return {
    told,
    hear(message) {
      if (message.type === "show") {
        assert.ok(message.view > told.view, "view must grow");
        Object.assign(told, { view: message.view, panels: message.panels });
      }
      if (message.type === "edit") {
        assert.ok(message.revision > told.revision, "revision must grow");
        const points = [...(told.text ?? "")];
        points.splice(message.at, message.delete ?? points.length, ...message.insert);
        assert.equal(points.length, message.length, "length as the server counts it");
        Object.assign(told, { text: points.join(""), revision: message.revision });
      }
      return true;
    },
  };
}
const session = (send) => new Session(send, { columns() {}, exact() {} });

test("no edit is too large a message, whatever the text is made of", () => {
  /** @type {string[]} */
  const sent = [];
  const page = session((message) => sent.push(JSON.stringify(message)) > 0);
  page.start({ max_text: 1_000_000 });
  for (const character of ["\u0001", "漢", "😀"]) page.setText(character.repeat(400_000));
  assert.ok(Math.max(...sent.map((text) => new TextEncoder().encode(text).length)) <= 1_000_000);
});

test("after any edits, limits and reconnections the server's text is the page's, up to the limit", () => {
  for (let run = 0; run < 60; run += 1) {
    let remote = server();
    let online = false;
    const page = session((message) => online && remote.hear(message));
    page.show([{ card: card("a"), cells: [0, 1] }]);
    page.most = run % 2 === 0 ? 4 : page.most; // long texts are told in pieces
    const limit = 5 + random(30);
    for (let step = 0; step < 30; step += 1) {
      if (random(6) === 0) {
        online = true;
        remote = server();
        page.start({ max_text: limit });
      } else if (random(9) === 0) online = false;
      else page.setText(randomText(25), random(3) ? "" : randomText(4));
      if (online && remote.told.text !== null) {
        assert.equal(remote.told.text, [...page.passage.text].slice(0, limit).join(""));
        assert.equal(remote.told.panels[0].model, "a");
      }
    }
  }
});

test("frames of an older view of a panel are not taken for the new one", () => {
  const page = session(() => true);
  page.setText("ab");
  page.show([
    { card: card("a"), cells: [0] },
    { card: card("b"), cells: [0] },
  ]);
  const first = page.view;
  page.show([
    { card: card("a"), cells: [0] },
    { card: card("b"), cells: [3] },
  ]);
  const frame = { revision: page.revision, view: first, start: 0, length: 2 };
  page.frame({ ...frame, panel: 1 }, Int8Array.of(1, 2, 3, 4));
  assert.equal(page.panels[1].columns.done, 0);
  page.frame({ ...frame, panel: 0 }, Int8Array.of(1, 2, 3, 4));
  assert.equal(page.panels[0].columns.done, 2, "the panel that did not change keeps its frames");
  page.frame({ ...frame, panel: 1, view: page.view }, Int8Array.of(5, 6, 7, 8));
  assert.deepEqual([...page.panels[1].columns.row(0, 0)], [5, 7]);
});

test("a server out of step is sent the whole text", () => {
  const sent = [];
  const page = session((message) => sent.push(message) > 0);
  page.setText("héllo");
  page.message({ type: "error", code: "out_of_step", message: "", field: null });
  assert.deepEqual(sent.at(-1), {
    type: "edit",
    revision: 2,
    at: 0,
    delete: null,
    insert: "héllo",
    length: 5,
  });
});

test("while one question is open only the newest next one is kept", () => {
  const sent = [];
  const page = session((message) => sent.push(message) > 0);
  for (const position of [1, 2, 3]) page.inspect(position);
  assert.deepEqual(
    sent.map((m) => m.position),
    [1],
  );
  page.message({ type: "values", request: 1, revision: 0, position: 1, panels: [] });
  assert.deepEqual(
    sent.map((m) => m.position),
    [1, 3],
  );
});

test("a panel under other interventions is told, and read from its start", () => {
  const remote = server();
  const page = session((message) => remote.hear(message));
  const held = [{ layer: 0, level: 1, cells: [2], set: 4 }];
  page.setText("abc");
  page.show([
    { card: card("a"), cells: [2] },
    { card: card("a"), cells: [2], made: [] },
  ]);
  assert.deepEqual(
    remote.told.panels.map((panel) => panel.interventions),
    [undefined, undefined],
  );
  const [untouched, other] = page.panels;
  untouched.columns.put(0, new Int8Array(6).fill(7), [], 3);
  other.columns.put(0, new Int8Array(6).fill(7), [], 3);
  assert.equal(
    page.show([
      { card: card("a"), cells: [2] },
      { card: card("a"), cells: [2], made: held },
    ]),
    true,
  );
  assert.deepEqual(
    remote.told.panels.map((panel) => panel.interventions),
    [undefined, held],
  );
  assert.equal(page.panels[0], untouched, "what reads as before goes on");
  assert.equal(page.panels[1].columns.done, 0);
  assert.equal(
    page.show([
      { card: card("a"), cells: [2] },
      { card: card("a"), cells: [2], made: [...held] },
    ]),
    false,
  );
});

test("a model's new name is told: a server that has started anew may have read other weights for it", () => {
  const shown = [];
  const page = session((message) => message.type === "show" && shown.push(message));
  page.setText("ab");
  const one = card("one");
  page.show([{ card: one, cells: [0] }]);
  page.show([{ card: one, cells: [0] }]);
  assert.equal(shown.length, 1);
  const { columns } = page.panels[0];
  page.show([{ card: { ...one, name: "one@0123456789ab" }, cells: [0] }]);
  assert.equal(shown.at(-1).panels[0].model, "one@0123456789ab");
  assert.ok(shown.at(-1).view > shown[0].view);
  assert.equal(page.panels[0].columns, columns, "what it told is still true");
});
