// One block of the figure: the whole text on the colours of one memory cell.

import { element } from "../../base/dom.js";
import { shape } from "../../base/svg.js";
import { paintRows, rowCount } from "./paint.js";

/** @typedef {import("./paint.js").Boxes} Boxes */
/**
 * Where a block takes its values from.
 * @typedef {object} Source
 * @property {Int8Array} values
 * @property {number} offset
 * @property {number} stride
 * @property {Uint32Array} colours by byte + 128
 */

/** Canvases grow by this many rows, so that typing seldom clears them. */
const ROWS = 16;

export class Block {
  /**
   * @param {number} panel
   * @param {number} memory
   * @param {number} rank row of the figure
   * @param {number} cell
   * @param {string} label for people who cannot see it
   */
  constructor(panel, memory, rank, cell, label) {
    this.panel = panel;
    this.memory = memory;
    this.rank = rank;
    this.cell = cell;
    this.node = document.createTextNode("");
    this.text = element("p", "text", this.node);
    this.canvas = element("canvas", "colours");
    this.canvas.width = this.canvas.height = 0;
    const use = shape("use", { href: `#marks-${panel}` });
    const marks = shape("svg", { class: "marks", "aria-hidden": "true" }, use);
    this.page = element("div", "page", this.canvas, marks, element("i", "cursor"), this.text);
    this.view = element("div", "view", this.page);
    this.button = element("button", "cell");
    this.button.type = "button";
    this.whatIf = element("button", "what-if", "what if");
    this.whatIf.type = "button";
    // One for the row: it is the cell that is pinned, in all its memories.
    this.pin = memory === 0 ? element("button", "pin", "★") : null;
    if (this.pin) this.pin.type = "button";
    this.note = element("span", "note");
    this.reading = element("span", "reading");
    this.element = element(
      "div",
      "block",
      element(
        "div",
        "head",
        this.button,
        this.note,
        this.reading,
        element("span", "actions", ...(this.pin ? [this.pin] : []), this.whatIf),
      ),
      this.view,
      element("i", "thumb"),
    );
    this.element.setAttribute("role", "group");
    this.stale = true;
    this.visible = false;
    this.turn(cell, label);
  }

  /** The block of this cell from now on: its text stands laid out. @param {number} cell @param {string} label */
  turn(cell, label) {
    this.cell = cell;
    this.stale = true;
    this.element.setAttribute("aria-label", label);
    this.button.textContent = String(cell);
    this.button.title = `Cell ${cell}: look at it alone`;
    this.button.setAttribute("aria-label", `Look at cell ${cell} alone`);
    this.whatIf.title = `Hold cell ${cell} of this memory, and see what changes`;
    this.whatIf.setAttribute("aria-label", `What if cell ${cell} were held`);
    if (this.pin) {
      this.pin.title = `Pin cell ${cell}: it stays first, whatever the list and the order`;
      this.pin.setAttribute("aria-label", `Pin cell ${cell}`);
    }
    this.note.replaceChildren();
    this.reading.replaceChildren();
  }

  /**
   * @param {string} text
   * @param {import("../../text/edits.js").Edit | null} edit what turns the text shown into it, if known
   */
  setText(text, edit) {
    if (edit) this.node.replaceData(edit.unit, edit.units, edit.insert);
    if (this.node.data !== text) this.node.data = text;
  }

  /**
   * Paint the rows first .. last - 1.
   * @param {Boxes} boxes
   * @param {Source} source
   * @param {number} width CSS pixels
   * @param {number} ratio
   * @param {number} lineHeight
   */
  paint(boxes, source, width, ratio, lineHeight, first = 0, last = rowCount(boxes)) {
    const { canvas } = this;
    const pixels = Math.max(1, Math.round(width * ratio));
    const rows = Math.ceil(rowCount(boxes) / ROWS) * ROWS;
    let from = first;
    let to = Math.min(last, rowCount(boxes));
    if (canvas.width !== pixels || canvas.height < rows || canvas.height > rows + 8 * ROWS) {
      canvas.width = pixels;
      canvas.height = rows;
      canvas.style.height = `${rows * lineHeight}px`;
      from = 0;
      to = rowCount(boxes);
    } else if (last >= rowCount(boxes)) to = canvas.height;
    if (to <= from) return;
    const image = new ImageData(pixels, to - from);
    const words = new Uint32Array(image.data.buffer);
    const { colours, values, offset, stride } = source;
    paintRows(
      words,
      pixels,
      ratio,
      boxes,
      from,
      Math.min(to, rowCount(boxes)),
      colours,
      values,
      offset,
      stride,
    );
    canvas.getContext("2d")?.putImageData(image, 0, from);
  }
}
