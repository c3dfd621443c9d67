// What an attribution says, in sentences. Pure.

import { glyphOf, signed } from "../../base/format.js";
import { letterOf } from "../../base/places.js";
import { isShut, within } from "./origin.js";

/** @typedef {import("./origin.js").Target} Target */
/** @typedef {import("./origin.js").Method} Method */
/** @typedef {import("./origin.js").Answer} Answer */

/** What is explained. @param {Target} target @param {string} here the character looked at @param {number} position */
const subject = (target, here, position) =>
  ({
    surprise: `Surprise at “${glyphOf(here)}” (position ${position})`,
    symbol: `Probability of “${glyphOf(target.kind === "symbol" ? target.symbol : "")}” after “${glyphOf(here)}” (position ${position})`,
    cell: `One cell after “${glyphOf(here)}” (position ${position})`,
  })[target.kind];

/** @param {Target} target @param {number} value */
const inUnits = (target, value) =>
  target.kind === "surprise"
    ? `${value.toFixed(2)} bits`
    : target.kind === "symbol"
      ? `${(100 * 2 ** value).toPrecision(2)} %`
      : signed(value, 2);

/**
 * "Surprise at “e” (position 20): A 3.10 bits; half of what counts lies in the last 4 characters, …".
 * @param {Target} target
 * @param {string} here the character looked at
 * @param {number} position
 * @param {readonly (Answer | null)[]} answers by panel
 * @param {readonly string[]} [cells] those explained, in words
 * @returns {string} nothing where nothing is known
 */
export function sentence(target, here, position, answers, cells = []) {
  const parts = answers.flatMap((answer, panel) => {
    if (!answer) return [];
    const [half, most] = [within(answer.sizes, 0.5), within(answer.sizes, 0.9)];
    return [
      `${letterOf(panel)}${target.kind === "cell" ? `’s ${cells[panel]}` : ""} ${inUnits(target, answer.value)}; half of what counts lies in the last ${half === 1 ? "character" : `${half} characters`}, nine tenths in the last ${most}`,
    ];
  });
  return parts.length > 0 ? `${subject(target, here, position)}: ${parts.join(". ")}.` : "";
}

/**
 * What is to be borne in mind.
 * @param {Target} target
 * @param {Method} method
 * @param {readonly (Answer | null)[]} answers
 * @param {number} exact characters back that were left out so far, each
 */
export function note(target, method, answers, exact) {
  if (method === "occlusion")
    return answers.some((answer) => answer && answer.sizes.length > exact)
      ? `${exact > 0 ? `Further back than ${exact} characters this` : "This"} is the first-order estimate (gradient times input) until each character has been left out.`
      : "";
  return answers.some((answer) => answer && isShut(target, answer.value, answer.sizes))
    ? "A gradient of zero is not “no memory”: where gates or tanh are saturated no small change gets through. Leave each character out to see what a large one does."
    : "";
}
