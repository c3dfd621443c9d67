// What is shown of each model: its memories, and which of its cells in which order.

import { parseCells } from "../base/cells.js";
import { needsValues } from "../state/orders.js";
import { shownCards } from "../state/state.js";
import { ranking } from "./order.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../base/memories.js").Card} Card */
/** @typedef {import("./figure/figure.js").Sheet} Sheet */

/** What decides it. */
export const SHOWN = /** @type {(keyof State)[]} */ ([
  "cards",
  "a",
  "b",
  "cells",
  "order",
  "pick",
  "view",
]);

/**
 * What the predictions show in a memory's stead.
 * @type {import("../base/memories.js").Memory}
 */
export const SURPRISAL = {
  layer: 0,
  level: null,
  state: "h",
  name: "surprisal",
  symbol: "−log₂ p",
};

/**
 * The figure's rows of one model: places in the order, or the one cell looked at.
 * @param {State} state
 * @param {Card} card
 * @param {readonly number[]} order
 */
function rowsOf(state, card, order) {
  if (state.view === "cell" || state.view === "predictions")
    return [Math.min(state.pick, card.hidden - 1)];
  const { cells } = parseCells(state.cells, card.hidden);
  const places = cells.length > 0 ? cells : order.slice(0, 7).map((_, k) => k);
  return places.map((place) => order[place] ?? place);
}

export class Sheets {
  /**
   * @param {import("../wire/session.js").Session} session
   * @param {import("./lasting.js").Lasting} lasting
   */
  constructor(session, lasting) {
    this.session = session;
    this.lasting = lasting;
  }

  /** One a model shown. @param {State} state @returns {Sheet[]} */
  of(state) {
    return shownCards(state).map((card, panel) => {
      const order = this.#order(state, panel, card);
      const memories = state.view === "predictions" ? [SURPRISAL] : card.memories;
      return { memories, cells: rowsOf(state, card, order), order };
    });
  }

  /**
   * What the session is to tell: the cells shown, or all where all are shown or put in order.
   * @param {State} state
   * @returns {import("../wire/session.js").Wanted[]}
   */
  wanted(state) {
    const all = state.view === "map" || (state.view === "figure" && needsValues(state.order));
    return shownCards(state).map((card, panel) => ({
      card,
      cells: all ? "all" : rowsOf(state, card, this.#order(state, panel, card)),
    }));
  }

  /**
   * The values have changed since a sheet was made, and with them the order of its cells.
   * @param {Sheet} sheet
   * @param {State} state
   * @param {number} panel
   * @param {Card} card
   */
  isOutOfOrder(sheet, state, panel, card) {
    return (
      needsValues(state.order) && this.#order(state, panel, card).join() !== sheet.order.join()
    );
  }

  /**
   * All cells of a model in the order chosen.
   * @param {State} state
   * @param {number} panel
   * @param {Card} card
   * @returns {number[]}
   */
  #order({ order, pick }, panel, card) {
    const columns = this.session.panels[panel]?.columns;
    const lasts = order === "lasting" ? this.lasting.order(card) : null;
    if (lasts) return lasts;
    if (!needsValues(order) || !columns || columns.cells.length !== card.hidden)
      return Array.from({ length: card.hidden }, (_, cell) => cell);
    return ranking(order, columns, Math.min(pick, card.hidden - 1));
  }
}
