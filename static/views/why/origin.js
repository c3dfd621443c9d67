// What an attribution says, as bytes, distances and words. Pure.

import { SATURATED_VALUE } from "../../base/memories.js";

/** @typedef {import("../../base/memories.js").Card} Card */
/** @typedef {"gradient" | "occlusion"} Method */
/**
 * What is explained: the surprise at a character, the probability of a symbol after it, or a cell's value.
 * @typedef {{ kind: "surprise" } | { kind: "symbol", symbol: string } | { kind: "cell", column: number }} Target
 */

/** @typedef {{ value: number, values: (number | null)[], signed?: (number | null)[] }} Said what POST /api/attribution says */
/** @typedef {Said & { sizes: number[] }} Answer `sizes` by distance */

/** So far back is looked: further takes longer than one waits for it. */
export const BACK = 400;
/** Leaving every character out takes long: the nearest come first. */
export const NEAR = 64;

/** As the address has it. @param {string} form @returns {{ target: Target, method: Method }} */
export function parseWhy(form) {
  const [, kind = "surprise", of = "", way = "gradient"] =
    /^(surprise|symbol|cell)(?:-(.{1,8}))?\.(gradient|occlusion)$/su.exec(form) ?? [];
  const method = /** @type {Method} */ (way);
  if (kind === "symbol") return { target: { kind, symbol: of }, method };
  if (kind === "cell") return { target: { kind, column: Number.parseInt(of, 10) || 0 }, method };
  return { target: { kind: "surprise" }, method };
}

/** @param {Target} target @param {Method} method */
export function formatWhy(target, method) {
  const of =
    target.kind === "symbol"
      ? `-${target.symbol}`
      : target.kind === "cell"
        ? `-${target.column}`
        : "";
  return `${target.kind}${of}.${method}`;
}

/**
 * The cell that a target is of in a model: each has its own memories and its own cell picked.
 * @param {Target} target
 * @param {Card} card
 * @param {number} pick the cell picked
 */
export function cellIn(target, card, pick) {
  const column = target.kind === "cell" ? Math.min(target.column, card.memories.length - 1) : 0;
  return { memory: card.memories[column], cell: Math.min(pick, card.hidden - 1) };
}

/**
 * What is asked of a model about a character; null where there is nothing to explain.
 * @param {Target} target
 * @param {Card} card
 * @param {number} pick the cell picked
 * @param {readonly string[]} text
 * @param {number} position
 */
export function bodyOf(target, card, pick, text, position) {
  // The surprise at a character is that of the prediction made before it.
  const at = target.kind === "surprise" ? position - 1 : position;
  if (at < 0 || position >= text.length) return null;
  const { memory, cell } = cellIn(target, card, pick);
  const asked =
    target.kind === "surprise"
      ? { surprisal: true }
      : target.kind === "symbol"
        ? { symbol: target.symbol }
        : { layer: memory?.layer ?? 0, level: memory?.level ?? null, cell };
  return {
    model: card.name,
    text: text.slice(0, at + 2).join(""),
    position: at,
    target: asked,
  };
}

/**
 * Values as the bytes that colour them: the root of their share of the largest, so that small ones are seen; -128
 * where nothing is known.
 * @param {readonly (number | null)[]} values
 * @param {number} length of the text
 */
export function bytesOf(values, length) {
  const largest = values.reduce(
    (/** @type {number} */ most, v) => Math.max(most, Math.abs(v ?? 0)),
    0,
  );
  const bytes = new Int8Array(length).fill(-128);
  for (const [t, value] of values.entries()) {
    if (value === null) continue;
    const share = largest > 0 ? Math.sqrt(Math.abs(value) / largest) : 0;
    bytes[t] = Math.round(127 * share) * Math.sign(value);
  }
  return bytes;
}

/**
 * What is asked, one after another, so that something is seen at once: leaving every character out takes long, so the
 * gradient times the input, its first-order estimate, comes first, then the nearest characters.
 * @param {Method} method
 * @returns {{ method: Method, back: number }[]}
 */
export const stepsOf = (method) =>
  method === "gradient"
    ? [{ method, back: BACK }]
    : [{ method: "gradient", back: BACK }, ...[NEAR, BACK].map((back) => ({ method, back }))];

/**
 * What is shown of an answer: of a later step, with what the steps before it say of the characters it leaves out.
 * @param {Said} said
 * @param {boolean} estimate whether it stands for leaving characters out
 * @param {Answer | null | undefined} before
 * @returns {Answer}
 */
export function shownOf(said, estimate, before) {
  const own = estimate ? (said.signed ?? said.values) : said.values;
  const values = own.map((value, t) => value ?? before?.values[t] ?? null);
  return { ...said, values, sizes: byDistance(values) };
}

/** By characters back, 0 the last one. @param {readonly (number | null)[]} values */
export const byDistance = (values) =>
  values
    .filter((v) => v !== null)
    .map(Math.abs)
    .reverse();

/** How far back so much of it all lies. @param {readonly number[]} sizes by distance @param {number} share */
export function within(sizes, share) {
  const all = sizes.reduce((a, b) => a + b, 0);
  let sum = 0;
  for (const [back, size] of sizes.entries()) {
    sum += size;
    if (sum >= share * all) return back + 1;
  }
  return sizes.length;
}

/** The mean of rows of different lengths, each distance over those that reach it. @param {readonly (readonly number[])[]} rows */
export function meanByDistance(rows) {
  const longest = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: longest }, (_, back) => {
    const those = rows.flatMap((row) => row[back] ?? []);
    return those.reduce((a, b) => a + b, 0) / those.length;
  });
}

/** Distances that are drawn as one: each a tenth wider than the one before. @param {readonly number[]} sizes */
export function binned(sizes) {
  const bins = [];
  for (let from = 0; from < sizes.length; ) {
    const to = Math.min(sizes.length, Math.max(from + 1, Math.round((from + 1) * 1.15)));
    const part = sizes.slice(from, to);
    bins.push({
      back: (from + to - 1) / 2,
      size: part.reduce((a, b) => a + b, 0) / part.length,
    });
    from = to;
  }
  return bins;
}

/** Below this a surprise, a probability or a cell hardly moves: in bits, or in displayed values. */
const NOTHING = 1e-3;

/**
 * Whether no gradient gets through although something may be remembered.
 * @param {Target} target
 * @param {number} value of the target
 * @param {readonly number[]} sizes by distance
 */
export const isShut = (target, value, sizes) =>
  (target.kind === "cell" && Math.abs(value) > SATURATED_VALUE) || Math.max(0, ...sizes) < NOTHING;
