// The outline of a stretch of characters, as selections are drawn: an SVG path. Pure.

/**
 * @param {import("./paint.js").Boxes} boxes
 * @param {import("../../state/state.js").Span | null} span
 * @param {number} width of a block, CSS pixels
 * @param {number} line height of a row, CSS pixels
 * @returns {string} "" where there is nothing
 */
export function outlineOf(boxes, span, width, line) {
  if (!span || span.from >= Math.min(span.to, boxes.count)) return "";
  const last = Math.min(span.to, boxes.count) - 1;
  const [first, final] = [boxes.row[span.from] ?? 0, boxes.row[last] ?? 0];
  const [left, right] = [boxes.left[span.from] ?? 0, boxes.right[last] ?? 0].map(Math.round);
  const [top, bottom] = [first * line, (final + 1) * line - 1];
  const [x, y, W] = [left ?? 0, right ?? 0, width];
  if (first === final) return `M${x} ${top}H${y}V${bottom}H${x}Z`;
  // Of two rows that do not touch, each has a box for itself.
  if (final === first + 1 && y <= x)
    return `M${x} ${top}H${W}V${top + line - 1}H${x}ZM0 ${top + line}H${y}V${bottom}H0Z`;
  return `M${x} ${top}H${W}V${bottom - line}H${y}V${bottom}H0V${top + line}H${x}Z`;
}
