// What the models expected: the text coloured by surprisal, and the next characters at one place.

import { element, say } from "../../base/dom.js";
import { glyphOf } from "../../base/format.js";
import {
  bitsPerCharacter,
  expectation,
  likeliest,
  surprisalBytes,
  surprisals,
} from "../../base/surprisal.js";

/** @typedef {import("../../base/surprisal.js").Expectation} Expectation */

/** Fewer common characters than this say nothing. */
const FEWEST = 20;

export class Predictions {
  /**
   * @param {HTMLElement[]} homes one a model
   * @param {HTMLElement} verdict
   */
  constructor(homes, verdict) {
    this.homes = homes;
    this.verdict = verdict;
    /** @type {(Expectation | null)[]} */
    this.expected = [];
    /** @type {Float64Array[]} */
    this.bits = [];
    /** @type {Int8Array[]} */
    this.bytes = [];
    /** @type {string[]} */
    this.text = [];
    this.border = 0;
  }

  /**
   * @param {string[]} text code points
   * @param {number} models
   * @param {number} border characters of the warm-up, which are read and not counted
   */
  begin(text, models, border) {
    this.text = text;
    this.border = border;
    this.expected = Array.from({ length: models }, () => null);
    this.bits = [];
    this.bytes = this.expected.map(() => new Int8Array(text.length).fill(-128));
    for (const home of this.homes) home.replaceChildren();
    say(this.verdict, "Reading the text for what is expected at each character…");
  }

  /**
   * @param {number} panel
   * @param {Float32Array} logits
   * @param {readonly string[]} vocabulary
   */
  show(panel, logits, vocabulary) {
    const expected = expectation(logits, vocabulary);
    this.expected[panel] = expected;
    this.bits[panel] = surprisals(expected, this.text);
    const bits = /** @type {Float64Array} */ (this.bits[panel]);
    this.bytes[panel] = surprisalBytes(bits, vocabulary.length);
    if (this.expected.some((e) => e === null)) return;
    const { count, means } = bitsPerCharacter(this.bits, this.border);
    const names = means.map((mean, k) => `${"AB"[k]} ${mean.toFixed(3)}`).join(", ");
    const over =
      means.length > 1 ? "that both alphabets hold as typed" : "that the alphabet holds as typed";
    say(
      this.verdict,
      count < FEWEST
        ? `Not comparable: only ${count} characters ${over}.`
        : `Bits per character of this text: ${names}, over the ${count.toLocaleString("en-US")} characters ${over} (${this.border > 0 ? "after the warm-up" : "the first left out"}).`,
    );
  }

  /** In words. @param {number} panel @param {number} position */
  reading(panel, position) {
    const bits = this.bits[panel]?.[position];
    if (bits === undefined) return "";
    return Number.isNaN(bits)
      ? position === 0
        ? "the first: not predicted"
        : "not in the alphabet"
      : `${bits.toFixed(2)} bits`;
  }

  /** The five likeliest after this character, in each model. @param {number} position */
  at(position) {
    for (const [panel, home] of this.homes.entries()) {
      const expected = this.expected[panel];
      if (!expected) continue;
      const next = this.text[position + 1];
      const rows = likeliest(expected, position, 5).map(({ symbol, p }) => {
        const bar = element("i", "probability");
        bar.style.width = `${(100 * p).toFixed(1)}%`;
        const row = element(
          "li",
          symbol === next ? "came" : "",
          element("b", "", glyphOf(symbol)),
          element("span", "track", bar),
          element("span", "percent", `${(100 * p).toFixed(1)} %`),
        );
        return row;
      });
      const before = this.text
        .slice(Math.max(0, position - 18), position + 1)
        .map(glyphOf)
        .join("");
      home.replaceChildren(
        element("p", "after", "After “", element("q", "", before), "” it expects:"),
        element("ol", "likeliest", ...rows),
      );
    }
  }
}
