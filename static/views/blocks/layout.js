// Measuring where the browser put each code point of a text node.

/** @typedef {import("./paint.js").Boxes} Boxes */
import { rowStarts } from "./paint.js";

const ASCII = /^[\n\t\x20-\x7e]*$/;
const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** @returns {Boxes} */
export const noBoxes = () => ({
  count: 0,
  row: new Uint16Array(0),
  left: new Float32Array(0),
  right: new Float32Array(0),
  starts: [0],
});

/**
 * @template {Uint16Array | Float32Array} A
 * @param {A} array
 * @param {number} count
 * @returns {A}
 */
function grown(array, count) {
  if (array.length >= count) return array;
  const wider = /** @type {A} */ (
    new /** @type {any} */ (array.constructor)(count + (count >> 1) + 64)
  );
  wider.set(array);
  return wider;
}

/**
 * UTF-16 offsets from .. end of the grapheme clusters: each is drawn whole.
 * @param {string} text
 * @param {number} from UTF-16 offset of a cluster's start
 * @returns {Iterable<number>}
 */
function* clusterEnds(text, from) {
  if (ASCII.test(from === 0 ? text : text.slice(from)))
    for (let unit = from + 1; unit <= text.length; unit += 1) yield unit;
  else
    for (const { index, segment } of segmenter.segment(text.slice(from)))
      yield from + index + segment.length;
}

/**
 * The boxes of a text, those before `from` (the first character of a row) taken as they were.
 * @param {Text} node the text node
 * @param {HTMLElement} frame its box: rows are counted and x is measured from its corner
 * @param {string} text
 * @param {Uint32Array} offsets UTF-16 offset of each code point
 * @param {number} lineHeight CSS pixels
 * @param {number} mark width of a newline's mark
 * @param {Boxes} old
 * @param {number} from
 * @returns {Boxes}
 */
export function measure(node, frame, text, offsets, lineHeight, mark, old, from) {
  const count = offsets.length - 1;
  const row = grown(old.row, count);
  const left = grown(old.left, count);
  const right = grown(old.right, count);
  const corner = frame.getBoundingClientRect();
  const range = document.createRange();
  let start = offsets[from] ?? text.length;
  let k = from;
  for (const end of clusterEnds(text, start)) {
    let x0 = 0;
    let x1 = 0;
    let line = 0;
    if (text.charCodeAt(start) === 10) {
      const fresh = k === 0 || text.charCodeAt(start - 1) === 10;
      line = k === 0 ? 0 : (row[k - 1] ?? 0) + (fresh ? 1 : 0);
      x0 = fresh ? 0 : (right[k - 1] ?? 0);
      x1 = x0 + mark;
    } else {
      range.setStart(node, start);
      range.setEnd(node, end);
      const rects = range.getClientRects();
      const rect = rects[rects.length - 1];
      if (rect) {
        x0 = rect.left - corner.left;
        x1 = rect.right - corner.left;
        line = Math.max(0, Math.floor(((rect.top + rect.bottom) / 2 - corner.top) / lineHeight));
      } else if (k > 0) {
        x0 = x1 = right[k - 1] ?? 0;
        line = row[k - 1] ?? 0;
      }
    }
    const first = k;
    while (k < count && (offsets[k] ?? 0) < end) k += 1;
    const width = (x1 - x0) / Math.max(1, k - first);
    for (let p = first; p < k; p += 1) {
      row[p] = line;
      left[p] = x0 + width * (p - first);
      right[p] = x0 + width * (p - first + 1);
    }
    start = end;
  }
  return { count, row, left, right, starts: rowStarts(row, count) };
}

/**
 * The first character that an edit at `at` can move: the start of the row before the edit's.
 * @param {Boxes} boxes
 * @param {number} at
 */
export function firstMoved(boxes, at) {
  if (boxes.count === 0 || at === 0) return 0;
  const row = boxes.row[Math.min(at, boxes.count) - 1] ?? 0;
  return boxes.starts[Math.max(0, row - 1)] ?? 0;
}
