// The map: every cell of every memory along the text, with one zoom for all.

import { element } from "../../base/dom.js";
import { glyphOf } from "../../base/format.js";
import { letterOf } from "../../base/places.js";
import { pickedIn } from "../../state/panels.js";
import { pickOf, showsDifference } from "../../state/state.js";
import { drawRuler } from "../axis.js";
import { Pyramid } from "./pyramid.js";
import { drawNumbers, together } from "./rows.js";

/** @typedef {import("../../wire/columns.js").Columns} Columns */
/** @typedef {import("../view.js").Point} Point */
/** @typedef {import("../view.js").Scene} Scene */
/**
 * One model of the map.
 * @typedef {object} MapSheet
 * @property {import("../../base/memories.js").Memory[]} memories
 * @property {Columns} columns of every cell
 * @property {readonly number[]} order cells from top to bottom
 */
/**
 * One memory on the screen.
 * @typedef {object} Band
 * @property {number} panel
 * @property {number} memory
 * @property {Pyramid} pyramid
 * @property {HTMLCanvasElement} canvas
 * @property {HTMLElement} frame
 * @property {HTMLCanvasElement} numbers of its rows
 * @property {number} told characters in the pyramid
 */

const HIGHEST = 272;

export class MapView {
  /** @param {import("../view.js").Page} page */
  constructor(page) {
    this.page = page;
    this.homes = page.homes;
    this.axis = page.axis;
    /** @type {MapSheet[]} */
    this.sheets = [];
    /** @type {Band[]} */
    this.panels = [];
    /** @type {string[]} */
    this.glyphs = [];
    this.differs = false;
    this.fresh = false; // more than the axis has changed
    /** @type {Uint32Array | null} */
    this.colours = null;
    /** @type {Point | null} */
    this.lit = null;
    for (const home of this.homes) {
      home.classList.add("maps");
      new ResizeObserver(() => this.#refresh()).observe(home);
      home.addEventListener("pointermove", (event) => this.#point(event));
      home.addEventListener("pointerleave", () => page.point(null, false));
      this.axis.follow(home, ".map-frame", (event) => this.#press(event));
    }
  }

  /** @param {Scene} scene */
  show({ state, sheets: shown, characters }) {
    this.glyphs = characters().map(glyphOf);
    const sheets = shown.flatMap(({ memories, order }, panel) => {
      const columns = this.page.session.panels[panel]?.columns;
      return columns ? [{ memories, columns, order }] : [];
    });
    const same =
      sheets.length === this.sheets.length &&
      sheets.every((s, k) => s.columns === this.sheets[k]?.columns);
    const differs = showsDifference(state);
    const other = differs !== this.differs;
    this.differs = differs;
    if (other) for (const panel of this.panels) panel.told = 0;
    this.sheets = sheets;
    if (!same) {
      this.panels = [];
      for (const [panel, home] of this.homes.entries()) {
        const sheet = sheets[panel];
        home.replaceChildren();
        if (!sheet) continue;
        const ruler = element("canvas", "ruler");
        ruler.setAttribute("aria-hidden", "true");
        home.append(ruler);
        for (const [memory, { name, symbol }] of sheet.memories.entries()) {
          const canvas = element("canvas", "map-canvas");
          canvas.setAttribute("role", "img");
          canvas.setAttribute("aria-label", `All cells of ${name} ${symbol} along the text`);
          const frame = element(
            "div",
            "map-frame",
            canvas,
            element("i", "across"),
            element("i", "down"),
          );
          const numbers = element("canvas", "map-numbers");
          numbers.setAttribute("aria-hidden", "true");
          home.append(
            element("h3", "map-name", element("b", "", name), element("i", "", symbol)),
            element("div", "map-rows", numbers, frame),
          );
          const pyramid = new Pyramid(sheet.columns.cells.length);
          this.panels.push({ panel, memory, pyramid, canvas, frame, numbers, told: 0 });
        }
      }
    }
    this.#refresh();
  }

  /** A model's columns are new from here on. @param {number} panel @param {number} from */
  columns(panel, from) {
    for (const p of this.panels)
      if (p.panel === panel || this.differs) p.told = Math.min(p.told, from);
    this.#refresh();
  }

  #refresh() {
    this.fresh = true;
    this.page.redraw();
  }

  /** Light a character and a cell in every map. @param {Point | null} point */
  light(point) {
    this.lit = point;
    for (const home of this.homes) home.classList.toggle("lit", point !== null);
    this.#number();
    if (!point) return;
    for (const { panel, memory, frame } of this.panels) {
      const sheet = this.sheets[panel];
      if (!sheet) continue;
      const width = frame.clientWidth / (this.axis.to - this.axis.from);
      const place = panel === point.panel ? sheet.order.indexOf(point.cell) : point.rank;
      const height = frame.clientHeight / sheet.order.length;
      frame.style.setProperty("--left", `${(point.position - this.axis.from) * width}px`);
      frame.style.setProperty("--wide", `${Math.max(1, width)}px`);
      frame.style.setProperty("--top", `${place * height}px`);
      frame.style.setProperty("--high", `${Math.max(1, height)}px`);
      frame.classList.toggle("here", panel === point.panel && memory === point.memory);
    }
  }

  /** The rows' cells: that of the character looked at, or else the one picked, and others as there is room. */
  #number() {
    const state = this.page.store.get();
    for (const { panel, frame, numbers } of this.panels) {
      const { order } = this.sheets[panel] ?? { order: [] };
      const { lit } = this;
      const marked =
        lit && panel !== lit.panel ? lit.rank : order.indexOf(lit?.cell ?? pickOf(state, panel));
      drawNumbers(numbers, order, frame.clientHeight, marked);
    }
  }

  /** The maps with the numbers of their rows, for a file. */
  parts() {
    return this.panels.map(({ panel, memory, canvas, numbers }) => {
      const { name = "", symbol = "" } = this.sheets[panel]?.memories[memory] ?? {};
      const title = `${letterOf(panel)}  all cells of ${name} ${symbol}, by number`;
      return { panel, title, ...together(numbers, canvas) };
    });
  }

  draw() {
    const colours = this.page.palette().pixels;
    this.fresh ||= colours !== this.colours;
    this.colours = colours;
    const ratio = devicePixelRatio;
    for (const p of this.panels) {
      const sheet = this.sheets[p.panel];
      if (!sheet) continue;
      const { columns } = sheet;
      const { values, done, colours } = this.page.coloured(p.panel);
      if (p.told !== done) {
        // Only what is told: what is still to come is a long text's larger part, at every frame.
        const offset = p.memory * columns.cells.length;
        const from = Math.min(p.told, done);
        p.pyramid.update(values, offset, columns.width, from, done, columns.length);
        p.told = done;
      }
      const cells = sheet.order.length;
      const high = Math.min(HIGHEST, Math.max(96, cells <= 128 ? cells * 2 : cells));
      const width = Math.max(1, Math.round(p.frame.clientWidth * ratio));
      const height = Math.max(1, Math.min(cells, Math.round(high * ratio)));
      if (p.canvas.width !== width || p.canvas.height !== height) {
        p.canvas.width = width;
        p.canvas.height = height;
        p.frame.style.height = `${high}px`;
      }
      const image = new ImageData(width, height);
      p.pyramid.draw(
        new Uint32Array(image.data.buffer),
        width,
        height,
        this.axis.from,
        this.axis.to,
        sheet.order,
        colours,
      );
      p.canvas.getContext("2d")?.putImageData(image, 0, 0);
    }
    for (const home of this.homes) {
      const ruler = /** @type {HTMLCanvasElement | null} */ (home.querySelector(".ruler"));
      if (ruler) drawRuler(ruler, this.axis, this.glyphs);
    }
    const first = this.panels[0];
    const order = this.sheets[0]?.order ?? [];
    /** @type {Parameters<typeof this.page.overview.draw>[0]} */
    const whole = (pixels, width, height) =>
      first?.pyramid.draw(pixels, width, height, 0, this.axis.length, order, colours);
    this.page.overview.draw(this.fresh ? whole : null, 30);
    this.fresh = false;
    this.light(this.lit);
  }

  /**
   * @param {MouseEvent} event
   * @returns {Point | null}
   */
  #pointAt(event) {
    const frame = /** @type {Element} */ (event.target).closest(".map-frame");
    const p = this.panels.find((candidate) => candidate.frame === frame);
    const sheet = p && this.sheets[p.panel];
    if (!p || !sheet) return null;
    const corner = p.frame.getBoundingClientRect();
    const position = this.axis.at((event.clientX - corner.left) / corner.width);
    const rank = Math.floor(((event.clientY - corner.top) / corner.height) * sheet.order.length);
    if (position < 0 || position >= this.glyphs.length) return null;
    const place = Math.max(0, Math.min(sheet.order.length - 1, rank));
    return {
      position,
      panel: p.panel,
      memory: p.memory,
      rank: place,
      cell: sheet.order[place] ?? 0,
    };
  }

  /** @param {MouseEvent} event */
  #point(event) {
    if (!this.axis.dragging) this.page.point(this.#pointAt(event), false);
  }

  /** @param {MouseEvent} event */
  #press(event) {
    const point = this.#pointAt(event);
    if (!point) return;
    this.page.point(point, true);
    const { store } = this.page;
    store.set(pickedIn(store.get(), point.panel, point.cell));
  }
}
