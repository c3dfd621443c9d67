// How much comes from how far back: a curve a model, both axes logarithmic.

import { element } from "../../base/dom.js";
import { letterOf } from "../../base/places.js";
import { shape } from "../../base/svg.js";
import { binned } from "./origin.js";

const WIDE = 600;
const HIGH = 120;
/** Powers of ten under the largest that are told apart. */
const DECADES = 3;
const TICKS = [1, 2, 5, 10, 20, 50, 100, 200, 400];

/**
 * @param {readonly (readonly number[])[]} all sizes by distance, of every model
 * @param {number} own the model whose curve it is; the other one is drawn faintly
 * @param {string} caption
 */
export function drawCurve(all, own, caption) {
  const longest = Math.max(2, ...all.map((sizes) => sizes.length));
  /** @param {number} back 1 for the last character */
  const x = (back) => (WIDE * Math.log(back)) / Math.log(longest);
  const svg = shape("svg", {
    viewBox: `0 0 ${WIDE} ${HIGH}`,
    preserveAspectRatio: "none",
    "aria-hidden": "true",
  });
  for (let decade = 1; decade < DECADES; decade += 1)
    svg.append(shape("path", { class: "rule", d: `M0 ${(HIGH * decade) / DECADES}H${WIDE}` }));
  for (const [panel, sizes] of all.entries()) {
    const bins = binned(sizes);
    const largest = Math.max(...bins.map(({ size }) => size));
    if (!(largest > 0)) continue;
    const points = bins.map(({ back, size }) => {
      const down = Math.min(DECADES, -Math.log10(Math.max(size / largest, 1e-9)));
      return `${x(back + 1).toFixed(1)} ${((HIGH * down) / DECADES).toFixed(1)}`;
    });
    const kind = panel === own ? "line" : "other";
    svg.append(shape("path", { class: kind, d: `M${points.join("L")}` }));
  }
  const ticks = TICKS.filter((back) => back <= longest).map((back) => {
    const tick = element("span", "", String(back));
    tick.style.left = `${(100 * x(back)) / WIDE}%`;
    return tick;
  });
  const letters = [...all.keys()].filter((panel) => panel !== own).map(letterOf);
  const others = letters.length > 0 ? ` · faint: ${letters.join(", ")}` : "";
  const made = element(
    "figure",
    "why-curve",
    element("figcaption", "", caption),
    element("div", "why-frame", svg),
    element("div", "why-ticks", ...ticks),
    element("p", "why-axis", `characters back · from line to line a tenth${others}`),
  );
  made.dataset.longest = String(longest);
  return made;
}

/**
 * The curves as they stand in their homes, for a file: it has no ticks under them.
 * @param {readonly HTMLElement[]} homes
 * @returns {import("../view.js").Part[]}
 */
export const partsOf = (homes) =>
  homes.flatMap((home, panel) => {
    const figure = /** @type {HTMLElement | null} */ (home.querySelector(".why-curve"));
    const drawn = figure?.querySelector("svg");
    if (!figure || !drawn) return [];
    const [title, axis] = ["figcaption", ".why-axis"].map(
      (part) => figure.querySelector(part)?.textContent ?? "",
    );
    const note = `from 1 to ${figure.dataset.longest} ${axis}, both axes logarithmic`;
    const size = { width: drawn.clientWidth, height: drawn.clientHeight };
    return [{ panel, title: `${letterOf(panel)}  ${title}`, note, drawn, size }];
  });
