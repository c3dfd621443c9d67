// Pieces of a corpus in the colours of a cell, and under its curves.

import { css } from "../../base/colour.js";
import { element } from "../../base/dom.js";
import { shape } from "../../base/svg.js";

/** @typedef {import("../../base/colour.js").Palette} Palette */

/** One column a character, newlines and tabs seen. @param {readonly string[]} characters */
const visible = (characters) =>
  characters.map((c) => (c === "\n" ? "↵" : c === "\t" ? "⇥" : c)).join("");

/**
 * A text on its colours; characters of one colour share an element.
 * @param {readonly string[]} characters
 * @param {ArrayLike<number>} values display values
 * @param {Palette} palette
 * @param {number} [marked] the character that is meant
 */
export function coloured(characters, values, palette, marked = -1) {
  const made = element("span", "coloured");
  /** @type {string[]} */
  let run = [];
  let last = Number.NaN;
  const put = () => {
    if (run.length === 0) return;
    const piece = element("span", "", visible(run));
    const step = palette.steps[last + 128];
    if (step) piece.style.backgroundColor = css(step);
    made.append(piece);
    run = [];
  };
  for (const [k, character] of characters.entries()) {
    const byte = Math.round(127 * (values[k] ?? 0));
    if (byte !== last || k === marked || k === marked + 1) put();
    last = byte;
    run.push(character);
    if (k === marked) {
      put();
      made.lastElementChild?.classList.add("marked");
    }
  }
  put();
  made.style.color = css(palette.ink);
  return made;
}

/**
 * Curves over characters of equal width.
 * @param {readonly ArrayLike<number>[]} rows display values, a row a cell
 * @param {number} length
 * @param {[number, number]} span shaded
 */
function curvesOver(rows, length, [from, to]) {
  const svg = shape("svg", {
    class: "curves-over",
    viewBox: `0 -1.1 ${length} 2.2`,
    preserveAspectRatio: "none",
    "aria-hidden": "true",
  });
  svg.style.width = `${length}ch`;
  const add = (/** @type {string} */ name, /** @type {string} */ d) =>
    svg.append(shape("path", { class: name, d }));
  add("within", `M${from} -1.1H${to}V1.1H${from}Z`);
  add("zero", `M0 0H${length}`);
  for (const [k, row] of rows.entries())
    add(
      `curve curve-${k % 4}`,
      `M${Array.from(row, (value, t) => `${t + 0.5} ${(-value).toFixed(3)}`).join("L")}`,
    );
  return svg;
}

/**
 * A place of the corpus: its characters in columns of one width, its curves over them.
 * @param {{ start: number, stop: number, matched: string, text: string, values: number[][] }} found
 * @param {number} before characters before the match, to be aligned
 * @param {number} context
 */
export function placeOf({ start, matched, text, values }, before, context) {
  const characters = [...text];
  const size = [...matched].length;
  const ahead = Math.min(context, start);
  // A match at the very start of the corpus has less before it than the others.
  const pad = Math.max(0, before - ahead);
  const cut = Math.max(0, ahead - before);
  const shown = characters.slice(cut);
  const line = element(
    "span",
    "line",
    " ".repeat(pad),
    visible(shown.slice(0, ahead - cut)),
    element("mark", "", visible(shown.slice(ahead - cut, ahead - cut + size))),
    visible(shown.slice(ahead - cut + size)),
  );
  const over = curvesOver(
    values.map((row) => row.slice(cut)),
    shown.length,
    [ahead - cut, ahead - cut + size],
  );
  over.style.marginLeft = `${pad}ch`;
  return element("span", "place", over, line);
}
