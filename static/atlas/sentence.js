// What to see of a named cell, in one sentence, measured on the text shown. Pure.

import { every, percent, several } from "../base/format.js";
import { PENDING } from "../wire/columns.js";
import { FEATURES, stretches } from "./features.js";

/** @typedef {import("../wire/atlas.js").Named} Named */
/**
 * @typedef {object} Track what one memory shows of the cell
 * @property {string} name of the memory
 * @property {Int8Array} row a byte a character
 */

/** So much of a stretch is enough to call it all of it. */
const WHOLE = 0.9;
/** A memory that is on for so much less of it is said to be. */
const LESS = 0.1;

/**
 * From which value on a cell is "on", and how its colour is called then. Where the feature does not change
 * the sign of the cell it is the stronger or the weaker one of one colour.
 * @param {Pick<Named, "sign" | "inside" | "outside">} named
 * @param {readonly [string, string]} colours negative, positive
 */
function colouring({ sign, inside, outside }, [negative, positive]) {
  const colour = inside > 0 ? positive : negative;
  if (inside * outside <= 0) return { colour, level: 0 };
  const middle = (sign * (inside + outside)) / 2;
  return { colour: sign * inside > 0 ? `deep ${colour}` : `only pale ${colour}`, level: middle };
}

/** @param {Int8Array} row @param {number} from @param {number} to @param {(value: number) => boolean} on */
function share(row, from, to, on) {
  let count = 0;
  for (let t = from; t < to; t += 1) if (on(row[t] ?? PENDING)) count += 1;
  return to > from ? count / (to - from) : 0;
}

/**
 * @param {Named} named
 * @param {string} model A or B
 * @param {readonly string[]} characters of the text
 * @param {readonly Track[]} tracks the memory of the cell first, then others of the same unit
 * @param {readonly [string, string]} colours negative, positive
 * @returns {{ words: string, more: string }} what to see, and what to know of it; "" where there is nothing to say
 */
export function sentence(named, model, characters, [own, ...others], colours) {
  const feature = FEATURES[named.feature];
  if (!feature || !own) return { words: "", more: "" };
  const { colour, level } = colouring(named, colours);
  const on = (/** @type {number} */ value) =>
    value !== PENDING && (named.sign * value) / 127 > level;
  const cell = `${model}’s ${own.name} cell ${named.cell}`;
  const say = (/** @type {string} */ words, more = "") => ({ words, more });
  const marks = feature.mark(characters);
  const runs = stretches(marks);
  if (runs.length === 0) {
    const there = /^(inside|after)/.test(named.label) ? named.label : `at a ${named.label}`;
    return say(`Type ${feature.one}: ${cell} is ${colour} ${there}.`);
  }
  if (!feature.ends) {
    const all = marks.length;
    const here = runs.reduce((n, [from, to]) => n + to - from, 0);
    const lit = runs.reduce((n, [from, to]) => n + share(own.row, from, to, on) * (to - from), 0);
    const rest = share(own.row, 0, all, on) * all - lit;
    const elsewhere = all > here ? `, and at ${percent(rest / (all - here))} of all others` : "";
    return say(
      `${cell} is ${colour} at ${percent(lit / here)} of the ${feature.many} here${elsewhere}.`,
    );
  }
  const [opening, closing] = feature.ends;
  const held = runs.filter(([from, to]) => share(own.row, from, to, on) >= WHOLE);
  const [from, to] = held.reduce((a, b) => (b[1] - b[0] > a[1] - a[0] ? b : a), [0, 0]);
  if (to === 0)
    return say(`In other texts ${cell} marks what is ${named.label}; in this one it does not.`);
  const length = several(to - from, "character");
  const less = others
    .map(({ name, row }) => ({ name, part: share(row, from, to, on) }))
    .find(({ part }) => part < share(own.row, from, to, on) - LESS);
  const beside = less
    ? `; the ${less.name} memory stays so for only ${percent(less.part)} of it`
    : "";
  const some =
    held.length < runs.length
      ? `It does so in ${held.length} of the ${runs.length} ${feature.many} here.`
      : runs.length > 1
        ? `It does so in ${every(runs.length, feature.many)} here.`
        : "";
  return say(
    to < characters.length
      ? `${cell} turns ${colour} at ${opening} and stays ${colour} until ${closing}, ${length} later${beside}.`
      : `${cell} turned ${colour} at ${opening} ${length} ago and is still ${colour}${beside}.`,
    some,
  );
}
