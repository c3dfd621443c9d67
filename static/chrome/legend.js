// The legend: what a colour means, in numbers.

import { css } from "../base/colour.js";
import { element } from "../base/dom.js";

const TICKS = [-1, -0.5, 0, 0.5, 1];

/**
 * @param {HTMLElement} home
 * @param {import("../base/colour.js").Palette} palette
 * @param {"fixed" | "cell"} scale
 */
export function showLegend(home, palette, scale) {
  const ramp = element("div", "ramp");
  const stops = [];
  for (let byte = -127; byte <= 127; byte += 2)
    stops.push(
      `${css(palette.steps[byte + 128] ?? [0, 0, 0])} ${((byte + 127) / 2.54).toFixed(1)}%`,
    );
  ramp.style.backgroundImage = `linear-gradient(to right, ${stops.join(", ")})`;
  const names =
    scale === "fixed" ? ["−1", "−0.5", "0", "+0.5", "+1"] : ["−max", "", "0", "", "+max"];
  const ticks = element(
    "div",
    "ticks",
    ...TICKS.map((_, k) => element("span", "", names[k] ?? "")),
  );
  home.replaceChildren(ramp, ticks);
  home.setAttribute(
    "aria-label",
    scale === "fixed"
      ? "Legend: from −1 in the strongest negative colour over 0 to +1 in the strongest positive one"
      : "Legend: each cell from minus its largest magnitude over 0 to plus its largest magnitude, written at the cell",
  );
}
