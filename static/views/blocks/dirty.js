// Which characters of each model are to be painted again. Pure.

/** @typedef {{ from: number, to: number }} Range `to` exclusive; none where it is not above `from` */

export class Dirty {
  /** By panel. @type {Range[]} */
  #ranges = [];

  /** All characters of so many models. @param {number} panels */
  all(panels) {
    this.#ranges = Array.from({ length: panels }, () => ({
      from: 0,
      to: Number.POSITIVE_INFINITY,
    }));
  }

  /** These characters too. @param {number} panel @param {number} from @param {number} to @returns {boolean} whether the model is shown and there are any */
  add(panel, from, to) {
    const range = this.#ranges[panel];
    if (!range || to <= from) return false;
    range.from = Math.min(range.from, from);
    range.to = Math.max(range.to, to);
    return true;
  }

  /** Those of a model. @param {number} panel @returns {Range | undefined} */
  of(panel) {
    return this.#ranges[panel];
  }

  /** The panels that there are. */
  panels() {
    return this.#ranges.keys();
  }

  /** All is painted. */
  clear() {
    for (const range of this.#ranges) {
      range.from = Number.POSITIVE_INFINITY;
      range.to = 0;
    }
  }
}
