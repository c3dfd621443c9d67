// What a view is given of the page.

import { placeOf } from "./typed.js";

/** @typedef {import("./view.js").Page} Page */

/**
 * @param {object} views
 * @param {Page["store"]} views.store
 * @param {Page["session"]} views.session
 * @param {Page["axis"]} views.axis
 * @param {Page["overview"]} views.overview
 * @param {import("./lasting.js").Lasting} views.lasting
 * @param {import("./colouring.js").Colouring} views.colouring
 * @param {import("./blocks/blocks.js").Blocks} views.blocks
 * @param {{ caret: () => number, replace: (text: string) => void }} views.editor
 * @param {import("./homes.js").Homes} own its places on the page
 * @param {Pick<Page, "point" | "redraw">} listeners
 * @returns {Page}
 */
export function pageOf(views, { above, homes }, { point, redraw }) {
  const { store, session, axis, overview, lasting, colouring, blocks, editor } = views;
  return {
    ...{ store, session, above, homes, axis, overview, point, redraw },
    report: (card) => lasting.report(card),
    palette: () => colouring.palette,
    caret: () => {
      const typed = placeOf(store.get(), editor.caret());
      return Math.min(session.length, session.passage.border + typed) - 1;
    },
    read: (text) => editor.replace(text),
    recolour: (panel) => blocks.recolour(panel),
    coloured: (panel) => colouring.coloured(panel),
  };
}
