// The sample digits, as buttons that show them.

import { SAMPLES } from "./samples.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} shown the name of the sample shown
 * @param {(name: string, strokes: import("./samples.js").Sample["strokes"]) => void} choose
 */
export const sampleButtons = (shown, choose) =>
  SAMPLES.map(({ name, words, strokes }) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.sample = name;
    button.setAttribute("aria-label", words);
    button.setAttribute("aria-pressed", String(name === shown));
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 100 100");
    for (const stroke of strokes) {
      const line = document.createElementNS(SVG, "polyline");
      line.setAttribute(
        "points",
        stroke.map(([x, y]) => `${(100 * x).toFixed(1)},${(100 * y).toFixed(1)}`).join(" "),
      );
      svg.append(line);
    }
    button.append(svg);
    button.addEventListener("click", () => choose(name, strokes));
    return button;
  });
