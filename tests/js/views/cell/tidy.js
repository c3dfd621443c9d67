// Whether a drawing can be read: nothing lies on anything else.

import assert from "node:assert/strict";

/** Where the words of a label are; a character is no wider than 0.64 of its height in a wide face. */
function inkOf({ x, y, anchor, kind, text, key }) {
  const size = kind === "symbol" ? 13 : kind === "title" ? 12 : 11;
  const letters = key ? "−0.000".length : text.replace(/\p{M}/gu, "").length;
  const width = letters * size * (kind === "symbol" ? 0.45 : 0.64);
  const left = anchor === "middle" ? x - width / 2 : anchor === "end" ? x - width : x;
  return { left, right: left + width, top: y - 0.75 * size, bottom: y + 0.2 * size };
}

export const edgesOf = ({ x, y, width, height }) => ({
  left: x,
  right: x + width,
  top: y,
  bottom: y + height,
});
const apart = (a, b) =>
  a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
export const within = (a, b) =>
  a.left > b.left && a.right < b.right && a.top > b.top && a.bottom < b.bottom;

/** Nothing overlaps and nothing is cut off. @param {import("../../../../static/views/cell/diagram.js").Layout} layout */
export function assertTidy(layout) {
  const { left, top, width, height, cells, nodes, labels } = layout;
  const sheet = { left, top, right: left + width, bottom: top + height };
  const ink = labels.map(inkOf);
  for (const [k, one] of ink.entries()) {
    assert.ok(within(one, sheet), labels[k].text);
    for (const [j, other] of ink.entries())
      assert.ok(
        j === k || apart(one, other),
        `${JSON.stringify(labels[k])} ${JSON.stringify(labels[j])}`,
      );
  }
  for (const [k, node] of nodes.entries()) {
    const box = edgesOf(node);
    assert.ok(within(box, sheet));
    for (const other of nodes.slice(k + 1)) assert.ok(apart(box, edgesOf(other)));
    for (const [j, one] of ink.entries())
      assert.ok(apart(one, box) || within(one, box), `${node.key} ${JSON.stringify(labels[j])}`);
    // No wall runs through a tile.
    for (const cell of cells)
      assert.ok(apart(box, edgesOf(cell)) || within(box, edgesOf(cell)), node.key);
  }
}
