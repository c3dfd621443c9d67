// The figure laid out for a width in print: the lines are broken anew, so that the type keeps its size. Pure.

import { rowStarts } from "../views/blocks/paint.js";
import { GAP } from "./scene.js";

/** @typedef {import("../views/blocks/paint.js").Boxes} Boxes */

/** Millimetres of a CSS pixel in print: letters of 13 and 14 pixels are then 7.4 and 7.9 points high. */
export const PIXEL = 0.2;
/** A column narrower than this has its model under the one before, if there is one. */
const NARROW = 130;
/** And one narrower than this has no room for words. */
const NARROWEST = 60;

/**
 * The columns of print: pixels of each, and whether the models stand under one another.
 * @param {readonly number[]} columns of each model
 * @param {number} wide millimetres
 * @returns {{ width: number, stacked: boolean }}
 * @throws {RangeError} in words, where there is no room
 */
export function columnsIn(columns, wide) {
  const room = wide / PIXEL - GAP;
  const abreast = columns.reduce((a, b) => a + b, 0);
  const most = Math.max(1, ...columns);
  const widthOf = (/** @type {number} */ count) => room / Math.max(1, count) - GAP;
  const stacked = columns.length > 1 && widthOf(abreast) < NARROW;
  const width = widthOf(stacked ? most : abreast);
  if (width >= NARROWEST) return { width, stacked };
  const least = Math.ceil((GAP + most * (NARROWEST + GAP)) * PIXEL);
  throw new RangeError(
    `A figure ${wide} mm wide has no room for its words: give at least ${least} mm.`,
  );
}

/** Whether each row goes from left to right. @param {Boxes} boxes */
const isForward = ({ count, row, left }) => {
  for (let k = 1; k < count; k += 1)
    if (row[k] === row[k - 1] && (left[k] ?? 0) < (left[k - 1] ?? 0)) return false;
  return true;
};

/** Whether no row was broken but where the text has a newline. @param {Boxes} boxes @param {readonly string[]} text */
const isUnbroken = ({ count, row }, text) => {
  for (let k = 1; k < count; k += 1)
    if (row[k] !== row[k - 1] && text[k - 1] !== "\n") return false;
  return true;
};

/** A line may end after it. @param {string} character */
const mayBreak = (character) =>
  /[\s\p{Pd}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(character);

/**
 * Characters in lines of another width, each as wide as it was measured; spaces at the end of a line hang there.
 * @param {Boxes} boxes
 * @param {readonly string[]} text code points
 * @param {number} width CSS pixels
 * @returns {Boxes | null} null: a text that runs from right to left was broken by the browser alone
 */
export function relaid(boxes, text, width) {
  if (!isForward(boxes)) return null;
  const { count } = boxes;
  const widest = boxes.right.subarray(0, count).reduce((a, b) => Math.max(a, b), 0);
  if (isUnbroken(boxes, text) && widest <= width) return boxes;
  const row = new Uint16Array(count);
  const left = new Float32Array(count);
  const right = new Float32Array(count);
  const wideOf = (/** @type {number} */ k) => (boxes.right[k] ?? 0) - (boxes.left[k] ?? 0);
  let [line, x] = [0, 0];
  for (let k = 0; k < count; ) {
    let end = k + 1;
    while (end < count && !mayBreak(text[end - 1] ?? "")) end += 1;
    let word = 0;
    for (let j = k; j < end; j += 1) if (!/\s/u.test(text[j] ?? "")) word += wideOf(j);
    if (x > 0 && x + word > width) [line, x] = [line + 1, 0];
    for (; k < end; k += 1) {
      const own = wideOf(k);
      const hangs = /\s/u.test(text[k] ?? "");
      if (!hangs && x > 0 && x + own > width) [line, x] = [line + 1, 0];
      row[k] = line;
      left[k] = Math.min(x, width);
      x += own;
      right[k] = Math.min(x, width);
      if (text[k] === "\n") [line, x] = [line + 1, 0];
    }
  }
  return { count, row, left, right, starts: rowStarts(row, count) };
}

/**
 * What is on the screen, as it stands in print.
 * @template {{ sheets: { memories: readonly object[] }[], boxes: Boxes, width: number, passage: { text: string } }} T
 * @param {T} drawn
 * @param {number} wide millimetres; 0: as on the screen
 * @returns {T & { stacked: boolean }}
 */
export function inPrint(drawn, wide) {
  const own = { ...drawn, stacked: false };
  if (wide <= 0) return own;
  const columns = drawn.sheets.map(({ memories }) => memories.length);
  const { width, stacked } = columnsIn(columns, wide);
  const boxes = relaid(drawn.boxes, [...drawn.passage.text], width);
  return boxes ? { ...drawn, boxes, width, stacked } : own;
}
