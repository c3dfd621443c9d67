// The picture of inner against outer: for every memory a bar from the 10th to the 90th percentile of its cells'
// timescales, with a dot at the median. Pure: reports in, the text of an SVG out.

import { inCharacters } from "../base/format.js";
import { ROLE_COLOURS, roleOf } from "../base/roles.js";
import { summary } from "../wire/report.js";

/** @typedef {import("../wire/report.js").Report} Report */
/** @typedef {import("../wire/report.js").Measure} Measure */
/** @typedef {import("../base/colour.js").Theme} Theme */
/** @typedef {{ title: string } | { name: string, role: import("../base/roles.js").Role, tau: (number | null)[], words: string }} Row */

const ROW = 26;
const HEAD = 34;
const LABEL = 148;
const WORDS = 256;
const NARROW = 620;

const MARKUP = /** @type {Record<string, string>} */ ({
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
});
/** @param {string} text */
export const escaped = (text) => text.replace(/[&<>"]/g, (character) => MARKUP[character] ?? "");

/**
 * The rows: a title for every model, and a row for every memory but the outputs.
 * @param {Report[]} reports
 * @param {Measure} measure
 * @returns {Row[]}
 */
export function rowsOf(reports, measure) {
  return reports.flatMap((report) => [
    { title: report.model },
    ...report.states
      .filter((memory) => roleOf(memory, report.states) !== "output")
      .map((memory) => {
        const { used, saturated, dead, tau } = summary(report, memory, measure);
        const numbers = tau.map((value) => (typeof value === "number" ? value : null));
        const middle = numbers[1] ?? null;
        const left = measure.of_units ? saturated + dead : 0;
        const said = [];
        if (middle !== null) said.push(`${inCharacters(middle)} characters`);
        else said.push(tau[1] === null ? "no number" : String(tau[1]));
        if (left > 0) said.push(`${left} of ${left + used} left out`);
        const role = roleOf(memory, report.states);
        return { name: memory.name, role, tau: numbers, words: said.join(" · ") };
      }),
  ]);
}

/**
 * @param {Row[]} rows
 * @param {number} width in pixels
 * @param {Theme} theme
 */
export function dumbbell(rows, width, theme) {
  const ink = theme === "light" ? "#17181b" : "#e9e9ec";
  const soft = theme === "light" ? "#5d6068" : "#a3a6af";
  const rule = theme === "light" ? "#e3e1da" : "#2a2c33";
  const colours = ROLE_COLOURS[theme];
  const narrow = width < NARROW;
  const left = narrow ? 104 : LABEL;
  const right = width - (narrow ? 92 : WORDS);
  const known = rows.flatMap((row) =>
    "tau" in row ? row.tau.filter((value) => value !== null) : [],
  );
  const low = Math.min(1, ...known.map((value) => value * 0.9));
  const high = Math.max(20, ...known.map((value) => value * 1.15));
  /** @param {number} tau */
  const x = (tau) => left + ((right - left) * Math.log(tau / low)) / Math.log(high / low);
  const parts = [];
  let y = 8;
  const marks = [0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200].filter((at) => at >= low && at <= high);
  for (const row of rows) {
    if ("title" in row) {
      y += HEAD;
      parts.push(
        `<text x="0" y="${y - 10}" font-size="13.5" font-weight="600" fill="${ink}">${escaped(row.title)}</text>`,
      );
      continue;
    }
    const middle = y + ROW / 2;
    const colour = colours[row.role];
    const [first, median, last] = row.tau;
    parts.push(
      `<text x="12" y="${middle + 4}" font-size="13" fill="${colour}">${escaped(row.name)}</text>`,
    );
    if (typeof first === "number" && typeof last === "number")
      parts.push(
        `<line x1="${x(first)}" x2="${x(last)}" y1="${middle}" y2="${middle}" stroke="${colour}" stroke-width="5" stroke-linecap="round" stroke-opacity="0.35"/>`,
      );
    if (typeof median === "number")
      parts.push(`<circle cx="${x(median)}" cy="${middle}" r="6" fill="${colour}"/>`);
    const words = narrow ? (row.words.split(" · ")[0] ?? "").replace(" characters", "") : row.words;
    parts.push(
      `<text x="${right + 14}" y="${middle + 4}" font-size="13" fill="${ink}">${escaped(words)}</text>`,
    );
    y += ROW;
  }
  const axis = y + 14;
  const lines = marks.map(
    (at) =>
      `<line x1="${x(at)}" x2="${x(at)}" y1="26" y2="${axis - 8}" stroke="${rule}"/>` +
      `<text x="${x(at)}" y="${axis + 8}" font-size="12" text-anchor="middle" fill="${soft}">${at}</text>`,
  );
  const title = `<text x="${(left + right) / 2}" y="${axis + 28}" font-size="12" text-anchor="middle" fill="${soft}">characters until the memory is gone (log scale): dot, median cell; bar, 10 to 90 % of the cells</text>`;
  const height = axis + 38;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, 'Liberation Sans', sans-serif">${lines.join("")}${parts.join("")}${narrow ? "" : title}</svg>`;
}
