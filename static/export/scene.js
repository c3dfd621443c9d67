// The figure as rectangles and lines of text, for a vector file or a picture. Pure.

/** @typedef {import("../views/blocks/paint.js").Boxes} Boxes */
/** @typedef {{ x: number, y: number, w: number, h: number, fill: string }} Rectangle */
/** @typedef {{ xs: number[], y: number, parts: string[], size: number, family: string, fill: string, weight?: number }} Line */
/** @typedef {{ width: number, height: number, ground: string, rectangles: Rectangle[], lines: Line[] }} Scene */
/**
 * One block: where its colours come from.
 * @typedef {object} Block
 * @property {string} title
 * @property {number} column it stands in: a row may lack some
 * @property {(position: number) => string | null} colour of a character, or null
 */

const SERIF = "Charter, Georgia, 'Liberation Serif', serif";
const SANS = "system-ui, 'Liberation Sans', sans-serif";
export const GAP = 22;
const TITLE = 20;
/** Width of the colour bar. */
const BAR = 220;
/** Of a letter of a name, on average, in its size of 13. */
const LETTER = 7;
/** By so much a bold one is wider. */
const BOLDER = 1;

/**
 * A name in lines that fit a width, broken where it has its dots, or else between words. The first line is bold.
 * @param {string} name
 * @param {number} width
 */
function wrapped(name, width) {
  /** @type {string[]} */
  const lines = [];
  for (const part of name.split(" · ")) {
    const last = lines.at(-1);
    const longer = last === undefined ? part : `${last} · ${part}`;
    const room = width - (lines.length < 2 ? BOLDER * longer.length : 0);
    if (last !== undefined && fits(longer, room)) lines[lines.length - 1] = longer;
    else if (fits(part, room)) lines.push(part);
    else lines.push(...inLines(part, room));
  }
  return lines;
}

/** Whether words fit a width in one line. @param {string} words @param {number} width */
export const fits = (words, width) => words.length * LETTER <= width;

/** Words in lines that fit a width. @param {string} words @param {number} width */
export function inLines(words, width) {
  /** @type {string[]} */
  const lines = [];
  for (const word of words.split(" ").filter(Boolean)) {
    const longer = `${lines.at(-1) ?? ""} ${word}`;
    if (lines.length > 0 && longer.length * LETTER <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/**
 * @param {object} parts
 * @param {string} [parts.title] over all
 * @param {Block[][]} parts.rows rows of the figure, at most a block a column
 * @param {string[]} parts.heads over the columns
 * @param {{ name: string, columns: number }[]} [parts.models] over the heads, so many columns each
 * @param {{ colours: string[], words: string[], label?: string }[]} [parts.bars] what the colours mean, evenly from left to right; a label stands beside
 * @param {string[]} parts.text code points
 * @param {Boxes} parts.boxes
 * @param {number} parts.width of a block
 * @param {number} parts.line
 * @param {number} [parts.border] characters of the warm-up; a rule stands under them
 * @param {string} parts.ink
 * @param {string} parts.ground
 * @returns {Scene}
 */
export function figureScene({
  title = "",
  rows,
  heads,
  models = [],
  bars = [],
  text,
  boxes,
  width,
  line,
  border = 0,
  ink,
  ground,
}) {
  /** @type {Rectangle[]} */
  const rectangles = [];
  /** @type {Line[]} */
  const lines = [];
  const columns = heads.length;
  const high = Math.max(1, boxes.starts.length - 1) * line;
  /** @param {string} words @param {number} x @param {number} y @param {number} weight */
  const words = (words, x, y, weight) =>
    lines.push({ xs: [x], y, parts: [words], size: 13, family: SANS, fill: ink, weight });
  let top = GAP;
  for (const part of inLines(title, columns * (width + GAP) - GAP)) {
    words(part, GAP, top + 4, 400);
    top += 17;
  }
  if (title) top += 8;
  let before = 0;
  for (const { name, columns: own } of models) {
    const room = own * (width + GAP) - GAP;
    for (const [k, part] of wrapped(name, room).entries())
      words(part, GAP + before * (width + GAP), top + 4 + k * 17, k === 0 ? 700 : 400);
    before += own;
  }
  const tallest = models.map(
    ({ name, columns: own }) => wrapped(name, own * (width + GAP) - GAP).length,
  );
  top += 17 * Math.max(0, ...tallest) + (models.length > 0 ? 6 : 0);
  for (const [k, head] of heads.entries()) words(head, GAP + k * (width + GAP), top + 4, 600);
  top += 14;
  const over = rows.flat().some((block) => block.title) ? TITLE : 0;
  for (const blocks of rows) {
    for (const block of blocks) {
      const left = GAP + block.column * (width + GAP);
      if (over) words(block.title, left, top + 14, 400);
      paintBlock(block, left, top + over);
    }
    top += over + high + 12;
  }

  /** @param {Block} block @param {number} x @param {number} y */
  function paintBlock(block, x, y) {
    /** @type {Rectangle | null} */
    let last = null;
    for (let t = 0; t < boxes.count; t += 1) {
      const fill = block.colour(t);
      if (fill === null) continue;
      const left = x + (boxes.left[t] ?? 0);
      const right = x + (boxes.right[t] ?? 0);
      const row = y + (boxes.row[t] ?? 0) * line;
      if (last && last.fill === fill && last.y === row && Math.abs(last.x + last.w - left) < 0.02)
        last.w = right - last.x;
      else {
        last = { x: left, y: row, w: right - left, h: line - 1, fill };
        rectangles.push(last);
      }
    }
    for (let row = 0; row < boxes.starts.length - 1; row += 1) {
      /** @type {number[]} */
      const xs = [];
      /** @type {string[]} */
      const parts = [];
      for (let t = boxes.starts[row] ?? 0; t < (boxes.starts[row + 1] ?? 0); t += 1) {
        const character = text[t] ?? "";
        if (/^[\s\p{C}]$/u.test(character)) continue;
        const before = parts.length - 1;
        if (/^[\p{M}\u200d]$/u.test(character) && before >= 0) parts[before] += character;
        else {
          xs.push(x + (boxes.left[t] ?? 0));
          parts.push(character);
        }
      }
      if (parts.length > 0)
        lines.push({
          xs,
          y: y + row * line + line * 0.74,
          parts,
          size: line * 0.74,
          family: SERIF,
          fill: ink,
        });
    }
    if (border > 0) {
      const under = y + ((boxes.row[border - 1] ?? 0) + 1) * line - 1.5;
      rectangles.push({ x, y: under, w: width, h: 2, fill: ink });
    }
  }
  for (const bar of bars) {
    const beside = GAP + BAR + 12;
    const total = columns * (width + GAP);
    const stands = fits(bar.label ?? "", total - beside);
    if (bar.label && !stands)
      for (const part of inLines(bar.label, total - GAP)) {
        words(part, GAP, top + 13, 400);
        top += 17;
      }
    const each = BAR / bar.colours.length;
    for (const [k, fill] of bar.colours.entries())
      rectangles.push({
        x: GAP + k * each,
        y: top + 4,
        w: each + (k + 1 < bar.colours.length ? 1 : 0),
        h: 9,
        fill,
      });
    if (bar.label && stands) words(bar.label, beside, top + 13, 400);
    for (const [k, each] of bar.words.entries()) {
      const x = GAP + (BAR * k) / (bar.words.length - 1) - (k === 0 ? 0 : 4 * each.length);
      words(each, x, top + 27, 400);
    }
    top += 34;
  }
  return { width: GAP + columns * (width + GAP), height: top + GAP / 2, ground, rectangles, lines };
}

/**
 * Scenes under one another.
 * @param {readonly Scene[]} scenes
 * @returns {Scene}
 */
export function stacked(scenes) {
  /** @type {Scene} */
  const whole = { width: 0, height: 0, ground: "", rectangles: [], lines: [] };
  for (const { width, height, ground, rectangles, lines } of scenes) {
    const down = whole.height;
    whole.rectangles.push(...rectangles.map((each) => ({ ...each, y: each.y + down })));
    whole.lines.push(...lines.map((each) => ({ ...each, y: each.y + down })));
    whole.width = Math.max(whole.width, width);
    whole.height += height;
    whole.ground = ground;
  }
  return whole;
}
