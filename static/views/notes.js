// What stands beside the number of each cell: how long it remembers, what it is named after, and what it looks like
// on this text.

import { namesOf } from "../atlas/names.js";
import { shownCards } from "../state/state.js";
import { noteOf, showNote } from "./progress.js";

/**
 * @typedef {object} Known where it is taken from
 * @property {import("../state/store.js").Store<import("./view.js").State>} store
 * @property {import("../wire/session.js").Session} session
 * @property {import("./lasting.js").Lasting} lasting
 * @property {import("../atlas/atlases.js").Atlases} atlases
 * @property {import("./colouring.js").Colouring} colouring
 * @property {import("./view.js").Sheet[]} sheets
 * @property {import("./view.js").Mounted} shown
 */

/**
 * The note of a cell; null where its colours are not its values.
 * @param {Known} known
 * @param {number} panel
 * @param {number} memory
 * @param {number} cell
 */
export function cellNote(known, panel, memory, cell) {
  const { store, session, lasting, atlases, colouring, sheets, shown } = known;
  const columns = session.panels[panel]?.columns;
  const card = shownCards(store.get())[panel];
  if (!columns || !card || shown.source) return null;
  const row = sheets[panel]?.memories[memory];
  const named = row ? namesOf(atlases.now(card), card, row, cell) : [];
  const place = { panel, memory, cell };
  // How long it remembers was measured of the untouched model.
  const changed = (sheets[panel]?.made.length ?? 0) > 0;
  const report = changed ? null : lasting.report(card);
  return noteOf(columns, row, place, colouring.ownScale, report, named);
}

/** The notes of a model's blocks. @param {Known} known @param {readonly import("./blocks/block.js").Block[]} blocks @param {number} panel */
export function showNotes(known, blocks, panel) {
  for (const block of blocks) {
    if (block.panel !== panel) continue;
    const note = cellNote(known, panel, block.memory, block.cell);
    if (note) showNote(block.note, note);
    else if (known.shown.source) block.note.replaceChildren();
  }
}
