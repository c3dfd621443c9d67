// The cells by rank: a strip of the text in the cell's colours under the strip of what is asked for.

import { element, say } from "../../base/dom.js";
import { signed } from "../../base/format.js";
import { letterOf } from "../../base/places.js";

/** @typedef {import("./ranking.js").Ranked} Ranked */
/** @typedef {import("../view.js").Card} Card */

/** Rows at first, and at a press of "more". */
const FIRST = 6;
const MORE = 12;
/** CSS pixels of a strip in a file. */
const PRINTED = 400;

/**
 * Paint values along the width of a canvas, several characters a pixel as their mean.
 * @param {HTMLCanvasElement} canvas
 * @param {number} length
 * @param {(t: number) => number} value a byte
 * @param {(byte: number) => number} pixel
 */
function paintStrip(canvas, length, value, pixel) {
  const width = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio));
  canvas.width = width;
  canvas.height = 1;
  if (length === 0) return;
  const image = new ImageData(width, 1);
  const words = new Uint32Array(image.data.buffer);
  for (let x = 0; x < width; x += 1) {
    const from = Math.floor((x * length) / width);
    const to = Math.max(from + 1, Math.floor(((x + 1) * length) / width));
    let sum = 0;
    for (let t = from; t < to; t += 1) sum += value(t);
    words[x] = pixel(Math.round(sum / (to - from)));
  }
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}

/** @param {number} value -1 .. 1 */
const place = (value) => `${(50 * (value + 1)).toFixed(1)}%`;

/** Words for those who hear the row. @param {string} words */
const spoken = (words) => element("span", "hidden", words);

/** A row for a file. @param {Ranked} row @param {readonly Card[]} cards */
const inWords = ({ panel, memory, cell, sign, auc, inside, outside }, cards) =>
  `${letterOf(panel)}  ${cards[panel]?.memories[memory]?.name ?? ""} ${cell}: ${sign > 0 ? "+" : "−"} AUC ${auc.toFixed(3)}, mean ${signed(inside, 2)} inside and ${signed(outside, 2)} outside`;

export class RankedList {
  /** @param {HTMLElement} home @param {(row: Ranked) => void} chosen */
  constructor(home, chosen) {
    this.chosen = chosen;
    this.many = FIRST;
    /** @type {readonly Ranked[]} */
    this.rows = [];
    this.label = element("canvas", "strip");
    this.label.setAttribute("aria-hidden", "true");
    this.what = element("span", "asked-for");
    this.list = element("ol", "ranked");
    this.list.setAttribute("aria-label", "Cells, best first");
    this.more = element("button", "quiet", "More cells");
    this.more.type = "button";
    this.more.addEventListener("click", () => {
      this.many += MORE;
      this.again();
    });
    this.element = element(
      "div",
      "ranking",
      element(
        "div",
        "ranked-head",
        this.what,
        this.label,
        element("span", "number", "AUC"),
        element("span", "means-head", "mean ", element("b", "", "inside"), " and outside"),
      ),
      this.list,
      this.more,
    );
    home.append(this.element);
    this.list.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const buttons = /** @type {HTMLElement[]} */ ([...this.list.querySelectorAll("button")]);
      const at = buttons.indexOf(/** @type {HTMLElement} */ (document.activeElement));
      if (!step || at < 0) return;
      event.preventDefault();
      buttons[at + step]?.focus();
    });
    this.again = () => {};
    /** The strips, and what is said of each. @type {{ words: string, strip: HTMLCanvasElement }[]} */
    this.drawn = [];
  }

  /** What is asked for and the cells listed, a strip each, for a file. @returns {import("../view.js").Part[]} */
  parts() {
    const size = { width: PRINTED, height: 12 };
    return [
      { panel: 0, title: this.what.textContent ?? "", drawn: this.label, size },
      ...this.drawn.map(({ words, strip }) => ({ panel: 0, title: words, drawn: strip, size })),
    ];
  }

  focus() {
    const on = this.list.querySelector("[aria-pressed=true]");
    /** @type {HTMLElement | null} */ (on)?.focus();
  }

  /**
   * @param {object} known
   * @param {readonly Ranked[]} known.rows
   * @param {readonly Card[]} known.cards
   * @param {readonly (import("../../state/state.js").Found | null)[]} known.found those shown below
   * @param {string} known.what
   * @param {Uint8Array} known.label
   * @param {number} known.chance the AUC that the best cell reaches by chance
   * @param {number} known.border
   * @param {import("../../wire/session.js").Session} known.session
   * @param {import("../../base/colour.js").Palette} known.palette
   */
  show(known) {
    this.again = () => this.show(known);
    const { cards, found, what, label, chance, border, session, palette } = known;
    // Those shown below stand in the list, however low they are.
    const listed = known.rows.filter(
      ({ panel, memory, cell }, rank) =>
        rank < this.many || (found[panel]?.memory === memory && found[panel]?.cell === cell),
    );
    say(this.what, what);
    this.more.hidden = known.rows.length <= this.many;
    const length = label.length - border;
    const items = listed.map((row) => {
      const { panel, memory, cell, sign, auc, inside, outside } = row;
      const name = cards[panel]?.memories[memory]?.name ?? "";
      const on = found[panel]?.memory === memory && found[panel]?.cell === cell;
      const strip = element("canvas", "strip");
      strip.setAttribute("aria-hidden", "true");
      const means = element("span", "means", element("i", "outside"), element("i", "inside"));
      for (const [k, value] of [outside, inside].entries()) {
        const dot = /** @type {HTMLElement} */ (means.children[k]);
        dot.style.left = place(value);
      }
      means.style.setProperty("--from", place(Math.min(inside, outside)));
      means.style.setProperty("--to", place(Math.max(inside, outside)));
      const button = element(
        "button",
        "cell-found",
        element(
          "span",
          "who",
          element("b", "badge", letterOf(panel)),
          ` ${name} `,
          element("b", "", String(cell)),
        ),
        strip,
        element(
          "span",
          "number",
          element("i", sign > 0 ? "plus" : "minus", sign > 0 ? "+" : "−"),
          spoken(" AUC "),
          auc.toFixed(3),
        ),
        means,
        element(
          "span",
          "two",
          spoken("mean "),
          element("b", "", signed(inside, 2)),
          spoken(" inside,"),
          ` ${signed(outside, 2)}`,
          spoken(" outside"),
        ),
      );
      button.type = "button";
      button.setAttribute("aria-pressed", String(on));
      button.classList.toggle("by-luck", auc <= chance);
      if (auc <= chance) button.title = `By chance the best cell reaches ${chance.toFixed(2)}`;
      button.addEventListener("click", () => this.chosen(row));
      return { item: element("li", "", button), strip, row };
    });
    const focused = [...this.list.querySelectorAll("button")].indexOf(
      /** @type {HTMLButtonElement} */ (document.activeElement),
    );
    this.list.replaceChildren(...items.map(({ item }) => item));
    this.drawn = items.map(({ row, strip }) => ({ words: inWords(row, cards), strip }));
    if (focused >= 0) this.list.querySelectorAll("button")[focused]?.focus();
    const ink = palette.ink;
    const solid = (255 << 24) | (ink[2] << 16) | (ink[1] << 8) | ink[0];
    paintStrip(
      this.label,
      length,
      (t) => 255 * (label[border + t] ?? 0),
      (byte) => ((byte << 24) | (solid & 0xffffff)) >>> 0,
    );
    for (const { strip, row } of items) {
      const columns = session.panels[row.panel]?.columns;
      const column = row.memory * (columns?.cells.length ?? 0) + row.cell;
      paintStrip(
        strip,
        Math.min(length, (columns?.length ?? 0) - border),
        (t) => columns?.values[(border + t) * columns.width + column] ?? 0,
        (byte) => palette.pixels[byte + 128] ?? 0,
      );
    }
  }
}
