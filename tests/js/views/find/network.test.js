import assert from "node:assert/strict";
import { test } from "node:test";
import {
  besideOf,
  inCorpus,
  otherLayersOf,
  placeIn,
} from "../../../../static/views/find/network.js";
import { memoriesOf } from "../../networks.js";

const card = (layers, depth) => ({ hidden: 4, memories: memoriesOf(layers, depth) });
const names = (of, memories) => memories.map((m) => of.memories[m].name);

test("a cell of a nested net has its memories beside it, of a stacked net none", () => {
  const nested = card(1, 3);
  const cells = inCorpus(nested);
  for (const memory of cells) {
    assert.deepEqual(
      besideOf(nested, memory),
      cells.filter((m) => m !== memory),
    );
    assert.deepEqual(otherLayersOf(nested, memory), []);
  }
  const stacked = card(2, 1);
  for (const memory of inCorpus(stacked)) {
    assert.deepEqual(besideOf(stacked, memory), []);
    const own = names(stacked, [memory]);
    assert.ok(
      ["layer 1", "layer 2"].every(
        (n) => own.includes(n) !== names(stacked, otherLayersOf(stacked, memory)).includes(n),
      ),
    );
  }
});

test("of a stack of nested cells the layer's own belong together, all others are other layers", () => {
  const both = card(2, 2);
  for (const memory of inCorpus(both)) {
    const { layer } = placeIn(both, memory, 3);
    const together = [memory, ...besideOf(both, memory)];
    assert.equal(together.length, 2);
    assert.ok(together.every((m) => both.memories[m].layer === layer));
    assert.ok(otherLayersOf(both, memory).every((m) => both.memories[m].layer !== layer));
    assert.equal(otherLayersOf(both, memory).length + 2, both.memories.length);
  }
});
