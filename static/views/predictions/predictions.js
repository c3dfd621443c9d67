// What the models expected: the text coloured by surprisal, and the next characters at one place.

import { surprisePixels } from "../../base/colour.js";
import { element, say } from "../../base/dom.js";
import { counted, glyphOf, several } from "../../base/format.js";
import { letterOf } from "../../base/places.js";
import {
  bitsPerCharacter,
  expectation,
  likeliest,
  mostBits,
  surprisalBytes,
  surprisals,
} from "../../base/surprisal.js";
import { isQuatrain } from "../../text/poem.js";

/** @typedef {import("../../base/surprisal.js").Expectation} Expectation */

/** Fewer common characters than this say nothing. */
const FEWEST = 20;

export class Predictions {
  /** @param {import("../view.js").Page} page */
  constructor(page) {
    this.page = page;
    this.verdict = element("p", "verdict");
    this.verdict.id = "verdict";
    this.verdict.setAttribute("role", "status");
    page.above.append(this.verdict);
    for (const home of page.homes) home.classList.add("next");
    /** @type {import("../view.js").Scene | null} */
    this.scene = null;
    /** @type {import("../view.js").Point | null} */
    this.lit = null;
    /** @type {(Expectation | null)[]} */
    this.expected = [];
    /** @type {Float64Array[]} */
    this.bits = [];
    /** @type {Int8Array[]} */
    this.bytes = [];
    /** @type {string[]} */
    this.text = [];
    this.border = 0; // characters of the warm-up, which are read and not counted
    this.shade = page.store.get().shade;
    this.colours = surprisePixels(this.shade);
    document.addEventListener("selectionchange", () => this.lit ?? page.redraw());
  }

  /** @param {import("../view.js").Scene} scene */
  show(scene) {
    this.scene = scene;
  }

  ask() {
    return [/** @type {const} */ ({ signal: "logits", dtype: "float16" })];
  }

  asked() {
    if (!this.scene) return;
    const { characters, border, cards } = this.scene;
    this.text = characters();
    this.border = border;
    this.expected = cards.map(() => null);
    this.bits = [];
    this.bytes = cards.map(() => new Int8Array(this.text.length).fill(-128));
    for (const home of this.page.homes) home.replaceChildren();
    for (const panel of cards.keys()) this.page.recolour(panel);
    say(this.verdict, "Reading the text for what is expected at each character…");
  }

  /**
   * @param {number} panel
   * @param {Float32Array[]} answer
   * @param {import("../view.js").Card} card
   */
  answer(panel, [logits], { vocabulary }) {
    if (!logits) return;
    const expected = expectation(logits, vocabulary);
    this.expected[panel] = expected;
    this.bits[panel] = surprisals(expected, this.text);
    const bits = /** @type {Float64Array} */ (this.bits[panel]);
    this.bytes[panel] = surprisalBytes(bits, vocabulary.length);
    this.page.recolour(panel);
    if (this.expected.some((e) => e === null)) return;
    const { count, means } = bitsPerCharacter(this.bits, this.border);
    const names = means.map((mean, k) => `${letterOf(k)} ${mean.toFixed(3)}`).join(", ");
    // What is said of poems, in the paper and elsewhere.
    const perplexities = isQuatrain(this.text.join(""))
      ? ` Perplexity per character: ${means.map((mean, k) => `${letterOf(k)} ${counted(Math.round(2 ** mean))}`).join(", ")}.`
      : "";
    const over =
      means.length > 1 ? "that all alphabets hold as typed" : "that the alphabet holds as typed";
    say(
      this.verdict,
      count < FEWEST
        ? `Not comparable: only ${several(count, "character")} ${over}.`
        : `Bits per character of this text: ${names}, over the ${several(count, "character")} ${over} (${this.border > 0 ? "after the warm-up" : "the first left out"}).${perplexities}`,
    );
  }

  #colours() {
    const { shade } = this.page.store.get();
    if (shade !== this.shade) this.colours = surprisePixels(shade);
    this.shade = shade;
    return this.colours;
  }

  /** @param {number} panel */
  source(panel) {
    const values = this.bytes[panel] ?? new Int8Array(0);
    return { values, offset: 0, stride: 1, colours: this.#colours() };
  }

  /** @returns {import("../view.js").Meaning} */
  meaning() {
    const most = (this.scene?.cards ?? []).map(({ vocabulary }) => mostBits(vocabulary.length));
    const ends = [...new Set(most)];
    return {
      title: `How surprising each character was to the model. ${this.verdict.textContent}`,
      about:
        "Colour at each character: its surprisal, −log2 of the probability that the model gave it before it was read; no colour where it is not in the alphabet.",
      signal: "logits",
      bars: ends.map((end) => {
        const models =
          ends.length > 1
            ? `${most.flatMap((m, k) => (m === end ? letterOf(k) : [])).join(", ")}: `
            : "";
        const bits = Number.isInteger(end) ? String(end) : end.toFixed(1);
        return {
          pixels: this.#colours(),
          words: [`${models}0`, `${bits} bits or more`],
          label: "surprisal",
        };
      }),
    };
  }

  /** In words. @param {number} panel @param {number} _memory @param {number} position */
  reading(panel, _memory, position) {
    const bits = this.bits[panel]?.[position];
    if (bits === undefined) return "";
    return Number.isNaN(bits)
      ? position === 0
        ? "the first: not predicted"
        : "not in the alphabet"
      : `${bits.toFixed(2)} bits`;
  }

  /** @param {import("../view.js").Point | null} point */
  light(point) {
    this.lit = point;
    this.page.redraw();
  }

  /** The five likeliest after the character looked at, else after the one before the caret. */
  draw() {
    const position = this.lit?.position ?? this.page.caret();
    for (const [panel, home] of this.page.homes.entries()) {
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
