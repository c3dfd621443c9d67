// How long the memories of one cell last, as a picture: what is left after n characters, on this text and over
// all cells of the memory, and where 1/e is left by the model's report.

import { element } from "../../base/dom.js";
import { shape } from "../../base/svg.js";

/**
 * One memory.
 * @typedef {object} Lasts
 * @property {string} name
 * @property {string} colour
 * @property {{ lags: number[], low: (number | null)[], high: (number | null)[] } | null} all the middle 80 % of all cells, by the report
 * @property {number | null} tau by the report
 * @property {number | null} low
 * @property {number | null} high
 * @property {{ lags: readonly number[], shares: readonly number[] } | null} measured this cell's curve, by the report
 * @property {Float64Array | null} curve on this text: the share that is left after 0, 1, 2 ... characters
 */

const HIGH = 118;
const LEFT = 30;
const RIGHT = 14;
const TOP = 6;
const BOTTOM = 20;
const LONGEST = 400;
const TICKS = [1, 2, 5, 10, 20, 50, 100, 200, 400];

/** Before the first character after the change there is no logarithm: it stands where this would. */
const ZERO = 0.6;

/** Where a number of characters lies, 0 .. 1. @param {number} k */
const along = (k) =>
  Math.log(Math.max(ZERO, Math.min(LONGEST, k)) / ZERO) / Math.log(LONGEST / ZERO);

/** @param {Lasts[]} rows @param {number} width @param {string | null} text of the report */
export function drawLasting(rows, width, text) {
  const wide = Math.max(200, width);
  const x = (/** @type {number} */ k) => LEFT + along(k) * (wide - LEFT - RIGHT);
  const y = (/** @type {number} */ share) =>
    TOP + (1 - Math.max(0, Math.min(1.1, share)) / 1.1) * (HIGH - TOP - BOTTOM);
  const at = (/** @type {number} */ k, /** @type {number} */ share) =>
    `${x(k).toFixed(1)} ${y(share).toFixed(1)}`;
  const svg = shape("svg", {
    width: wide,
    height: HIGH,
    viewBox: `0 0 ${wide} ${HIGH}`,
    role: "img",
  });
  const told = rows.map(({ name, tau }) => `${name} ${tau ?? "not measured"}`).join(", ");
  svg.append(shape("title", {}, `Characters until 1/e is left, by the report: ${told}`));
  for (const share of [0, 1 / Math.E, 1]) {
    const words = share === 0 ? "0" : share === 1 ? "1" : "1/e";
    svg.append(
      shape("path", {
        class: share === 0 || share === 1 ? "edge" : "e",
        d: `M${at(0, share)}H${wide - RIGHT}`,
      }),
      shape("text", { class: "tick", x: LEFT - 5, y: y(share) + 4, "text-anchor": "end" }, words),
    );
  }
  for (const k of TICKS)
    svg.append(
      shape("path", { class: "edge", d: `M${at(k, 0)}v4` }),
      shape("text", { class: "tick", x: x(k), y: HIGH - 4, "text-anchor": "middle" }, String(k)),
    );
  for (const { all, colour } of rows) {
    if (!all) continue;
    const up = all.lags.map((k, n) => at(k, all.high[n] ?? 0));
    const down = all.lags.map((k, n) => at(k, all.low[n] ?? 0)).reverse();
    svg.append(
      shape("path", { class: "band", d: `M${[...up, ...down].join("L")}Z`, fill: colour }),
    );
  }
  for (const { measured, colour } of rows) {
    if (!measured) continue;
    const points = measured.lags.map((k, n) => at(k, measured.shares[n] ?? 0));
    svg.append(
      shape("path", { class: "line measured", d: `M${points.join("L")}`, stroke: colour }),
    );
  }
  for (const { curve, colour } of rows) {
    if (!curve) continue;
    const points = Array.from(curve, (share, k) => at(k, share));
    svg.append(shape("path", { class: "line", d: `M${points.join("L")}`, stroke: colour }));
  }
  for (const { tau, low, high, colour, name } of rows) {
    if (tau === null) continue;
    const e = 1 / Math.E;
    const mark = shape("g", { class: "tau", stroke: colour, fill: colour });
    mark.append(
      shape("title", {}, `${name}: ${tau} characters${text ? `, on ${text}` : ""}`),
      shape("path", { d: `M${at(low ?? tau, e)}H${x(high ?? tau).toFixed(1)}` }),
      shape("circle", { cx: x(tau), cy: y(e), r: 4 }),
    );
    svg.append(mark);
  }
  const keys = rows.map(({ name, colour }) => {
    const swatch = element("i", "swatch");
    swatch.style.color = colour;
    return element("span", "key", swatch, name);
  });
  const what = element(
    "span",
    "what",
    ...(text
      ? [`● 1/e left, on ${text}`, element("span", "", "shaded: 80 % of all cells there")]
      : []),
    ...(rows.some(({ measured }) => measured)
      ? [element("span", "", "dashed: this cell there")]
      : []),
    ...(rows.some(({ curve }) => curve)
      ? [element("span", "", "line: this cell on this text")]
      : []),
  );
  return element("div", "lasting-drawn", svg, element("div", "lasting-keys", ...keys, what));
}

/** What its lines mean, for a file. @param {Element} home that it was drawn in */
export function keysIn(home) {
  const keys = [...home.querySelectorAll(".lasting-keys .key")].map((key) => ({
    name: key.textContent ?? "",
    colour: /** @type {HTMLElement | null} */ (key.querySelector(".swatch"))?.style.color ?? "",
  }));
  const words = [...(home.querySelector(".lasting-keys .what")?.childNodes ?? [])];
  return { keys, note: words.map(({ textContent }) => textContent).join(" · ") };
}
