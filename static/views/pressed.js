// What the blocks tell and ask: a press in them changes the state, and their colours and marks come from what is read.

import { later } from "../base/schedule.js";
import { picked } from "../state/panels.js";
import { pinned, pinsOf } from "../state/state.js";
import { heldCell } from "../state/whatif.js";
import { NONE, plainIn } from "../text/plain.js";

/**
 * @param {object} views
 * @param {import("../state/store.js").Store<import("./view.js").State>} views.store
 * @param {import("../wire/session.js").Session} views.session
 * @param {import("./colouring.js").Colouring} views.colouring
 * @param {import("./view.js").Sheet[]} views.sheets as they are at the moment
 * @param {() => void} views.look
 * @param {import("./blocks/listeners.js").Listeners["point"]} point
 * @returns {import("./blocks/listeners.js").Listeners}
 */
export function listenersOf(views, point) {
  const { store, session, colouring } = views;
  return {
    point,
    cell: (panel, cell) =>
      store.set({ ...picked(store.get(), panel, cell, views.sheets), view: "cell" }),
    whatIf: (panel, memory, cell) => store.set(heldCell(store.get(), panel, memory, cell)),
    pin: (panel, cell) => store.set(pinned(store.get(), panel, cell)),
    isPinned: (panel, cell) => pinsOf(store.get(), panel).includes(cell),
    source: (panel, memory, cell) => colouring.source(panel, memory, cell),
    span: (span) => store.set({ span }),
    // The reading of a block out of sight is not kept up.
    seen: () => later("look", views.look),
    unknown: (panel) => session.panels[panel]?.columns.unknown ?? new Set(),
    plain: (panel) => plainIn(session.text, session.panels[panel]?.card.vocabulary ?? NONE),
  };
}
