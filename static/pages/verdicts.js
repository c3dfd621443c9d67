// The verdicts of a report in plain sentences. Pure.

import { inCharacters } from "../base/format.js";

/** @typedef {import("../wire/report.js").Report} Report */
/** @typedef {Record<string, any>} Verdict of analysis/timescales/verdicts.py */
/** @typedef {{ holds: boolean, words: string }} Test */
/** @typedef {{ answer: string, sentence: string, agree: string, tests: Test[] }} Claim */

/** @param {number} level @param {number} depth */
const levelName = (level, depth) =>
  level === depth - 1 ? "inner" : level === 0 ? "outer" : "middle";

/** What log2 of a ratio says. @param {number} log2 */
const times = (log2) => `${(2 ** log2).toFixed(2)} times`;

/** @param {any} low @param {any} high */
const interval = (low, high) =>
  typeof low === "number" && typeof high === "number"
    ? ` [${(2 ** low).toFixed(2)}, ${(2 ** high).toFixed(2)}]`
    : "";

/** @param {Record<string, string>} labels of the measures by key @param {string} key */
const label = (labels, key) => {
  const words = labels[key] ?? key.replace("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** One condition of a verdict. @param {Record<string, any>} e @param {Record<string, string>} labels */
function testOf(e, labels) {
  const holds = Boolean(e.holds);
  if (e.test === "transplant") {
    const bits = /** @type {any[]} */ (e.bits ?? []).map((b) => (Array.isArray(b) ? b[0] : b));
    const costs = bits.map((b) => Number(b).toFixed(2)).join(" and ");
    const lasts =
      typeof e.estimate === "number"
        ? `; what is lost lasts ${times(e.estimate)} as long${interval(e.text_low, e.text_high)}`
        : "";
    return { holds, words: `Transplant: replacing the two memories costs ${costs} bits${lasts}` };
  }
  const measure = label(labels, e.measure ?? "");
  if (typeof e.estimate !== "number")
    return { holds, words: `${measure}: too few usable cells to compare` };
  const ratio = `${times(e.estimate)} as long${interval(e.low, e.high)}`;
  if (e.test === "excess over readout null") {
    const null_ = `cell against output of ${e.null.model}, layer ${e.null.layer + 1}`;
    return { holds, words: `${measure}, beyond the readout null (${null_}): ${ratio}` };
  }
  return {
    holds,
    words: `${measure}, ${e.test === "paired" ? "cell by cell" : "all cells"}: ${ratio}`,
  };
}

/** The median timescale of a memory by context swap. @param {Report} report @param {number} layer @param {number} level */
function medianOf(report, layer, level) {
  const found = report.curves.find(
    (c) =>
      c.measure === "context_swap" &&
      c.layer === layer &&
      c.level === level &&
      c.state === "c" &&
      c.value === "read",
  )?.tau?.["0.5"];
  return typeof found === "number" ? found : null;
}

/** @param {string} answer @param {string} yes @param {string} no @param {string} perhaps */
const worded = (answer, yes, no, perhaps) =>
  answer === "yes" ? yes : answer === "no" ? no : perhaps;

/**
 * @param {Report} report
 * @param {Verdict} verdict
 * @param {Record<string, string>} labels
 * @returns {Claim}
 */
export function claimOf(report, verdict, labels) {
  const tests = /** @type {Record<string, any>[]} */ (verdict.evidence).map((e) =>
    testOf(e, labels),
  );
  const held = tests.filter(({ holds }) => holds).length;
  const agree = tests.length > 0 ? `${held} of ${tests.length} conditions for “yes” hold` : "";
  const { answer } = verdict;
  if (verdict.claim === "inner_lasts_longer") {
    const { depth } = report.settings.network;
    const [inner, outer] = [verdict.inner, verdict.outer].map((level) => levelName(level, depth));
    const [a, b] = [verdict.inner, verdict.outer].map((level) =>
      medianOf(report, verdict.layer, level),
    );
    const numbers =
      typeof a === "number" && typeof b === "number"
        ? `: ${inCharacters(a)} characters against ${inCharacters(b)}`
        : "";
    const sentence = worded(
      answer,
      `In ${report.model}, ${inner} cells remember longer than ${outer} cells${numbers}.`,
      `In ${report.model}, ${inner} cells do not remember longer than ${outer} cells${numbers}.`,
      `In ${report.model}, the tests disagree on whether ${inner} cells remember longer than ${outer} cells${numbers}.`,
    );
    return { answer, sentence, agree, tests };
  }
  const medians = /** @type {number[] | undefined} */ (
    verdict.evidence.find((/** @type {any} */ e) => e.measure === "context_swap")?.medians
  );
  const numbers = medians
    ? `: ${medians.map((m) => inCharacters(m)).join(" characters against ")}`
    : "";
  const upper = `the upper layer of ${verdict.rival}`;
  const sentence =
    answer === "not comparable"
      ? `${report.model} and ${verdict.rival} cannot be compared: they differ too much in size or in bits per character.`
      : worded(
          answer,
          `The inner cells of ${report.model} remember longer than ${upper}${numbers}.`,
          `The inner cells of ${report.model} do not remember longer than ${upper}${numbers}.`,
          `The tests disagree on whether the inner cells of ${report.model} remember longer than ${upper}${numbers}.`,
        );
  return { answer, sentence, agree, tests };
}
