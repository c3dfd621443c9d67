// Per-cell scale: a cell's largest magnitude over the text gets the strongest colour. A byte of the
// live channel is 1/127, so a faint cell would have few steps left; its exact values are fetched instead.

import { scaledPixels } from "../base/colour.js";
import { PENDING } from "../wire/columns.js";
import { exactValues } from "../wire/exact.js";

/** @typedef {import("../wire/session.js").Session} Session */
/** @typedef {import("./blocks/block.js").Source} Source */
/** @typedef {{ bytes: Int8Array, largest: number }} Fine */

/** Below this byte there would be fewer than 64 steps from the largest negative to the largest positive. */
const FAINT = 32;

/**
 * Exact values of one cell on the per-cell scale, and its largest magnitude.
 * @param {ArrayLike<number>} values
 * @returns {Fine}
 */
export function fineBytes(values) {
  let largest = 0;
  for (let t = 0; t < values.length; t += 1) largest = Math.max(largest, Math.abs(values[t] ?? 0));
  const scale = largest > 0 ? 127 / largest : 0;
  const bytes = Int8Array.from({ length: values.length }, (_, t) =>
    Math.round((values[t] ?? 0) * scale),
  );
  return { bytes, largest };
}

export class OwnScale {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    /** @type {Map<string, Fine>} */
    this.fine = new Map();
    this.when = "";
  }

  /** What is known holds for one text and one view only. */
  #fresh() {
    const now = `${this.session.revision} ${this.session.view}`;
    if (now !== this.when) this.fine.clear();
    this.when = now;
  }

  /** The largest magnitude of a cell over the text, as a byte. @param {number} panel @param {number} memory @param {number} slot */
  byte(panel, memory, slot) {
    let most = 1;
    for (const value of this.session.panels[panel]?.columns.row(memory, slot) ?? [])
      if (value !== PENDING) most = Math.max(most, Math.abs(value));
    return most;
  }

  /** @param {number} panel @param {number} memory @param {number} slot */
  largest(panel, memory, slot) {
    this.#fresh();
    return (
      this.fine.get(`${panel} ${memory} ${slot}`)?.largest ?? this.byte(panel, memory, slot) / 127
    );
  }

  /**
   * @param {number} panel
   * @param {number} memory
   * @param {number} slot
   * @param {import("../base/colour.js").Palette} palette
   * @returns {Source | null}
   */
  source(panel, memory, slot, palette) {
    this.#fresh();
    const columns = this.session.panels[panel]?.columns;
    if (!columns) return null;
    const fine = this.fine.get(`${panel} ${memory} ${slot}`);
    if (fine) return { values: fine.bytes, offset: 0, stride: 1, colours: palette.pixels };
    const colours = scaledPixels(palette, this.byte(panel, memory, slot));
    const offset = memory * columns.cells.length + slot;
    return { values: columns.values, offset, stride: columns.width, colours };
  }

  /**
   * The cells among these whose exact values are needed and not here.
   * @param {number} panel
   * @param {number} memories
   * @param {readonly number[]} cells
   */
  faint(panel, memories, cells) {
    this.#fresh();
    const slots = this.session.panels[panel]?.columns.slots;
    return cells.filter((cell) => {
      const slot = slots?.get(cell);
      if (slot === undefined) return false;
      return Array.from({ length: memories }, (_, m) => m).some(
        (m) => !this.fine.has(`${panel} ${m} ${slot}`) && this.byte(panel, m, slot) < FAINT,
      );
    });
  }

  /**
   * Exact values of the faint cells of a model, for the per-cell scale.
   * @param {number} panel
   * @param {import("../base/memories.js").Card} card
   * @param {import("../wire/exact.js").Shown} sheet
   * @param {string} text
   * @returns {Promise<boolean>} whether any came, still in time
   */
  async refine(panel, card, { memories, cells, made }, text) {
    const faint = this.faint(panel, memories.length, cells);
    if (faint.length === 0) return false;
    const { when } = this;
    const [exact] = await exactValues(
      [card],
      [{ memories, cells: faint, ...(made ? { made } : {}) }],
      text,
    );
    if (!exact || when !== this.when) return false;
    this.learn(panel, faint, exact);
    return true;
  }

  /**
   * @param {number} panel
   * @param {readonly number[]} cells
   * @param {{ values: Float32Array, shape: readonly number[] }} exact (T, memories, cells)
   */
  learn(panel, cells, { values, shape }) {
    const [length = 0, memories = 0, count = 0] = shape;
    const slots = this.session.panels[panel]?.columns.slots;
    for (let m = 0; m < memories; m += 1)
      for (const [k, cell] of cells.entries()) {
        const row = Float32Array.from(
          { length },
          (_, t) => values[(t * memories + m) * count + k] ?? 0,
        );
        this.fine.set(`${panel} ${m} ${slots?.get(cell)}`, fineBytes(row));
      }
  }
}
