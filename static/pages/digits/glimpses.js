// The 20 glimpses of an image in the order read (models/glimpses.py): where each lies. Pure.

export const GLIMPSES = 20;
const QUARTERS = ["upper left", "upper right", "lower left", "lower right"];
const HALF = 14;
const SEEN = 7;

/**
 * @typedef {object} Glimpse
 * @property {number} x of its left edge in the image, in pixels
 * @property {number} y of its top edge
 * @property {number} side 14 of a quarter seen coarsely, 7 of a tile
 * @property {1 | 2} step pixels from one that is seen to the next
 * @property {string} words
 */

/** Of the glimpse of that number, from 0. @param {number} k @returns {Glimpse} */
export function glimpse(k) {
  const [quarter, part] = [Math.floor(k / 5), k % 5];
  const [x, y] = [HALF * (quarter % 2), HALF * Math.floor(quarter / 2)];
  const name = QUARTERS[quarter];
  if (part === 0)
    return { x, y, side: HALF, step: 2, words: `${name} quarter, every other row and column` };
  return {
    x: x + SEEN * ((part - 1) % 2),
    y: y + SEEN * Math.floor((part - 1) / 2),
    side: SEEN,
    step: 1,
    words: `${name} quarter, ${QUARTERS[part - 1]} tile`,
  };
}
