import assert from "node:assert/strict";
import { test } from "node:test";
import { placed, withParts } from "../../../static/export/parts.js";

test("parts lie under one another in the columns of their model, and fit them", () => {
  const parts = [
    { panel: 0, width: 400, height: 50 },
    { panel: 0, width: 1000, height: 100 },
    { panel: 1, width: 200, height: 30 },
  ];
  const { boxes, bottom } = placed(parts, [2, 1], 240, 300);
  const room = 2 * (240 + 22) - 22;
  assert.deepEqual(boxes[0], { x: 22, y: 320, width: 400, height: 50 });
  assert.deepEqual(boxes[1], { x: 22, y: 400, width: room, height: (100 * room) / 1000 });
  assert.deepEqual(boxes[2], { x: 22 + 2 * 262, y: 320, width: 200, height: 30 });
  assert.ok(boxes[1].y + boxes[1].height < bottom);
  assert.deepEqual(placed([], [2, 1], 240, 300), { boxes: [], bottom: 300 });
});

test("a figure without parts stays as it is", () => {
  assert.equal(withParts("<svg/>", [], [1], 100, "#000"), "<svg/>");
});
