// From the text that is typed to the text that is read: where a place lies, and what becomes of the spans of an older
// text. Pure.

import { UNTOUCHED } from "../state/whatif.js";
import { placeInPoem } from "../text/poem.js";
import { afterEdit, changeAfterEdit, madeAfterEdit, within } from "../text/span.js";

/** @typedef {import("./view.js").State} State */
/** @typedef {import("../state/state.js").Span} Span */
/** @typedef {ReadonlySet<keyof State>} Anew what is of this text already, not of the one before */
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
 * @param {Anew} anew
 * @returns {Partial<State>}
 */
export function lookedAt({ span, point, pinned }, { edit, length: whole }, length, anew) {
  const moved = span && edit && !anew.has("span") ? afterEdit(span, edit) : span;
  // A pointer stays where it is: only what is pinned goes along with its character.
  const follows = point && pinned && edit && !anew.has("point");
  const now = follows
    ? afterEdit({ from: point.position, to: point.position + 1 }, edit)?.from
    : point?.position;
  const looked =
    now === undefined || now >= length
      ? { point: null, pinned: false }
      : now === point?.position
        ? {}
        : { point: point && { ...point, position: now } };
  return { span: within(moved, whole), ...(point ? looked : {}) };
}

/**
 * What is changed, in the models and in the text, stays on its characters when the text before them is edited.
 * @param {State} state
 * @param {Passage} passage as it is now
 * @param {Anew} anew
 * @returns {Partial<State>}
 */
export function changedSpans({ interventions, change }, { edit }, anew) {
  if (!edit) return {};
  const now = anew.has("interventions") ? interventions : madeAfterEdit(interventions, edit);
  const same = JSON.stringify(now) === JSON.stringify(interventions);
  return {
    ...(same ? {} : now.length > 0 ? { interventions: now } : UNTOUCHED),
    ...(change && !anew.has("change") ? { change: changeAfterEdit(change, edit) } : {}),
  };
}
