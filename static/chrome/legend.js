// The legend: what a colour means, in numbers.

import { css } from "../base/colour.js";
import { element } from "../base/dom.js";

/** @typedef {import("../base/colour.js").Palette} Palette */

/** A bar of the colours, and what stands under it. @param {Palette} palette @param {string[]} names */
function rampOf(palette, names) {
  const ramp = element("div", "ramp");
  const stops = [];
  for (let byte = -127; byte <= 127; byte += 2)
    stops.push(
      `${css(palette.steps[byte + 128] ?? [0, 0, 0])} ${((byte + 127) / 2.54).toFixed(1)}%`,
    );
  ramp.style.backgroundImage = `linear-gradient(to right, ${stops.join(", ")})`;
  const ticks = names.map((name) => element("span", "", name));
  return [ramp, element("div", "ticks", ...ticks)];
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
    ...rampOf(palette, names),
    ...(other ? rampOf(other, ["B − A: −1", "", "0", "", "+1"]) : []),
  );
  const label =
    scale === "fixed"
      ? "Legend: from −1 in the strongest negative colour over 0 to +1 in the strongest positive one"
      : "Legend: each cell from minus its largest magnitude over 0 to plus its largest magnitude, written at the cell";
  const more = "; of B its values minus those of A, from −1 over 0 to +1, in two other colours";
  home.setAttribute("aria-label", `${label}${other ? more : ""}`);
}
