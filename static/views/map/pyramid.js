// All cells of one memory along the text, at every scale: a level holds for 2, 4, 8, … characters the
// value of the largest magnitude, so that a cell that fires once is seen however far one zooms out.

import { PENDING } from "../../wire/columns.js";

/**
 * The one of larger magnitude; what is not told yet counts for nothing.
 * @param {number} a
 * @param {number} b
 */
export function extreme(a, b) {
  if (a === PENDING) return b;
  if (b === PENDING) return a;
  return Math.abs(b) > Math.abs(a) ? b : a;
}

const SMALLEST = 256;

/** Of a value's byte: the larger, the larger its magnitude; 0 where nothing is told. */
const KEYS = Int16Array.from({ length: 256 }, (_, byte) => {
  const value = (byte << 24) >> 24;
  return value === PENDING ? 0 : 2 * Math.abs(value) + Number(value < 0) + 1;
});
/** The value of a key. */
const BYTES = new Int8Array(257).fill(PENDING);
for (const [byte, key] of KEYS.entries()) if (key > 0) BYTES[key] = (byte << 24) >> 24;

export class Pyramid {
  /** @param {number} cells */
  constructor(cells) {
    this.cells = cells;
    this.length = 0;
    /** Characters a row has room for: a power of two. */
    this.room = SMALLEST;
    /** @type {Int8Array[]} by level, cell first */
    this.levels = this.#empty();
  }

  #empty() {
    const levels = [];
    for (let room = this.room; room >= 1; room >>= 1)
      levels.push(new Int8Array(this.cells * room).fill(PENDING));
    return levels;
  }

  /**
   * Take over characters from .. length - 1 of a memory; those behind are gone.
   * @param {Int8Array} values time first
   * @param {number} offset of the memory's first cell
   * @param {number} stride from one character to the next
   * @param {number} from
   * @param {number} length
   * @param {number} most characters there will be: room for them is made at once
   */
  update(values, offset, stride, from, length, most = length) {
    let first = from;
    if (most > this.room) {
      while (this.room < most) this.room *= 2;
      this.levels = this.#empty();
      first = 0;
    }
    const last = Math.max(length, this.length);
    this.length = length;
    if (last <= first) return;
    const base = /** @type {Int8Array} */ (this.levels[0]);
    for (let t0 = first; t0 < last; t0 += 64) {
      const t1 = Math.min(last, t0 + 64);
      for (let k = 0; k < this.cells; k += 1) {
        const row = k * this.room;
        for (let t = t0; t < t1; t += 1)
          base[row + t] = t < length ? (values[t * stride + offset + k] ?? PENDING) : PENDING;
      }
    }
    for (let level = 1; level < this.levels.length; level += 1) {
      const below = /** @type {Int8Array} */ (this.levels[level - 1]);
      const here = /** @type {Int8Array} */ (this.levels[level]);
      const room = this.room >> level;
      const begin = first >> level;
      const end = Math.min(room, ((last - 1) >> level) + 1);
      for (let k = 0; k < this.cells; k += 1)
        for (let t = begin; t < end; t += 1) {
          const at = k * 2 * room + 2 * t;
          here[k * room + t] = extreme(below[at] ?? PENDING, below[at + 1] ?? PENDING);
        }
    }
  }

  /**
   * Draw characters from .. to (fractions allowed) into width x height pixels, rows in this order.
   * @param {Uint32Array} pixels
   * @param {number} width
   * @param {number} height
   * @param {number} from
   * @param {number} to
   * @param {readonly number[]} order cells from top to bottom
   * @param {Uint32Array} colours by byte + 128
   */
  draw(pixels, width, height, from, to, order, colours) {
    const each = (to - from) / width;
    const level = Math.max(
      0,
      Math.min(this.levels.length - 1, Math.floor(Math.log2(Math.max(1, each)))),
    );
    const room = this.room >> level;
    const values = /** @type {Int8Array} */ (this.levels[level]);
    const starts = new Int32Array(width + 1);
    for (let x = 0; x <= width; x += 1)
      starts[x] = Math.max(0, Math.min(room, Math.floor((from + x * each) / 2 ** level)));
    const first = /** @type {number} */ (starts[0]);
    const last = Math.max(/** @type {number} */ (starts[width]), (starts[width - 1] ?? 0) + 1);
    const count = Math.max(0, Math.min(room, last) - first);
    // Of each character once, however many pixels it is wide: the greatest key of the cells that share a row.
    const line = new Int16Array(count);
    for (let y = 0; y < height; y += 1) {
      const top = Math.floor((y * order.length) / height);
      const bottom = Math.max(top + 1, Math.floor(((y + 1) * order.length) / height));
      line.fill(0);
      for (let place = top; place < bottom; place += 1) {
        const row = (order[place] ?? 0) * room + first;
        for (let t = 0; t < count; t += 1) {
          const key = /** @type {number} */ (KEYS[/** @type {number} */ (values[row + t]) & 255]);
          line[t] = Math.max(key, /** @type {number} */ (line[t]));
        }
      }
      for (let x = 0; x < width; x += 1) {
        const start = /** @type {number} */ (starts[x]) - first;
        const end = Math.min(count, /** @type {number} */ (starts[x + 1]) - first);
        let best = start < count ? /** @type {number} */ (line[start]) : 0;
        for (let t = start + 1; t < end; t += 1)
          best = Math.max(best, /** @type {number} */ (line[t]));
        pixels[y * width + x] = /** @type {number} */ (
          colours[/** @type {number} */ (BYTES[best]) + 128]
        );
      }
    }
  }
}
