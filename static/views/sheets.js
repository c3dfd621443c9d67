// What is shown of each model: its memories, and which of its cells in which order.

import { parseCells } from "../base/cells.js";
import { needsValues } from "../state/orders.js";
import { cellsOf, madeIn, pickOf, pinsOf, shownCards } from "../state/state.js";
import { ranking } from "./order.js";

/** @typedef {import("./view.js").State} State */
/** @typedef {import("./view.js").Card} Card */
/** @typedef {import("./view.js").Needs} Needs */
/** @typedef {import("./view.js").Sheet} Sheet */

/** What decides it. */
export const SHOWN = /** @type {(keyof State)[]} */ ([
  "cards",
  "a",
  "b",
  "c",
  "d",
  "cells",
  "cellsB",
  "order",
  "by",
  "pins",
  "pick",
  "pickB",
  "view",
  "change",
  "scope",
  "why",
  "interventions",
  "beside",
  "difference",
  "ask",
  "found",
]);

/** A list goes no further. */
const MOST_CELLS = 1 << 16;

/**
 * The rows of one model: the cells in the order chosen; those that are pinned, and those at the places listed;
 * or the one picked.
 * @param {Needs} needs
 * @param {State} state
 * @param {Card} card
 * @param {readonly number[]} order
 * @param {number} panel
 * @returns {readonly number[]}
 */
export function rowsOf(needs, state, card, order, panel) {
  if (needs.rows) return needs.rows(panel).filter((cell) => cell < card.hidden);
  if (needs.blocks === "none") return order;
  if (needs.blocks === "picked") return [Math.min(pickOf(state, panel), card.hidden - 1)];
  // C and D show as many of A's as they have; of A and B it is said what they lack.
  const most = panel > 1 ? MOST_CELLS : card.hidden;
  const cells = parseCells(cellsOf(state, panel), most).cells.filter((k) => k < card.hidden);
  const places = cells.length > 0 ? cells : order.slice(0, 7).map((_, k) => k);
  const pins = pinsOf(state, panel).filter((cell) => cell < card.hidden);
  return [...new Set([...pins, ...places.map((place) => order[place] ?? place)])];
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

  /** One a model shown. @param {Needs} needs @param {State} state @returns {Sheet[]} */
  of(needs, state) {
    const made = madeIn(state);
    return shownCards(state).map((card, panel) => {
      const order = this.#order(state, panel, card);
      const memories = needs.memories ?? card.memories;
      const cells = rowsOf(needs, state, card, order, panel);
      return { name: card.name, memories, cells, order, made: made[panel] ?? [] };
    });
  }

  /**
   * What the session is to tell.
   * @param {Needs} needs
   * @param {State} state
   * @returns {import("../wire/session.js").Wanted[]}
   */
  wanted(needs, state) {
    const made = madeIn(state);
    return shownCards(state).map((card, panel) => ({
      card,
      made: made[panel] ?? [],
      cells:
        needs.cells === "all"
          ? "all"
          : rowsOf(needs, state, card, this.#order(state, panel, card), panel),
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
  #order(state, panel, card) {
    const { order } = state;
    const columns = this.session.panels[panel]?.columns;
    const by = Math.min(state.by, card.memories.length - 1);
    const lasts = order === "lasting" ? this.lasting.order(card, by) : null;
    if (lasts) return lasts;
    if (!needsValues(order) || !columns || columns.cells.length !== card.hidden)
      return Array.from({ length: card.hidden }, (_, cell) => cell);
    return ranking(order, columns, Math.min(pickOf(state, panel), card.hidden - 1), by);
  }
}
