// What a changed memory does to the next character: the symbols whose probability moves most.

import { probabilities } from "../../base/surprisal.js";

/** @typedef {{ symbol: string, before: number, after: number }} Move */

/**
 * @param {readonly number[]} before logits
 * @param {readonly number[]} after
 * @param {readonly string[]} vocabulary
 * @param {number} count
 * @returns {Move[]} the furthest first
 */
export function moves(before, after, vocabulary, count) {
  const [one, other] = [probabilities(before), probabilities(after)];
  return vocabulary
    .map((symbol, k) => ({ symbol, before: one[k] ?? 0, after: other[k] ?? 0 }))
    .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before))
    .slice(0, count);
}

/** As people read it: 0.31 %, 4.2 %, 50 %. @param {number} p */
export function percent(p) {
  const hundredth = 100 * p;
  if (hundredth >= 10) return `${hundredth.toFixed(0)} %`;
  if (hundredth >= 1) return `${hundredth.toFixed(1)} %`;
  return hundredth >= 0.01 ? `${hundredth.toFixed(2)} %` : "< 0.01 %";
}

/** "×160", "÷5", or "" where it is nearly the same. @param {Move} move */
export function times({ before, after }) {
  const ratio = after / before;
  if (!Number.isFinite(ratio) || ratio <= 0) return "";
  const size = ratio > 1 ? ratio : 1 / ratio;
  if (size < 1.1) return "";
  const words = size < 10 ? size.toFixed(1) : Math.round(size).toLocaleString("en-US");
  return `${ratio > 1 ? "×" : "÷"}${words}`;
}
