// From the text that is typed to the text that is read: where a place lies, and what becomes of the spans of an older
// text. Pure.

import { UNTOUCHED } from "../state/whatif.js";
import { placeInPoem } from "../text/poem.js";
import { afterEdit, madeAfterEdit, within } from "../text/span.js";

/** @typedef {import("./view.js").State} State */
/** @typedef {import("../state/state.js").Span} Span */
/** @typedef {import("../text/passage.js").Passage} Passage */

/** Where a place in the typed text lies in the text that is read. @param {State} state @param {number} typed code points before it */
export const placeOf = ({ poem, text }, typed) => (poem ? placeInPoem(text, typed) : typed);

/** Characters selected in the typed text, in the text that is read. @param {State} state @param {Span | null} span @param {number} border characters of the warm-up */
export const selectionOf = (state, span, border) =>
  span && {
    from: placeOf(state, span.from) + border,
    to: placeOf(state, span.to) + border,
  };

/**
 * The characters selected, and the one pinned, of a text that was edited.
 * @param {State} state
 * @param {Passage} passage as it is now
 * @param {number} length of what is read of it
 * @param {boolean} anew the span is of this text, not of the one before
 * @returns {Partial<State>}
 */
export function lookedAt({ span, point }, { edit, length: whole }, length, anew) {
  const moved = span && !anew && edit ? afterEdit(span, edit) : span;
  return {
    span: within(moved, whole),
    ...(point && point.position >= length ? { point: null, pinned: false } : {}),
  };
}

/**
 * The spans that are changed stay on their characters when the text before them is edited.
 * @param {State} state
 * @param {Passage} passage as it is now
 * @returns {Partial<State>}
 */
export function changedSpans({ interventions }, { edit }) {
  if (!edit || interventions.length === 0) return {};
  const now = madeAfterEdit(interventions, edit);
  if (JSON.stringify(now) === JSON.stringify(interventions)) return {};
  return now.length > 0 ? { interventions: now } : UNTOUCHED;
}
