// Twelve digits to begin with, each as the strokes of a pen. Pure.

/** @typedef {import("./strokes.js").Point} Point */
/** @typedef {import("./strokes.js").Stroke} Stroke */
/** @typedef {{ name: string, words: string, strokes: Stroke[] }} Sample */

const POINTS = 24;

/**
 * Points along an ellipse, angles in degrees, clockwise from the right.
 * @param {Point} centre
 * @param {Point} radii
 * @param {number} from
 * @param {number} to
 * @returns {Point[]}
 */
const arc = ([x, y], [rx, ry], from, to) =>
  Array.from({ length: POINTS + 1 }, (_, k) => {
    const angle = ((from + ((to - from) * k) / POINTS) * Math.PI) / 180;
    return [x + rx * Math.cos(angle), y + ry * Math.sin(angle)];
  });

/**
 * Points along a cubic Bézier curve.
 * @param {Point} a @param {Point} b @param {Point} c @param {Point} d
 * @returns {Point[]}
 */
const curve = (a, b, c, d) =>
  Array.from({ length: POINTS + 1 }, (_, k) => {
    const t = k / POINTS;
    const s = 1 - t;
    /** @param {0 | 1} axis */
    const at = (axis) =>
      s * s * s * a[axis] + 3 * s * s * t * b[axis] + 3 * s * t * t * c[axis] + t * t * t * d[axis];
    return [at(0), at(1)];
  });

/** @type {readonly Sample[]} */
export const SAMPLES = [
  { name: "0", words: "zero", strokes: [arc([0.5, 0.5], [0.23, 0.34], -70, 290)] },
  {
    name: "1",
    words: "one",
    strokes: [
      [
        [0.56, 0.16],
        [0.46, 0.84],
      ],
    ],
  },
  {
    name: "2",
    words: "two",
    strokes: [
      [
        ...arc([0.49, 0.35], [0.2, 0.19], 195, 375),
        ...curve([0.68, 0.42], [0.62, 0.6], [0.42, 0.72], [0.28, 0.82]),
        [0.76, 0.82],
      ],
    ],
  },
  {
    name: "3",
    words: "three",
    strokes: [
      [...arc([0.48, 0.33], [0.19, 0.17], 205, 440), ...arc([0.48, 0.66], [0.22, 0.18], 275, 505)],
    ],
  },
  {
    name: "4",
    words: "four, open",
    strokes: [
      [
        [0.34, 0.18],
        [0.29, 0.52],
        [0.72, 0.52],
      ],
      [
        [0.66, 0.16],
        [0.62, 0.86],
      ],
    ],
  },
  {
    name: "4c",
    words: "four, closed",
    strokes: [
      [
        [0.6, 0.86],
        [0.62, 0.16],
        [0.25, 0.62],
        [0.78, 0.62],
      ],
    ],
  },
  {
    name: "5",
    words: "five",
    strokes: [
      [[0.72, 0.17], [0.38, 0.18], [0.34, 0.46], ...arc([0.47, 0.63], [0.22, 0.2], 235, 500)],
    ],
  },
  {
    name: "6",
    words: "six",
    strokes: [
      [
        ...curve([0.62, 0.15], [0.42, 0.28], [0.31, 0.48], [0.31, 0.67]),
        ...arc([0.49, 0.67], [0.18, 0.17], 180, -175),
      ],
    ],
  },
  {
    name: "7",
    words: "seven",
    strokes: [
      [
        [0.27, 0.2],
        [0.73, 0.2],
        [0.45, 0.85],
      ],
    ],
  },
  {
    name: "7c",
    words: "seven, crossed",
    strokes: [
      [
        [0.28, 0.22],
        [0.74, 0.19],
        [0.46, 0.86],
      ],
      [
        [0.4, 0.53],
        [0.74, 0.5],
      ],
    ],
  },
  {
    name: "8",
    words: "eight",
    strokes: [
      [...arc([0.5, 0.33], [0.16, 0.16], 90, -270), ...arc([0.5, 0.67], [0.2, 0.18], -90, 270)],
    ],
  },
  {
    name: "9",
    words: "nine",
    strokes: [
      [
        ...arc([0.49, 0.35], [0.18, 0.18], 0, -360),
        ...curve([0.67, 0.35], [0.67, 0.55], [0.63, 0.7], [0.57, 0.86]),
      ],
    ],
  },
];

/** @param {string} name */
export const sampleOf = (name) => SAMPLES.find((sample) => sample.name === name);
