// A poem as a grid: its characters one square apart, as wide as the font may have them.

import { VERSE } from "../../text/poem.js";

/** Pixels of a side. */
const LARGEST = 34;

/**
 * @param {HTMLElement} root where the style sheets find the squares
 * @param {HTMLElement} text whose font they have
 * @param {number} width of a block
 * @param {number} large how much larger the type is than usual
 * @param {string} before what hangs before the first character
 * @returns {number | null} pixels of a side
 */
export function layInSquares(root, text, width, large, before) {
  const pen = document.createElement("canvas").getContext("2d");
  if (!pen) return null;
  const side = Math.floor(Math.min(LARGEST * large, width / (VERSE + 1.5)));
  pen.font = `${side - 2}px ${getComputedStyle(text).fontFamily}`;
  const spacing = side - pen.measureText("永").width;
  const hang = before ? pen.measureText(before).width + spacing : 0;
  for (const [name, value] of Object.entries({ line: side, glyph: side - 2, spacing, hang }))
    root.style.setProperty(`--${name}`, `${value}px`);
  return side;
}
