// Which characters of the text are asked for. Pure.

import { SELECTED, wantedBy } from "../../state/question.js";

/** @typedef {import("../../wire/marks.js").Mark} Mark */
/** @typedef {import("../../state/state.js").Span} Span */

/** Characters of a mark from one on. @param {Mark} mark @param {number} [from] */
const sizeOf = ({ spans }, from = 0) =>
  spans.reduce((n, [start, stop]) => n + Math.max(0, stop - Math.max(start, from)), 0);

/**
 * The question: where nothing was chosen, the first kind that the text has.
 * @param {{ ask: string, span: Span | null }} state
 * @param {readonly Mark[]} marks of every kind
 * @param {number} length of the text
 */
export function questionOf({ ask, span }, marks, length) {
  if (ask === SELECTED && !span) return "";
  if (ask !== "") return ask;
  const some = marks.find((mark) => sizeOf(mark) > 0 && sizeOf(mark) < length);
  return some?.key ?? "";
}

/**
 * The kinds that can be asked for, and how many characters of the text are of each.
 * @param {readonly Mark[]} marks
 * @param {number} border characters of the warm-up
 * @param {number} length
 */
export const kindsOf = (marks, border, length) =>
  marks.map((mark) => ({
    key: mark.key,
    label: mark.label,
    share: sizeOf(mark, border) / Math.max(1, length - border),
  }));

/**
 * The characters asked for, and what they are in words; `known` false until the text was looked through.
 * @param {string} ask
 * @param {Span | null} span
 * @param {readonly Mark[]} marks
 * @param {Mark | null} written the mark of what is written
 * @returns {{ spans: readonly [number, number][], what: string, known: boolean }}
 */
export function spansOf(ask, span, marks, written) {
  if (ask === SELECTED)
    return {
      spans: span ? [[span.from, span.to]] : [],
      what: "the characters selected",
      known: true,
    };
  const mark = marks.find(({ key }) => key === ask) ?? (wantedBy(ask) ? written : null);
  return { spans: mark?.spans ?? [], what: mark?.label ?? "", known: mark !== null };
}
