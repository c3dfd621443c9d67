// What a classifier would say after every glimpse, and when it made up its mind. Pure.

/** The first of the largest. @param {readonly number[]} values */
export const largest = (values) => values.indexOf(Math.max(...values));

/**
 * @param {readonly (readonly number[])[]} steps probabilities of the digits after every glimpse
 * @returns {{ digit: number, certainty: number, since: number }} since: the first glimpse, from 0, from
 * which on the answer was the likeliest digit
 */
export function decision(steps) {
  const last = steps.at(-1) ?? [];
  const digit = largest(last);
  let since = steps.length;
  while (since > 0 && largest(steps[since - 1] ?? []) === digit) since -= 1;
  return { digit, certainty: last[digit] ?? 0, since };
}

/**
 * The answer of one network, and what it was without what is held. "" while there is none.
 * @param {string} letter
 * @param {readonly (readonly number[])[]} steps
 * @param {readonly (readonly number[])[]} untouched
 */
export function answerInWords(letter, steps, untouched) {
  if (steps.length === 0) return "";
  const [now, before] = [steps, untouched].map(decision);
  const words = (/** @type {typeof now} */ one) => `${one?.digit}, ${percent(one?.certainty ?? 0)}`;
  return `${letter}: ${words(now)}${untouched.length > 0 ? ` (untouched: ${words(before)})` : ""}`;
}

/** A probability in words: never 100 % while something is left. @param {number} p */
export function percent(p) {
  if (p > 0.9995) return p < 1 ? "> 99.9 %" : "100 %";
  if (p < 0.0005) return p > 0 ? "< 0.1 %" : "0 %";
  return `${(100 * p).toFixed(1)} %`;
}
