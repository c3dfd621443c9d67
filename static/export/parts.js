// What a view draws beside the blocks, put under them in a file: maps and curves as pictures, drawings as they are.

import { fits, GAP, inLines } from "./scene.js";

/** @typedef {import("../views/view.js").Part} Part */

const TITLE = 20;
const LINE = 17;

/** What style sheets say of a drawing, as attributes of it: a file has no style sheets. */
const LOOK = [
  "display",
  "fill",
  "fill-opacity",
  "font-family",
  "font-size",
  "font-style",
  "font-weight",
  "opacity",
  "stroke",
  "stroke-dasharray",
  "stroke-opacity",
  "stroke-width",
  "text-anchor",
  "vector-effect",
];

/** What color-mix() is computed to. */
const MIXED = /^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)(?: \/ ([\d.e-]+))?\)$/;

/**
 * The look of a shape as attributes. Readers of SVG 1.1 know no color() and paint black instead.
 * @param {Pick<CSSStyleDeclaration, "getPropertyValue">} style as computed
 */
export function looksOf(style) {
  /** @type {Map<string, string>} */
  const looks = new Map();
  for (const name of LOOK) {
    const value = style.getPropertyValue(name);
    if (value) looks.set(name, value);
  }
  for (const name of ["fill", "stroke"]) {
    const [found, r, g, b, alpha = "1"] = MIXED.exec(looks.get(name) ?? "") ?? [];
    if (found === undefined) continue;
    const opacity = Number(looks.get(`${name}-opacity`) ?? 1) * Number(alpha);
    looks.set(name, `rgb(${[r, g, b].map((part) => Math.round(255 * Number(part))).join(",")})`);
    looks.set(`${name}-opacity`, String(opacity));
  }
  return looks;
}

/** @param {SVGElement} drawing @param {{ x: number, y: number, width: number, height: number }} box */
function inked(drawing, box) {
  const copy = /** @type {SVGElement} */ (drawing.cloneNode(true));
  const own = [drawing, ...drawing.querySelectorAll("*")];
  for (const [k, made] of [copy, ...copy.querySelectorAll("*")].entries()) {
    const source = own[k];
    if (!source) continue;
    for (const [name, value] of looksOf(getComputedStyle(source))) made.setAttribute(name, value);
    made.removeAttribute("class");
  }
  if (!copy.getAttribute("viewBox")) {
    const { clientWidth, clientHeight } = drawing;
    copy.setAttribute("viewBox", `0 0 ${clientWidth} ${clientHeight}`);
  }
  for (const [name, value] of Object.entries(box)) copy.setAttribute(name, value.toFixed(2));
  return new XMLSerializer().serializeToString(copy);
}

/**
 * @param {Part} part
 * @param {{ x: number, y: number, width: number, height: number }} box
 */
function picture({ drawn }, box) {
  if (drawn instanceof SVGElement) return inked(drawn, box);
  const { x, y, width, height } = box;
  const canvas = /** @type {HTMLCanvasElement} */ (drawn);
  return `<image x="${x.toFixed(2)}" y="${y.toFixed(2)}" width="${width.toFixed(2)}" height="${height.toFixed(2)}" preserveAspectRatio="none" href="${canvas.toDataURL("image/png")}"/>`;
}

/**
 * Where each part lies: under one another, in the columns of its model, as wide as they are.
 * @param {readonly { panel: number, width: number, height: number, lines?: number }[]} parts as large as on the screen, with so many lines of words over each
 * @param {readonly number[]} columns of each model
 * @param {number} width of a column
 * @param {number} top
 * @returns {{ boxes: { x: number, y: number, width: number, height: number }[], bottom: number }}
 */
export function placed(parts, columns, width, top) {
  const ends = columns.map(() => top);
  const boxes = parts.map((part) => {
    const before = columns.slice(0, part.panel).reduce((a, b) => a + b, 0);
    const room = (columns[part.panel] ?? 1) * (width + GAP) - GAP;
    const scale = Math.min(1, room / Math.max(1, part.width));
    const y = (ends[part.panel] ?? top) + TITLE + ((part.lines ?? 1) - 1) * LINE;
    const box = {
      x: GAP + before * (width + GAP),
      y,
      width: part.width * scale,
      height: part.height * scale,
    };
    ends[part.panel] = y + box.height + 10;
    return box;
  });
  return { boxes, bottom: Math.max(top, ...ends) };
}

/** @param {string} words */
const escaped = (words) => words.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** A part's title, and a stroke in its colour before the name of every curve. @param {Pick<Part, "title" | "keys">} part */
export function captionOf({ title, keys = [] }) {
  const names = keys.map(
    ({ name, colour, dash }) =>
      `   <tspan fill="${escaped(colour)}" font-weight="bold">${dash ? "– –" : "——"}</tspan> ${escaped(name)}`,
  );
  return escaped(title) + names.join("");
}

/**
 * A figure with the parts of its view under it.
 * @param {string} svg
 * @param {readonly Part[]} parts
 * @param {readonly number[]} columns of each model
 * @param {number} width of a column
 * @param {string} ink
 */
export function withParts(svg, parts, columns, width, ink) {
  const size =
    /<svg ([^>]*)width="([\d.]+)(mm)?" height="([\d.]+)(?:mm)?" viewBox="0 0 ([\d.]+) ([\d.]+)"/;
  const found = size.exec(svg);
  if (parts.length === 0 || !found) return svg;
  const [head, lead, wide, unit = "", , across, top] = found;
  const roomOf = (/** @type {number} */ panel) => (columns[panel] ?? 1) * (width + GAP) - GAP;
  const notes = parts.map(({ panel, note = "" }) => inLines(note, roomOf(panel)));
  const titles = parts.map(({ panel, title }) =>
    fits(title, roomOf(panel)) ? [title] : inLines(title, roomOf(panel)),
  );
  const sized = parts.map(({ panel, drawn, size: own }, k) => {
    const { width: w, height: h } = own ?? drawn.getBoundingClientRect();
    return {
      panel,
      width: w,
      height: h,
      lines: (titles[k]?.length ?? 1) + (notes[k]?.length ?? 0),
    };
  });
  const { boxes, bottom } = placed(sized, columns, width, Number(top));
  const drawn = parts.flatMap((part, k) => {
    const box = boxes[k];
    if (!box || box.width === 0) return [];
    const over = titles[k] ?? [];
    const lines = [
      ...over.slice(0, -1).map(escaped),
      captionOf({ ...part, title: over.at(-1) ?? "" }),
      ...(notes[k] ?? []).map(escaped),
    ];
    return [
      ...lines.map(
        (words, n) =>
          `<text x="${box.x}" y="${box.y - 6 - (lines.length - 1 - n) * LINE}" font-family="system-ui, 'Liberation Sans', sans-serif" font-size="13" fill="${ink}" xml:space="preserve">${words}</text>`,
      ),
      picture(part, box),
    ];
  });
  // Functions: in a replacement text a $ of the reader's own would stand for something else.
  const high = ((Number(wide) * bottom) / Number(across)).toFixed(2);
  return svg
    .replace(
      head,
      () =>
        `<svg ${lead}width="${wide}${unit}" height="${high}${unit}" viewBox="0 0 ${across} ${bottom}"`,
    )
    .replace("</svg>\n", () => `${drawn.join("\n")}\n</svg>\n`);
}
