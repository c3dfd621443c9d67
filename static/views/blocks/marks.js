// What is marked on the text: newlines, the end of the warm-up, characters that are unknown or read by their plain
// form, the characters selected. Drawn once a model and used by every block of it.

import { outlineOf } from "./outline.js";

/** @typedef {import("./paint.js").Boxes} Boxes */
/** @typedef {import("../../text/passage.js").Passage} Passage */
/**
 * @typedef {object} Page where the text lies in a block
 * @property {Boxes} boxes
 * @property {number} line CSS pixels
 * @property {number} width CSS pixels
 */

/** The marks of the newlines. @param {Page} page @param {Passage} passage */
function returnsOf({ boxes, line }, { text, offsets }) {
  const returns = [];
  for (let unit = text.indexOf("\n"), k = 0; unit >= 0; unit = text.indexOf("\n", unit + 1)) {
    while ((offsets[k] ?? 0) < unit) k += 1;
    const x = Math.round(boxes.left[k] ?? 0) + 1.5;
    const y = (boxes.row[k] ?? 0) * line + Math.round(line * 0.58) + 0.5;
    returns.push(`M${x + 6} ${y - 5}v5h-6m2.5-2.5l-2.5 2.5 2.5 2.5`);
  }
  return returns.join("");
}

/** Lines under characters. @param {Page} page @param {Iterable<number>} positions */
function linesUnder({ boxes, line }, positions) {
  const lines = [];
  for (const k of positions) {
    const y = ((boxes.row[k] ?? 0) + 1) * line - 2.5;
    lines.push(`M${boxes.left[k]} ${y}H${Math.max(boxes.right[k] ?? 0, (boxes.left[k] ?? 0) + 4)}`);
  }
  return lines.join("");
}

/** @param {number} panel @param {string} kind @param {string} path */
function mark(panel, kind, path) {
  const drawn = document.querySelector(`#marks-${panel} .${kind}`);
  if (drawn && drawn.getAttribute("d") !== path) drawn.setAttribute("d", path);
}

/**
 * @param {Page} page
 * @param {Passage} passage
 * @param {import("../../state/state.js").Span | null} span the characters selected
 * @param {readonly ReadonlySet<number>[]} unknown by model, positions out of vocabulary
 * @param {readonly ReadonlyMap<number, string>[]} plain by model, positions read by their plain form
 */
export function drawMarks(page, passage, span, unknown, plain) {
  const { boxes, line, width } = page;
  const { border } = passage;
  const returns = returnsOf(page, passage);
  // The warm-up ends its own line, so that the border is one between two rows.
  const until = border > 0 ? ((boxes.row[border - 1] ?? 0) + 1) * line - 0.5 : 0;
  const before = border > 0 ? `M0 0H${width}V${until}H0Z` : "";
  const selected = outlineOf(boxes, span, width, line);
  for (const [panel, positions] of unknown.entries()) {
    mark(panel, "returns", returns);
    mark(panel, "warm-up", before);
    mark(panel, "border", before && `M0 ${until}H${width}`);
    mark(panel, "out-of-vocabulary", linesUnder(page, positions));
    mark(panel, "plain-form", linesUnder(page, plain[panel]?.keys() ?? []));
    mark(panel, "span", selected);
  }
}
