// The picture of pairs of networks trained alike, as a file: how much better one is than the other.

import { escaped } from "./dumbbell.js";

/**
 * @typedef {object} Pair a row of the picture
 * @property {string} title
 * @property {string} words how they were trained
 * @property {boolean} paper by the paper's authors
 * @property {boolean} alike except for the kind of network
 * @property {string} difference
 * @property {string} nested
 * @property {string} stacked
 * @property {number} at place of the dot, in percent from left to right; 50 is no difference
 * @property {number} low ends of its range
 * @property {number} high
 */

const COLOUR = "#0a5fc4";
const ROW = 34;
const TOP = 62;
const LABELS = 620;
const WIDE = 320;
/** Where the numbers end, to the right of the picture. */
const NUMBERS = [190, 260, 330];

/** @param {Element} row of the page @returns {Pair} */
export function readPair(row) {
  /** @param {string} selector */
  const words = (selector) => row.querySelector(selector)?.textContent?.trim() ?? "";
  /** @param {string} selector @param {string} attribute */
  const place = (selector, attribute) =>
    Number.parseFloat(row.querySelector(selector)?.getAttribute(attribute) ?? "");
  const [, , difference = "", nested = "", stacked = ""] = Array.from(
    /** @type {HTMLTableRowElement} */ (row).cells,
    (cell) => cell.textContent?.trim() ?? "",
  );
  return {
    ...{ title: words(".label"), words: words(".words"), difference, nested, stacked },
    paper: row.classList.contains("paper"),
    alike: !row.classList.contains("unlike"),
    at: place("circle", "cx"),
    low: place(".range", "x1"),
    high: place(".range", "x2"),
  };
}

/** @param {readonly Pair[]} rows @returns {string[][]} */
export const pairsTable = (rows) => [
  ["trained alike", "how", "by", "only the kind differs", "difference", "Nested", "Stacked"],
  ...rows.map(({ title, words, paper, alike, difference, nested, stacked }) => [
    ...[title, words, paper ? "paper" : "ours", alike ? "yes" : "no"],
    ...[difference, nested, stacked],
  ]),
];

/**
 * @param {readonly Pair[]} rows
 * @param {string} title
 * @param {string} end of the axis, on both sides: "10 %"
 */
export function pairsSvg(rows, title, end) {
  const width = LABELS + WIDE + (NUMBERS.at(-1) ?? 0) + 16;
  const height = TOP + rows.length * ROW + 16;
  /** @param {number} percent */
  const x = (percent) => (LABELS + (WIDE * percent) / 100).toFixed(1);
  /** @param {string} words @param {number | string} at @param {number} y @param {string} [more] */
  const text = (words, at, y, more = "") =>
    `<text x="${at}" y="${y}" ${more}>${escaped(words)}</text>`;
  const [first = 0, second = 0, third = 0] = NUMBERS.map((place) => LABELS + WIDE + place);
  const head = [
    text(title, 16, 24, 'font-weight="600"'),
    text(`← Nested better, ${end}`, x(0), TOP - 12),
    text(`Stacked better, ${end} →`, x(100), TOP - 12, 'text-anchor="end"'),
    ...[
      ["difference", first],
      ["Nested", second],
      ["Stacked", third],
    ].map(([words, at]) => text(String(words), at ?? 0, TOP - 12, 'text-anchor="end"')),
    `<path d="M${x(50)} ${TOP}V${height - 12}" stroke="#a3a6af"/>`,
  ];
  const drawn = rows.flatMap((row, k) => {
    const y = TOP + k * ROW + ROW / 2;
    const fill = row.paper ? "#fff" : COLOUR;
    const faint = row.alike ? "" : ' opacity="0.45"';
    return [
      text(`${row.title}${row.paper ? " (paper)" : ""}`, 16, y - 2, 'font-weight="600"'),
      text(row.words, 16, y + 12, 'font-size="11" fill="#5d6068"'),
      `<g stroke="${COLOUR}" fill="${fill}"${faint}><path d="M${x(row.low)} ${y}H${x(row.high)}" stroke-width="2"/><circle cx="${x(row.at)}" cy="${y}" r="5" stroke-width="1.5"/></g>`,
      ...[
        [row.difference, first],
        [row.nested, second],
        [row.stacked, third],
      ].map(([words, at]) => text(String(words), at ?? 0, y + 4, 'text-anchor="end"')),
    ];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, 'Liberation Sans', sans-serif" font-size="13" fill="#17181b"><rect width="100%" height="100%" fill="#fff"/>${[...head, ...drawn].join("")}</svg>`;
}
