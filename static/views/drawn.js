// What is on the screen, as data for a file.

import { shownCards } from "../state/state.js";

/** @typedef {import("./blocks/block.js").Source} Source */

/**
 * @param {object} page
 * @param {import("../state/store.js").Store<import("./view.js").State>} page.store
 * @param {import("../wire/session.js").Session} page.session
 * @param {import("./view.js").Sheet[]} page.sheets
 * @param {import("./blocks/blocks.js").Blocks} page.blocks
 * @param {import("./view.js").View} page.view
 * @param {import("./view.js").Mounted} page.shown
 * @param {import("./colouring.js").Colouring} page.colouring
 * @param {(panel: number, memory: number, cell: number) => import("./progress.js").Note | null} note
 */
export function drawn({ store, session, sheets, blocks: on, view, shown, colouring }, note) {
  const { all, boxes, width, line } = on;
  const blocks = all.map(({ rank, panel, memory, cell }) => ({
    ...{ rank, panel, memory },
    title: [cell, ...(note(panel, memory, cell)?.words ?? [])].join("  "),
    source: colouring.source(panel, memory, cell),
  }));
  const { passage, text } = session;
  const { palette, other } = colouring;
  return {
    cards: shownCards(store.get()),
    ...{ sheets, blocks, boxes, width, line, passage, text, palette, other },
    parts: shown.parts?.() ?? [],
    /** The view whose own colours these are; "" where they are values of cells. */
    view: shown.source ? view.label : "",
    differs: colouring.difference,
  };
}
