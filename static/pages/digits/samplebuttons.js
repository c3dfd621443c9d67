// The sample digits, as buttons that show them.

import { shape } from "../../base/svg.js";
import { SAMPLES } from "./samples.js";

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
    const lines = strokes.map((stroke) =>
      shape("polyline", {
        points: stroke.map(([x, y]) => `${(100 * x).toFixed(1)},${(100 * y).toFixed(1)}`).join(" "),
      }),
    );
    button.append(shape("svg", { viewBox: "0 0 100 100" }, ...lines));
    button.addEventListener("click", () => choose(name, strokes));
    return button;
  });
