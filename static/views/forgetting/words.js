// What a change leaves behind, said as sentences. Pure.

import { inCharacters } from "../../base/format.js";

/**
 * What is known of one memory.
 * @typedef {object} Trail
 * @property {string} name of the memory
 * @property {number | null} cell the one cell looked at; null: all of them
 * @property {Float64Array | null} left by characters after the change; null: the change made no difference
 * @property {number | null} fold characters until 1/e is left
 * @property {number} saturated cells left out
 * @property {number} cells that count
 */

/** A difference that grows beyond this share of the first one is said to. */
const MUCH = 1.5;

/** @param {number} n */
const characters = (n) => {
  const words = inCharacters(n);
  return `${words} character${words === "1.0" ? "" : "s"}`;
};

/** When 1/e is left, of one memory. @param {Trail} trail */
export function foldWords({ left, fold, cells, cell }) {
  if (cells === 0) return cell === null ? "every cell is saturated" : "the cell is saturated";
  if (!left) return "no difference";
  const peak = Math.max(...left);
  const grew = peak < MUCH ? "" : `, after growing to ${inCharacters(peak)} times`;
  return `${fold === null ? "more than 1/e left at the end" : `1/e left after ${characters(fold)}`}${grew}`;
}

/** A memory in a sentence. @param {string} name */
const inWords = (name) =>
  /^(inner|middle|outer)$/.test(name)
    ? `the ${name} memory`
    : /^(cell|output)$/.test(name)
      ? `the ${name}`
      : name;

/**
 * One sentence a model, and one on what was left out.
 * @param {Trail[]} trails of one model
 * @param {string} model A or B
 */
export function sentence(trails, model) {
  const cell = trails[0]?.cell ?? null;
  const who = cell === null ? model : `${model}’s cell ${cell}`;
  const told = trails.flatMap(({ name, left: rest, fold, cells }) => {
    if (cells === 0 || !rest) return [];
    return [{ memory: inWords(name), fold }];
  });
  const [first, ...rest] = told;
  const full = trails.filter(({ saturated }) => saturated > 0);
  const out = full.map(({ name, saturated }) =>
    cell === null ? `${saturated} in ${inWords(name)}` : inWords(name),
  );
  const left = cell === null ? "Saturated cells left out:" : "Left out, as it is saturated there:";
  const omitted = out.length > 0 ? ` ${left} ${out.join(", ")}.` : "";
  if (!first && trails.every(({ cells }) => cells === 0))
    return `${who}: ${cell === null ? "every cell looked at is saturated" : "it is saturated in every memory"}.`;
  if (!first) return `${who}: this change makes no difference.${omitted}`;
  const start =
    first.fold === null
      ? `more than 1/e of the change is left at the end in ${first.memory}`
      : `1/e of the change is left after ${characters(first.fold)} in ${first.memory}`;
  const more = rest.map(({ memory, fold }) =>
    fold === null
      ? `more than that at the end in ${memory}`
      : `after ${inCharacters(fold)} in ${memory}`,
  );
  return `${who}: ${[start, ...more].join(", ")}.${omitted}`;
}
