import assert from "node:assert/strict";
import { test } from "node:test";
import { captionOf, looksOf, placed, withParts } from "../../../static/export/parts.js";

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

test("a $ in the changed text stands in the file as it was typed", () => {
  globalThis.SVGElement = class {};
  const drawn = {
    getBoundingClientRect: () => ({ width: 10, height: 10 }),
    toDataURL: () => "data:,",
  };
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50" viewBox="0 0 100 50">\n<text/>\n</svg>\n';
  const title = "costs $& and $$5 and $` and $'";
  const made = withParts(svg, [{ panel: 0, title, drawn }], [1], 400, "#000");
  assert.ok(made.includes(`>${title.replaceAll("&", "&#38;")}</text>`), made);
  assert.equal(made.match(/<\/svg>/g).length, 1);
});

test("a mixed colour is written as every reader of SVG takes it", () => {
  const style = {
    fill: "color(srgb 1 0.5 0 / 0.03)",
    "fill-opacity": "0.5",
    stroke: "color(srgb 0.2 1e-7 1)",
    "stroke-opacity": "1",
    "font-size": "11px",
  };
  const looks = looksOf({ getPropertyValue: (name) => style[name] ?? "" });
  assert.deepEqual(Object.fromEntries(looks), {
    fill: "rgb(255,128,0)",
    "fill-opacity": "0.015",
    "font-size": "11px",
    stroke: "rgb(51,0,255)",
    "stroke-opacity": "1",
  });
  const plain = { fill: "rgb(1, 2, 3)", stroke: "none" };
  const same = looksOf({ getPropertyValue: (name) => plain[name] ?? "" });
  assert.deepEqual(Object.fromEntries(same), plain);
});

test("a curve's name stands beside a stroke in its colour", () => {
  const keys = [
    { name: "inner <c>", colour: "rgb(1, 2, 3)" },
    { name: "input", colour: "red", dash: true },
  ];
  const words = captionOf({ title: "gates & more", keys });
  assert.match(
    words,
    /^gates &#38; more +<tspan fill="rgb\(1, 2, 3\)"[^>]*>——<\/tspan> inner &#60;c/,
  );
  assert.match(words, /<tspan fill="red"[^>]*>– –<\/tspan> input$/);
});
