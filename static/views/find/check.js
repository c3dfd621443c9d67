// A cell on the corpus: how well it distinguishes the feature there, beside chance; and how its values are spread.

import { element } from "../../base/dom.js";
import { counted, signed } from "../../base/format.js";

/** @typedef {import("../../base/colour.js").Palette} Palette */
/**
 * A row of a ranking, as the server sends it.
 * @typedef {object} Row
 * @property {number} layer
 * @property {number} level
 * @property {number} cell
 * @property {1 | -1} sign
 * @property {number} auc
 * @property {number} low
 * @property {number} high
 * @property {number} inside
 * @property {number} outside
 * @property {number} p
 * @property {boolean} real neither chance nor the last characters explain it
 */
/** @typedef {{ characters: number, share: number, runs: number, chance: number, shifts: number, character: number, recent: number, rows: Row[], note: string | null }} Ranking note: what the model cannot read of it */

/** AUC of the last characters above which they settle a feature; as in analysis/selectivity/ranking.py. */
const SETTLED = 0.99;

/** From 0.5 to 1 in percent. @param {number} auc */
const across = (auc) => `${(200 * Math.max(0, Math.min(1, auc) - 0.5)).toFixed(2)}%`;

/** @param {string} name @param {Record<string, string>} style @param {string} title */
function piece(name, style, title) {
  const made = element("i", name);
  Object.assign(made.style, style);
  made.title = title;
  return made;
}

/**
 * The AUC on an axis from 0.5 to 1: a dot with its interval, what chance reaches, and the text of the page.
 * @param {Row} row
 * @param {Ranking} ranking
 * @param {number | null} here the AUC on the text of the page, of the same sign
 * @param {number} cells of the model
 */
export function checkOf(row, ranking, here, cells) {
  const { auc, low, high } = row;
  const axis = element(
    "div",
    "auc-axis",
    piece("by-chance", { width: across(ranking.chance) }, "what the best cell reaches by chance"),
    piece("recent", { left: across(ranking.recent) }, "what the last four characters reach"),
    piece(
      "interval",
      { left: across(low), right: `calc(100% - ${across(high)})` },
      "95 % interval",
    ),
    ...(here === null ? [] : [piece("on-page", { left: across(here) }, "on your text")]),
    piece("dot", { left: across(auc) }, "on the corpus"),
  );
  axis.setAttribute("aria-hidden", "true");
  const ticks = element(
    "div",
    "auc-ticks",
    ...["0.5", "0.75", "1"].map((t) => element("span", "", t)),
  );
  ticks.setAttribute("aria-hidden", "true");
  const chance = ranking.chance.toFixed(2);
  const recent = ranking.recent.toFixed(2);
  const settled = ranking.recent > SETTLED;
  const best = `the best of all ${counted(cells)} cells reaches ${chance} by chance`;
  const verdict = row.real
    ? settled
      ? `beyond chance: ${best}. But the last four characters settle it: it takes no memory`
      : `beyond chance and beyond the last four characters: ${best}, the characters ${recent}`
    : row.p < 0.05
      ? `no more than the last four characters, which reach ${recent}; ${best}`
      : `no more than chance: ${best}`;
  const said = element(
    "p",
    "auc-said",
    element("b", "", `AUC ${auc.toFixed(3)}`),
    ` (95 % interval ${low.toFixed(2)} to ${high.toFixed(2)}), ${verdict}. Mean ${signed(row.inside, 2)} inside, ${signed(row.outside, 2)} outside, over ${counted(ranking.characters)} characters.`,
  );
  const unread = ranking.note ? [element("p", "auc-said unread", ranking.note)] : [];
  return element("div", "check", axis, ticks, said, ...unread);
}

/**
 * How often each value occurs, on the colour of the value; heights are square roots, so that rare ones are seen.
 * @param {readonly number[]} counts of the values -127 .. 127
 * @param {Palette} palette
 */
export function histogramOf(counts, palette) {
  const canvas = element("canvas", "histogram");
  canvas.setAttribute("role", "img");
  const total = counts.reduce((a, b) => a + b, 0) || 1;
  const share = (/** @type {number} */ from, /** @type {number} */ to) =>
    Math.round((100 * counts.slice(from, to).reduce((a, b) => a + b, 0)) / total);
  canvas.setAttribute(
    "aria-label",
    `Values over the corpus: ${share(0, 77)} % below −0.4, ${share(77, 178)} % between, ${share(178, 255)} % above +0.4`,
  );
  const [width, height] = [2 * counts.length, 96];
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d");
  const most = Math.sqrt(Math.max(1, ...counts));
  for (const [k, count] of counts.entries()) {
    const [r, g, b] = palette.steps[k + 1] ?? [0, 0, 0];
    if (!pen) break;
    const tall = Math.ceil((height * Math.sqrt(count)) / most);
    pen.fillStyle = `rgb(${r},${g},${b})`;
    pen.fillRect(2 * k, height - tall, 2, tall);
    pen.fillStyle = "rgb(128 128 128 / 55%)"; // an edge: values near zero have nearly the paper's colour
    if (tall > 0) pen.fillRect(2 * k, height - tall, 2, 2);
  }
  return element(
    "div",
    "spread",
    canvas,
    element("div", "auc-ticks", ...["−1", "0", "+1"].map((t) => element("span", "", t))),
  );
}
