// How far a changed memory is from itself untouched, of a model that is shown twice: a byte a value, as the
// columns of the session have them. 127 is a difference of 1 or more.

import { PENDING } from "../wire/columns.js";

/** @typedef {import("../wire/columns.js").Columns} Columns */

export class Difference {
  constructor() {
    /** @type {Columns | undefined} */
    this.before = undefined;
    /** @type {Columns | undefined} */
    this.after = undefined;
    this.values = new Int8Array(0);
    this.done = 0;
  }

  /** The values of these characters are new. @param {number} from */
  cut(from) {
    this.done = Math.min(this.done, from);
  }

  /**
   * Up to where both have values.
   * @param {Columns} before of the model untouched
   * @param {Columns} after of the same cells
   */
  of(before, after) {
    if (before !== this.before || after !== this.after) this.done = 0;
    if (this.values.length < after.values.length) {
      this.values = new Int8Array(after.values.length);
      this.done = 0;
    }
    Object.assign(this, { before, after });
    const told = Math.min(before.done, after.done);
    const { values } = this;
    for (let k = Math.min(this.done, told) * after.width; k < told * after.width; k += 1) {
      const by = (after.values[k] ?? 0) - (before.values[k] ?? 0);
      values[k] = Math.max(-127, Math.min(127, by));
    }
    values.fill(PENDING, told * after.width, after.length * after.width);
    this.done = told;
    return { values, done: told };
  }
}
