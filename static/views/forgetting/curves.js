// What is left in every memory, one under another on one axis of characters after the change.

import { element } from "../../base/dom.js";
import { glyphOf } from "../../base/format.js";
import { letterOf } from "../../base/places.js";
import { shape } from "../../base/svg.js";
import { foldWords } from "./words.js";

/** @typedef {import("./words.js").Trail} Trail */

/** Fewer characters than this are never shown, and more than that not told apart. */
const SHORTEST = 24;
const LONGEST = 400;
/** So many characters can be read under the axis. */
const READABLE = 72;
/** Height of a curve in its own units. */
const HIGH = 100;

/** Characters on the axis: enough to see every memory go. @param {Trail[]} trails @param {number} length */
export function axisOf(trails, length) {
  const folds = trails.map(({ left, fold }) => (left && fold === null ? LONGEST : (fold ?? 0)));
  const wanted = Math.max(SHORTEST, Math.ceil(3 * Math.max(0, ...folds)));
  return Math.max(1, Math.min(wanted, LONGEST, length - 1));
}

/** Steps of 1, 2 or 5 times a power of ten, about six of them. @param {number} most */
export function ticksOf(most) {
  const rough = most / 6;
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? power;
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, k) => k * step);
}

/** @param {Trail} trail @param {number} most */
function drawing({ left, fold }, most) {
  const svg = shape("svg", {
    viewBox: `0 0 ${most} ${HIGH}`,
    preserveAspectRatio: "none",
    "aria-hidden": "true",
  });
  // A difference may grow before it goes: its peak is at the top.
  const peak = Math.max(1, ...(left?.subarray(0, most + 1) ?? []));
  const y = (/** @type {number} */ share) => (HIGH * (1 - share / peak)).toFixed(2);
  svg.append(shape("path", { class: "e", d: `M0 ${y(1 / Math.E)}H${most}` }));
  if (!left) return svg;
  const points = [...left.subarray(0, most + 1)].map((share, k) => `${k} ${y(share)}`);
  const end = Math.min(most, left.length - 1);
  svg.append(shape("path", { class: "area", d: `M0 ${HIGH}L${points.join("L")}L${end} ${HIGH}Z` }));
  svg.append(shape("path", { class: "line", d: `M${points.join("L")}` }));
  if (fold !== null && fold <= most)
    svg.append(shape("path", { class: "fold", d: `M${fold.toFixed(3)} ${HIGH}V0` }));
  return svg;
}

/**
 * @param {{ panel: number, memory: number, trail: Trail }[]} rows
 * @param {readonly string[]} after the characters from the last changed one on
 * @returns {HTMLElement}
 */
export function drawCurves(rows, after) {
  const most = axisOf(
    rows.map(({ trail }) => trail),
    after.length,
  );
  const at = (/** @type {number} */ k) => `${((100 * k) / most).toFixed(3)}%`;
  const parts = rows.map(({ panel, memory, trail }) => {
    const frame = element("div", "trail-frame", drawing(trail, most), element("i", "down"));
    const made = element(
      "figure",
      `trail memory-${memory % 4}`,
      element(
        "figcaption",
        "",
        element(
          "b",
          "",
          `${letterOf(panel)}  ${trail.name}${trail.cell === null ? "" : `, cell ${trail.cell}`}`,
        ),
        element("span", "", foldWords(trail)),
      ),
      frame,
    );
    return made;
  });
  const ticks = ticksOf(most).map((k) => {
    const tick = element("span", "", String(k));
    tick.style.left = at(k);
    return tick;
  });
  const glyphs =
    most > READABLE
      ? []
      : after.slice(1, most + 1).map((character, k) => {
          const made = element("span", "", glyphOf(character));
          made.style.left = at(k + 1);
          return made;
        });
  const scale = element(
    "div",
    "trail-axis",
    element("div", "ticks", ...ticks),
    element("div", "glyphs", ...glyphs),
    element("p", "", "characters after the change"),
  );
  scale.setAttribute("aria-hidden", "true");
  const drawn = element("div", "trails", ...parts, scale);
  drawn.dataset.most = String(most);
  return drawn;
}
