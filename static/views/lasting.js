// How long the cells of the models remember, from the reports shipped beside the checkpoints.

import { cellTimescales, longestFirst } from "../wire/timescales.js";

/** @typedef {import("./view.js").Card} Card */
/** @typedef {import("../wire/timescales.js").CellReport} CellReport */

export class Lasting {
  /**
   * @param {() => void} changed a report has come
   * @param {(words: string) => void} problem
   */
  constructor(changed, problem) {
    this.changed = changed;
    this.problem = problem;
    /** @type {Map<string, CellReport | null>} by the model's sha256; null while it is on its way */
    this.reports = new Map();
  }

  /** What is known of a model's cells; null while it is on its way. @param {Card} card @returns {CellReport | null} */
  report(card) {
    const known = this.reports.get(card.sha256);
    if (known !== undefined) return known;
    this.reports.set(card.sha256, null);
    cellTimescales(card.name)
      .then((report) => {
        this.reports.set(card.sha256, report);
        this.changed();
      })
      .catch(() => {
        this.reports.delete(card.sha256); // asked again at the next choice
        this.problem(`Could not load the timescales of ${card.name}.`);
      });
    return null;
  }

  /** A model has been measured just now. @param {Card} card @param {CellReport} report */
  take(card, report) {
    this.reports.set(card.sha256, report);
    this.changed();
  }

  /** The cells by one of their memories, longest first; null while unknown. @param {Card} card @param {number} by @returns {number[] | null} */
  order(card, by) {
    const report = this.report(card);
    const memory = card.memories[by];
    if (!report || !memory) return null;
    if (report.memories.length > 0) return longestFirst(report, memory, card.hidden);
    this.problem(
      `How long the cells of ${card.name} remember has not been measured: they stay in order of number.`,
    );
    return null;
  }
}
