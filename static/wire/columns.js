// What the server said of the text, panel by panel: one byte a value, time first.

import { SATURATED_SHARE, SATURATED_VALUE } from "../base/memories.js";

/** Not told yet. The server's values are -127 .. 127. */
export const PENDING = -128;

/** @param {number} wanted */
const roomy = (wanted) => Math.max(1024, wanted + (wanted >> 1));

/** The values of one model along the text. */
export class Columns {
  /**
   * @param {number} memories
   * @param {readonly number[]} cells in the order sent
   */
  constructor(memories, cells) {
    this.memories = memories;
    this.cells = cells;
    this.width = memories * cells.length;
    /** Characters told, from the start on. */
    this.done = 0;
    this.length = 0;
    /** @type {Set<number>} positions out of vocabulary */
    this.unknown = new Set();
    this.values = new Int8Array(0);
    /** @type {Map<number, number>} */
    this.slots = new Map(cells.map((cell, slot) => [cell, slot]));
  }

  /**
   * The text is new from `at` on and has `length` characters now.
   * @param {number} at
   * @param {number} length
   */
  cut(at, length) {
    this.length = length;
    this.done = Math.min(this.done, at, length);
    for (const position of this.unknown) if (position >= at) this.unknown.delete(position);
    if (this.values.length < length * this.width) {
      const wider = new Int8Array(roomy(length) * this.width);
      wider.set(this.values.subarray(0, this.done * this.width));
      this.values = wider;
    }
    this.values.fill(PENDING, this.done * this.width, length * this.width);
  }

  /**
   * Take over those columns of a frame that are still true.
   * @param {number} start
   * @param {Int8Array} values n columns
   * @param {readonly number[]} unknown
   * @param {number} limit columns from here on are of an older text
   * @returns {[number, number]} the positions that changed, from .. to
   */
  put(start, values, unknown, limit) {
    const end = Math.min(start + values.length / this.width, limit, this.length);
    if (end <= start) return [start, start];
    this.values.set(values.subarray(0, (end - start) * this.width), start * this.width);
    for (const position of unknown) if (position < end) this.unknown.add(position);
    if (start <= this.done) this.done = Math.max(this.done, end);
    return [start, end];
  }

  /**
   * Until the new values come, what an older selection of the same model already told.
   * @param {Columns} old
   */
  borrow(old) {
    const kept = this.cells.map((cell) => old.slots.get(cell));
    for (let t = 0; t < Math.min(this.length, old.done); t += 1)
      for (let m = 0; m < this.memories; m += 1)
        for (let k = 0; k < kept.length; k += 1) {
          const slot = kept[k];
          if (slot === undefined) continue;
          this.values[t * this.width + m * kept.length + k] =
            old.values[t * old.width + m * old.cells.length + slot] ?? PENDING;
        }
    this.unknown = new Set(old.unknown);
  }

  /**
   * One byte, or PENDING.
   * @param {number} position
   * @param {number} memory
   * @param {number} slot
   */
  at(position, memory, slot) {
    if (position < 0 || position >= this.length) return PENDING;
    return this.values[position * this.width + memory * this.cells.length + slot] ?? PENDING;
  }

  /**
   * One cell along the text, from..to.
   * @param {number} memory
   * @param {number} slot
   */
  row(memory, slot, from = 0, to = this.length) {
    const row = new Int8Array(to - from);
    let index = from * this.width + memory * this.cells.length + slot;
    for (let t = 0; t < row.length; t += 1, index += this.width)
      row[t] = this.values[index] ?? PENDING;
    return row;
  }
}

/** The edits made, so that frames of an older text can be used where they are still true. */
export class EditLog {
  #most;
  /** @type {{ revision: number, at: number }[]} */
  #edits = [];
  #first = 0;

  constructor(most = 4096) {
    this.#most = most;
  }

  /**
   * @param {number} revision
   * @param {number} at
   */
  add(revision, at) {
    this.#edits.push({ revision, at });
    if (this.#edits.length > this.#most) this.#first = this.#edits.shift()?.revision ?? 0;
  }

  /**
   * Up to where a frame of `revision` is true of the text now.
   * @param {number} revision
   */
  trueUpTo(revision) {
    if (revision < this.#first) return 0;
    let limit = Number.POSITIVE_INFINITY;
    for (let k = this.#edits.length - 1; k >= 0; k -= 1) {
      const edit = this.#edits[k];
      if (!edit || edit.revision <= revision) break;
      limit = Math.min(limit, edit.at);
    }
    return limit;
  }
}

/**
 * Whether a memory is one flat colour over this text.
 * @param {Int8Array} row
 */
export function isSaturated(row) {
  let told = 0;
  let full = 0;
  for (const value of row) {
    if (value === PENDING) continue;
    told += 1;
    if (Math.abs(value) > 127 * SATURATED_VALUE) full += 1;
  }
  return told >= 20 && full > SATURATED_SHARE * told;
}
