// The verdicts of a report in plain sentences. Pure.

import { inCharacters } from "../base/format.js";

/** @typedef {import("../wire/report.js").Report} Report */
/** @typedef {Record<string, any>} Verdict of analysis/timescales/verdicts.py */
/** @typedef {{ holds: boolean, words: string }} Test */
/** @typedef {{ answer: string, sentence: string, agree: string, tests: Test[] }} Claim */

/** @param {number} level @param {number} depth */
const levelName = (level, depth) =>
  level === depth - 1 ? "inner" : level === 0 ? "outer" : "middle";

/** What log2 of a ratio says: two decimals, or as many as tell it from 1. @param {number} log2 */
function ratio(log2) {
  const value = 2 ** log2;
  let digits = 2;
  while (digits < 5 && value !== 1 && Number(value.toFixed(digits)) === 1) digits += 1;
  return value.toFixed(digits);
}

/** @typedef {{ low: number, high: number, over: string }} Interval of log2 of a ratio, over cells or over text */

/** @param {Interval | undefined} found */
const interval = (found) =>
  found ? ` [${ratio(found.low)}, ${ratio(found.high)}] (95 % over ${found.over})` : "";

/**
 * That which decides: the one that speaks against, else the one that reaches farthest down.
 * @param {Record<string, any>} e
 * @returns {Interval | undefined}
 */
function deciding(e) {
  const both = [
    { low: e.low, high: e.high, over: "the cells" },
    { low: e.text_low, high: e.text_high, over: "blocks of the text" },
  ].filter(({ low, high }) => typeof low === "number" && typeof high === "number");
  const against = both.filter(({ high }) => high < 0);
  return (against.length > 0 ? against : both).sort((a, b) => a.low - b.low)[0];
}

/** A difference that may be chance though its interval lies above 1: the p it failed by. @param {Record<string, any>} e */
const byChance = (e) =>
  !e.holds && typeof e.p_holm === "number" && (deciding(e)?.low ?? 0) > 0
    ? `; p = ${e.p_holm.toPrecision(2)}`
    : "";

/** Bits with two decimals; the file has four digits of some, of which half goes up. @param {unknown} bits */
const inBits = (bits) => (Number(bits) * (1 + 1e-9)).toFixed(2);

/** A timescale with its interval; null has no end. @param {(number | null)[]} tau */
const lasting = ([tau, low, high]) =>
  `${inCharacters(Number(tau))} [${[low, high].map((end) => (typeof end === "number" ? inCharacters(end) : "longer")).join(", ")}]`;

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
    const costs = bits.map(inBits).join(" and ");
    const lasts = Array.isArray(e.tau)
      ? `; what is lost lasts ${e.tau.map(lasting).join(" and ")} characters (95 % over blocks of the text)`
      : typeof e.estimate === "number"
        ? `; what is lost lasts ${ratio(e.estimate)} times as long${interval(deciding(e))}`
        : "";
    return { holds, words: `Transplant: replacing the two memories costs ${costs} bits${lasts}` };
  }
  const measure = label(labels, e.measure ?? "");
  if (typeof e.estimate !== "number")
    return { holds, words: `${measure}: too few usable cells to compare` };
  const found = `${ratio(e.estimate)} times as long${interval(deciding(e))}${byChance(e)}`;
  if (e.test === "excess over readout null") {
    const null_ = `cell against output of ${e.null.model}, layer ${e.null.layer + 1}`;
    return { holds, words: `${measure}, beyond the readout null (${null_}): ${found}` };
  }
  return {
    holds,
    words: `${measure}, ${e.test === "paired" ? "cell by cell" : "all cells"}: ${found}`,
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

/** That of the upper layer's innermost memory. @param {Report} report */
const lastMedian = (report) =>
  medianOf(report, report.settings.network.layers - 1, report.settings.network.depth - 1);

/** @param {string} answer @param {string} yes @param {string} no @param {string} perhaps */
const worded = (answer, yes, no, perhaps) =>
  answer === "yes" ? yes : answer === "no" ? no : perhaps;

/**
 * @param {Report} report
 * @param {Verdict} verdict
 * @param {Record<string, string>} labels
 * @param {Report} [rival] the report of the rival, where it is here: the picture's medians are told, not others
 * @returns {Claim}
 */
export function claimOf(report, verdict, labels, rival) {
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
  const drawn = [lastMedian(report), rival && lastMedian(rival)];
  const numbers = medians
    ? `: ${medians.map((m, k) => inCharacters(drawn[k] ?? m)).join(" characters against ")}`
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
