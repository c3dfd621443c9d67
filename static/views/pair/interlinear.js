// A pair drawn line by line: the text as it is, under it the changed text, under both how far they are apart. Every
// column has the same width, so that what is aligned stands under each other.

import { css } from "../../base/colour.js";

/** @typedef {import("../../base/colour.js").Palette} Palette */
/** @typedef {import("./alignment.js").Column} Column */
/** @typedef {import("./alignment.js").Track} Track */
/** @typedef {{ width: number, row: number, apart: number, gap: number, columns: number }} Grid in CSS pixels; columns a line */

/** Of a letter, and of a character of a script whose characters are square. */
const WIDTHS = { letter: 9, square: 17 };
const ROW = 19;
const APART = 9;
const GAP = 12;

/** @param {number} room CSS pixels @param {readonly string[]} characters @returns {Grid} */
export function gridOf(room, characters) {
  const width = characters.some((c) => (c.codePointAt(0) ?? 0) > 0x2e7f)
    ? WIDTHS.square
    : WIDTHS.letter;
  const columns = Math.max(1, Math.floor(room / width));
  return { width, row: ROW, apart: APART, gap: GAP, columns };
}

/** Height of a line with its gap. @param {Grid} grid */
const lineOf = ({ row, apart, gap }) => 2 * row + apart + 2 + gap;

/** @param {Grid} grid @param {number} count of columns */
const heightOf = (grid, count) => Math.ceil(count / grid.columns) * lineOf(grid) - grid.gap;

/** Where a column stands. @param {Grid} grid @param {number} column */
export const cornerOf = (grid, column) => ({
  x: (column % grid.columns) * grid.width,
  y: Math.floor(column / grid.columns) * lineOf(grid),
  height: 2 * grid.row + grid.apart + 2,
});

/** The column at a point; -1 between the lines and beyond them. @param {Grid} grid @param {number} count @param {number} x @param {number} y */
export function columnAt(grid, count, x, y) {
  const line = Math.floor(y / lineOf(grid));
  const inLine = Math.floor(x / grid.width);
  const column = line * grid.columns + inLine;
  const within =
    inLine >= 0 && inLine < grid.columns && y - line * lineOf(grid) < lineOf(grid) - grid.gap;
  return within && column >= 0 && column < count ? column : -1;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Grid} grid
 * @param {object} pair
 * @param {Track} pair.track
 * @param {readonly (readonly string[])[]} pair.texts glyphs by column, "" where a text has none
 * @param {readonly [number, number]} pair.changed columns from .. to
 * @param {number} pair.count columns shown
 * @param {Palette} palette of values
 * @param {Palette} other of differences
 */
export function drawPair(canvas, grid, { track, texts, changed, count }, palette, other) {
  const pen = canvas.getContext("2d");
  if (!pen) return;
  const ratio = devicePixelRatio;
  const width = grid.columns * grid.width;
  const height = heightOf(grid, count);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.font = `14px ${getComputedStyle(canvas).fontFamily}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  const ink = css(palette.ink);
  for (let k = 0; k < count; k += 1) {
    const { x, y } = cornerOf(grid, k);
    for (const [row, bytes] of [track.one, track.other].entries()) {
      const top = y + row * grid.row;
      const glyph = texts[row]?.[k] ?? "";
      if (glyph === "") {
        // The other text has a character here.
        pen.fillStyle = ink;
        pen.fillRect(x + grid.width / 2 - 1, top + grid.row / 2 - 1, 2, 2);
        continue;
      }
      pen.fillStyle = css(palette.steps[(bytes[k] ?? 0) + 128] ?? palette.ink);
      pen.fillRect(x, top, grid.width, grid.row - 1);
      pen.fillStyle = ink;
      // A wide letter is narrowed to its column.
      if (glyph !== " ") pen.fillText(glyph, x + grid.width / 2, top + grid.row / 2, grid.width);
    }
    const by = track.apart[k] ?? -128;
    if (by === -128) continue;
    pen.fillStyle = css(other.steps[by + 128] ?? other.ink);
    pen.fillRect(x, y + 2 * grid.row + 1, grid.width, grid.apart);
  }
  pen.strokeStyle = ink;
  pen.lineWidth = 2;
  // A box around what is changed, one a line.
  for (let k = changed[0]; k < Math.min(changed[1], count); ) {
    const end = Math.min(changed[1], count, (Math.floor(k / grid.columns) + 1) * grid.columns);
    const { x, y } = cornerOf(grid, k);
    pen.strokeRect(x + 1, y + 1, (end - k) * grid.width - 2, 2 * grid.row - 3);
    k = end;
  }
}
