// A small generator with a fixed seed, so that a failure can be seen again.

let state = 20180131;

/** A whole number in 0 .. below - 1. */
export function random(below) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

const POINTS = [
  "a",
  "b",
  "c",
  " ",
  "\n",
  "\t",
  "é",
  "e\u0301",
  "中",
  "😀",
  "😁",
  "\u{10600}",
  "א",
  "ش",
  "\u200d",
  "<",
  "&",
];

/** A well-formed text of up to `most` pieces. */
export const randomText = (most) =>
  Array.from({ length: random(most + 1) }, () => POINTS[random(POINTS.length)]).join("");
