// Colours of characters as pixels. A block's canvas is one pixel high per line of text and is stretched
// over the lines: a text of 5,000 characters costs some 30,000 pixels, however often it is recoloured.

/**
 * Where the characters stand; every block of a figure wraps alike, so they are measured once.
 * @typedef {object} Boxes
 * @property {number} count
 * @property {Uint16Array} row
 * @property {Float32Array} left CSS pixels
 * @property {Float32Array} right
 * @property {number[]} starts first character of each row, and the count after them
 */

/**
 * First characters of the rows, and the count after them.
 * @param {Uint16Array} row
 * @param {number} count
 */
export function rowStarts(row, count) {
  const starts = [0];
  for (let k = 0; k < count; k += 1) while (starts.length <= (row[k] ?? 0)) starts.push(k);
  if (count > 0) starts.push(count);
  return starts;
}

/** Rows of the boxes, at least one. @param {Boxes} boxes */
export const rowCount = (boxes) => Math.max(1, boxes.starts.length - 1);

/**
 * Fill the rows first .. last - 1 with the colours of one cell.
 * @param {Uint32Array} pixels width x (last - first), cleared
 * @param {number} width device pixels
 * @param {number} ratio device pixels of a CSS pixel
 * @param {Boxes} boxes
 * @param {number} first
 * @param {number} last
 * @param {Uint32Array} colours by byte + 128
 * @param {Int8Array} values
 * @param {number} offset of the cell's first value
 * @param {number} stride from one character to the next
 */
export function paintRows(
  pixels,
  width,
  ratio,
  boxes,
  first,
  last,
  colours,
  values,
  offset,
  stride,
) {
  const { row, left, right, starts } = boxes;
  const end = starts[last] ?? boxes.count;
  for (let k = starts[first] ?? boxes.count; k < end; k += 1) {
    const colour = colours[(values[offset + k * stride] ?? -128) + 128] ?? 0;
    if (colour === 0) continue;
    const base = ((row[k] ?? 0) - first) * width;
    const from = Math.max(0, Math.round((left[k] ?? 0) * ratio));
    const to = Math.min(width, Math.round((right[k] ?? 0) * ratio));
    if (to > from) pixels.fill(colour, base + from, base + to);
  }
}

/**
 * The character at a point, or the nearest on its row; -1 where the text is empty.
 * @param {Boxes} boxes
 * @param {number} x
 * @param {number} row
 */
export function characterAt(boxes, x, row) {
  const line = Math.max(0, Math.min(row, boxes.starts.length - 2));
  let nearest = -1;
  let distance = Number.POSITIVE_INFINITY;
  for (let k = boxes.starts[line] ?? 0; k < (boxes.starts[line + 1] ?? 0); k += 1) {
    const away = Math.max((boxes.left[k] ?? 0) - x, x - (boxes.right[k] ?? 0), 0);
    if (away < distance) {
      nearest = k;
      distance = away;
    }
    if (away === 0 && (boxes.right[k] ?? 0) > x) return k;
  }
  return nearest;
}
