// What is on the screen, as data for a file.

import { shownCards } from "../state/state.js";

/** @typedef {import("./blocks/block.js").Source} Source */

/** Whether some cells are shown, and not all or none. @param {import("./view.js").View} view @param {import("./view.js").State} state */
function isOfCells({ controls, needs }, state) {
  const { blocks, rows, pick = true } = needs(state);
  return blocks === "listed" || rows !== undefined || (controls.includes("pick") && pick);
}

/**
 * @param {object} page
 * @param {import("../state/store.js").Store<import("./view.js").State>} page.store
 * @param {import("../wire/session.js").Session} page.session
 * @param {import("./view.js").Sheet[]} page.sheets
 * @param {import("./blocks/blocks.js").Blocks} page.blocks
 * @param {import("./view.js").Mounted} page.shown
 * @param {import("./view.js").View} page.view
 * @param {import("./colouring.js").Colouring} page.colouring
 * @param {(panel: number, memory: number, cell: number) => import("./progress.js").Note | null} note
 */
export function drawn({ store, session, sheets, blocks: on, shown, view, colouring }, note) {
  const { boxes, width, line } = on;
  const all = on.all.filter(({ element }) => getComputedStyle(element).visibility !== "hidden");
  const meaning = shown.meaning?.() ?? null;
  const blocks = all.map(({ rank, panel, memory, cell }) => ({
    ...{ rank, panel, memory },
    // What a view colours by is no cell's.
    title: meaning ? "" : [cell, ...(note(panel, memory, cell)?.words ?? [])].join("  "),
    source: colouring.source(panel, memory, cell),
  }));
  const { passage, text } = session;
  const { palette, other } = colouring;
  return {
    cards: shownCards(store.get()),
    view: { name: view.name, ofCells: isOfCells(view, store.get()) },
    ...{ sheets, blocks, boxes, width, line, passage, text, palette, other },
    parts: shown.parts?.() ?? [],
    /** Of the view's own colours; null where they are values of cells. */
    meaning,
    differs: colouring.difference,
  };
}

/**
 * Whether all that the view shows has come.
 * @param {object} page
 * @param {import("../wire/session.js").Session} page.session
 * @param {import("./mounts.js").Mounts} page.mounts
 * @param {import("./view.js").Mounted} page.shown
 * @param {{ pending: () => boolean }} page.ask
 */
export const isComplete = ({ session, mounts, shown, ask }) =>
  mounts.awaited === null &&
  session.panels.every(({ columns }) => columns.done >= columns.length) &&
  !(shown.ask && ask.pending()) &&
  !shown.pending?.();
