// The characters selected: one stretch of the text, in the editor and on the figure alike. Pure.

/** @typedef {import("../state/state.js").Span} Span */

/**
 * The part of the span that lies in a text; null if none does.
 * @param {Span | null} span
 * @param {number} length in code points
 * @returns {Span | null}
 */
export function within(span, length) {
  if (!span || span.from < 0 || span.from >= Math.min(span.to, length)) return null;
  return span.to <= length ? span : { from: span.from, to: length };
}

/**
 * The same characters after an edit of the text; null where the edit took them all.
 * @param {Span} span
 * @param {import("./edits.js").Edit} edit
 * @returns {Span | null}
 */
export function afterEdit(span, edit) {
  const inserted = [...edit.insert].length;
  const end = edit.at + edit.delete;
  // What is typed at an edge of the span stays outside of it.
  const move = (/** @type {number} */ place, /** @type {number} */ inside) =>
    place <= edit.at
      ? place
      : place >= end
        ? place + inserted - edit.delete
        : edit.at + inside * inserted;
  const from = span.from >= end ? span.from + inserted - edit.delete : move(span.from, 1);
  const to = move(span.to, 0);
  return from === span.from && to === span.to ? span : from < to ? { from, to } : null;
}

/**
 * Interventions stay on their characters when the text is edited; those whose characters are all gone go.
 * @param {readonly import("../state/interventions.js").Intervention[]} made
 * @param {import("./edits.js").Edit} edit
 */
export const madeAfterEdit = (made, edit) =>
  made.flatMap((one) => {
    if (one.from === 0 && one.to === null) return [one]; // all of the text, whatever it is
    const span = afterEdit({ from: one.from, to: one.to ?? Number.POSITIVE_INFINITY }, edit);
    if (!span) return [];
    const { from, to } = span;
    return [{ ...one, from, to: Number.isFinite(to) ? to : null }];
  });

/**
 * The place before a character, after an edit; null where the edit took what stood on both sides of it.
 * @param {number} place
 * @param {import("./edits.js").Edit} edit
 */
function placeAfterEdit(place, edit) {
  const end = edit.at + edit.delete;
  if (place >= end) return place + [...edit.insert].length - edit.delete;
  return place <= edit.at ? place : null;
}

/**
 * A change of the text stays on its characters, or before its character, when the text is edited; null where the edit
 * took them all.
 * @param {import("../state/state.js").Change} change
 * @param {import("./edits.js").Edit} edit
 * @returns {import("../state/state.js").Change | null}
 */
export function changeAfterEdit(change, edit) {
  const { at, delete: gone } = change;
  if (gone === 0) {
    const place = placeAfterEdit(at, edit);
    return place === at ? change : place === null ? null : { ...change, at: place };
  }
  const old = { from: at, to: at + gone };
  const span = afterEdit(old, edit);
  if (span === old) return change;
  return span && { ...change, at: span.from, delete: span.to - span.from };
}

/**
 * The span once the character looked at moves with Shift held.
 * @param {Span | null} span
 * @param {number} before where it was
 * @param {number} after
 * @returns {Span}
 */
export function extended(span, before, after) {
  const last = span ? span.to - 1 : before;
  const anchor = span && before === span.from ? last : span && before === last ? span.from : before;
  return { from: Math.min(anchor, after), to: Math.max(anchor, after) + 1 };
}
