// The legend: what a colour means, in numbers.

import { css } from "../base/colour.js";
import { element } from "../base/dom.js";

/** @typedef {import("../base/colour.js").Palette} Palette */

/** A bar of the colours, and what stands under it. @param {string[]} colours @param {string[]} names */
function rampOf(colours, names) {
  const ramp = element("div", "ramp");
  const last = Math.max(1, colours.length - 1);
  const stops = colours.map((colour, k) => `${colour} ${((100 * k) / last).toFixed(1)}%`);
  ramp.style.backgroundImage = `linear-gradient(to right, ${stops.join(", ")})`;
  const ticks = names.map((name) => element("span", "", name));
  return [ramp, element("div", "ticks", ...ticks)];
}

/** From the lowest value to the highest. @param {Palette} palette */
const coloursOf = ({ steps }) =>
  steps
    .slice(1)
    .filter((_, k) => k % 2 === 0)
    .map(css);

/** @param {number} pixel as a canvas keeps it */
const inCss = (pixel) => css([pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255]);

/**
 * What a view's own colours mean.
 * @param {HTMLElement} home
 * @param {import("../views/view.js").Meaning} meaning
 */
export function showMeaning(home, { bars, about }) {
  home.replaceChildren(
    ...bars.flatMap(({ pixels, words: [low = "", ...more], label }) => {
      const colours = Array.from(
        pixels.filter((pixel) => pixel !== 0),
        inCss,
      );
      return rampOf(colours, [low, label, more.at(-1) ?? ""]);
    }),
  );
  home.title = about;
  home.setAttribute("aria-label", `Legend: ${about}`);
}

/**
 * @param {HTMLElement} home
 * @param {Palette} palette
 * @param {"fixed" | "cell"} scale
 * @param {Palette | null} other of the differences that B shows, where it does
 */
export function showLegend(home, palette, scale, other) {
  const names =
    scale === "fixed" ? ["−1", "−0.5", "0", "+0.5", "+1"] : ["−max", "", "0", "", "+max"];
  home.replaceChildren(
    ...rampOf(coloursOf(palette), names),
    ...(other ? rampOf(coloursOf(other), ["B − A: −1", "", "0", "", "+1"]) : []),
  );
  const label =
    scale === "fixed"
      ? "Legend: from −1 in the strongest negative colour over 0 to +1 in the strongest positive one"
      : "Legend: each cell from minus its largest magnitude over 0 to plus its largest magnitude, written at the cell";
  const more = "; of B its values minus those of A, from −1 over 0 to +1, in two other colours";
  home.removeAttribute("title");
  home.setAttribute("aria-label", `${label}${other ? more : ""}`);
}
