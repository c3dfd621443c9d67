// One cell of each model: its states, what it writes and keeps, and its gates along the text; and at
// one character the whole of it, as a diagram and as equations.

import { element } from "../../base/dom.js";
import { glyphOf } from "../../base/format.js";
import { changed } from "../../state/interventions.js";
import { changesIn, pickOf } from "../../state/state.js";
import { PENDING } from "../../wire/columns.js";
import { drawRuler } from "../axis.js";
import { Charts } from "./charts.js";
import { equationRows } from "./equations.js";
import { GatesAsked } from "./gates.js";
import * as gru from "./gru.js";
import { keysIn } from "./lastingchart.js";
import * as lstm from "./lstm.js";
import { Remembers } from "./remembers.js";

/** @typedef {import("../view.js").Card} Card */
/** @typedef {import("../view.js").Point} Point */
/** @typedef {import("../view.js").Scene} Scene */
/** @typedef {{ length: number, layers: number }} Unrolled */
/**
 * How a cell of a network is unrolled and shown.
 * @typedef {object} Kind
 * @property {(length: number, layers: number, depth: number, change: import("./unit.js").Change) => any} blank
 * @property {(unit: any, start: number, gates: Float32Array, before: import("./unit.js").Before) => void} fill
 * @property {(unit: any) => import("./charts.js").Made[]} charts
 * @property {(unit: any, t: number) => { layer: number, terms: import("./unit.js").Term[] }[]} equationsAt
 * @property {(card: Card) => Drawing} draw
 */
/** @typedef {{ svg: SVGSVGElement, show: (unit: any, t: number, glyph: string) => void }} Drawing */
/**
 * @typedef {object} Home
 * @property {HTMLElement} node
 * @property {Charts} charts
 * @property {Remembers} remembers
 * @property {HTMLElement} step
 * @property {HTMLElement} diagram
 * @property {HTMLElement} equations
 * @property {HTMLCanvasElement} ruler
 * @property {Unrolled | null} unit
 * @property {Uint8Array} read which of its characters are
 * @property {boolean} awaited what it shows is of the question before
 * @property {boolean} stale more is read than its charts show
 * @property {string} drawn where its curves stand and how
 * @property {Kind} kind of the network
 * @property {Drawing | null} drawing of a unit of this shape
 * @property {string} shape
 */

/** @type {Record<Card["cell"], Kind>} */
const KINDS = { lstm, gru };

/** So many characters of curves can be told apart. */
const READABLE = 72;

export class CellView {
  /** @param {import("../view.js").Page} page */
  constructor(page) {
    const { axis, point } = page;
    this.page = page;
    this.axis = axis;
    /** @type {string[]} */
    this.glyphs = [];
    /** @type {Card[]} */
    this.cards = [];
    /** @type {Point | null} */
    this.lit = null;
    this.gates = new GatesAsked(page.session, (panel, head, values, first) =>
      this.#came(panel, head, values, first),
    );
    /** @type {Home[]} */
    this.homes = page.homes.map((node, panel) => {
      node.classList.add("curves");
      const charts = new Charts();
      const diagram = element("div", "diagram-frame");
      diagram.tabIndex = 0; // a deep one scrolls in its frame, by keys as well
      diagram.setAttribute("role", "group");
      diagram.setAttribute("aria-label", "The layers and levels of this network");
      const equations = element("div", "equations");
      const note = element(
        "p",
        "diagram-note",
        "Read upwards. A line carries this cell’s number, ",
        element("b", "negative", "below zero"),
        " or ",
        element("b", "positive", "above"),
        ", and is wider the further from it. Grey lines carry the values of all cells to the gates.",
      );
      const step = element("div", "step", diagram, element("div", "words", equations, note));
      step.hidden = true;
      const ruler = element("canvas", "ruler");
      ruler.setAttribute("aria-hidden", "true");
      const remembers = new Remembers(page);
      node.append(remembers.node, ruler, charts.node, step);
      new ResizeObserver(() => page.redraw()).observe(node);
      /** @param {MouseEvent} event @returns {Point | null} */
      const pointAt = (event) => {
        const frame = /** @type {Element} */ (event.target).closest(".chart-frame");
        if (!frame) return null;
        const corner = frame.getBoundingClientRect();
        const position = axis.at((event.clientX - corner.left) / corner.width);
        if (position < 0 || position >= this.glyphs.length) return null;
        return { position, panel, memory: 0, rank: 0, cell: this.cells[panel] ?? 0 };
      };
      node.addEventListener(
        "pointermove",
        (event) => axis.dragging || point(pointAt(event), false),
      );
      node.addEventListener("pointerleave", () => point(null, false));
      axis.follow(node, ".chart-frame", (event) => point(pointAt(event), true));
      return {
        ...{ node, charts, remembers, step, diagram, equations, ruler },
        ...{ unit: null, read: new Uint8Array(), awaited: false, stale: false, drawn: "" },
        ...{ kind: KINDS.lstm, drawing: null, shape: "" },
      };
    });
    this.cells = this.homes.map(() => 0);
  }

  /** @param {Scene} scene */
  show({ state, cards, sheets, characters, border }) {
    this.cards = cards;
    this.cells = this.homes.map((_, panel) => pickOf(state, panel));
    const letters = characters();
    this.glyphs = letters.map(glyphOf);
    for (const [panel, { remembers }] of this.homes.entries()) {
      const changed = (sheets[panel]?.made.length ?? 0) > 0;
      remembers.show(cards[panel], this.cells[panel] ?? 0, letters.join(""), changed);
    }
    const { axis } = this;
    if (axis.whole && axis.length > 2 * READABLE) {
      const centre = state.point?.position ?? border + READABLE / 2;
      axis.look(centre - READABLE / 2, centre + READABLE / 2);
    }
    for (const panel of this.homes.keys())
      if (!cards[panel] || letters.length === 0) this.#clear(panel);
    const asked = this.gates.want({
      cells: cards.map((card, panel) => this.#cellOf(card, panel)),
      of: cards.map(({ sha256 }, panel) => sha256 + JSON.stringify(sheets[panel]?.made)).join(),
      onScreen: this.#onScreen(),
    });
    if (asked)
      for (const home of this.homes.slice(0, cards.length)) {
        home.awaited = true;
        home.charts.node.ariaBusy = "true";
        home.charts.node.dataset.read = "part";
      }
    this.page.redraw();
  }

  leave() {
    for (const { remembers } of this.homes) remembers.leave();
  }

  /** The characters on the screen. @returns {[number, number]} */
  #onScreen() {
    const { from, to } = this.axis;
    return [Math.max(0, Math.floor(from)), Math.min(this.page.session.length, Math.ceil(to))];
  }

  columns() {
    this.page.redraw();
  }

  /** The cell that is shown of a model. @param {Card} card @param {number} panel */
  #cellOf(card, panel) {
    return Math.min(this.cells[panel] ?? 0, card.hidden - 1);
  }

  /**
   * Gates of the cell in one model.
   * @param {number} panel
   * @param {import("../../wire/frames.js").GatesHead} head
   * @param {Float32Array} gates
   * @param {boolean} first of an answer
   */
  #came(panel, { start, stop, before }, gates, first) {
    const home = this.homes[panel];
    const card = this.cards[panel];
    if (!home || !card) return;
    if (first) this.#begin(home, card, panel);
    const { unit, kind } = home;
    if (!unit) return;
    kind.fill(unit, start, gates, before);
    home.read.fill(1, start, stop);
    home.stale = true;
    this.page.redraw();
  }

  /** Nothing of the cell is read yet. @param {Home} home @param {Card} card @param {number} panel */
  #begin(home, card, panel) {
    const changes = changesIn(this.page.store.get())[panel] ?? [];
    const cell = this.#cellOf(card, panel);
    home.kind = KINDS[card.cell];
    const { length } = this.page.session;
    home.unit = home.kind.blank(length, card.layers, card.depth, (layer, level, t, value) =>
      changed(changes, { layer, level, cell }, t, value),
    );
    home.read = new Uint8Array(length);
    home.awaited = false;
    home.step.hidden = false;
    const shape = `${card.cell}, ${card.layers} by ${card.depth}`;
    if (home.shape === shape) return;
    home.shape = shape;
    home.drawing = home.kind.draw(card);
    home.diagram.replaceChildren(home.drawing.svg);
  }

  /** A model that is not there. @param {number} panel */
  #clear(panel) {
    const home = this.homes[panel];
    if (!home) return;
    home.unit = null;
    home.awaited = false;
    home.charts.clear();
    home.step.hidden = true;
  }

  /** @param {Point | null} point */
  light(point) {
    this.lit = point;
    for (const { node } of this.homes) node.classList.toggle("lit", point !== null);
    for (const home of this.homes) {
      const { unit, equations, read } = home;
      if (!unit) continue;
      const wanted = point?.position ?? read.lastIndexOf(1);
      // Until that character is read, the last one that is.
      const t = read[wanted] ? wanted : read.lastIndexOf(1);
      if (t < 0) continue;
      home.drawing?.show(unit, t, this.glyphs[t] ?? "");
      equations.replaceChildren(
        element("p", "equations-at", `At position ${t} (${this.glyphs[t] ?? ""})`),
        ...equationRows(home.kind.equationsAt(unit, t), unit.layers),
      );
      if (point) home.charts.light(this.axis, point.position);
    }
  }

  pending() {
    return this.homes
      .slice(0, this.cards.length)
      .some(({ unit, awaited, read }) => awaited || (unit !== null && read.includes(0)));
  }

  /** The curves and the drawing of each model, for a file. */
  parts() {
    return this.homes.flatMap(({ node, charts, diagram }, panel) => {
      const lasting = /** @type {SVGElement | null} */ (node.querySelector(".lasting-drawn svg"));
      const step = /** @type {SVGElement | null} */ (diagram.querySelector("svg"));
      const left = { title: "left of a difference after n characters", ...keysIn(node) };
      return [
        ...(lasting ? [{ panel, ...left, drawn: lasting }] : []),
        ...charts.parts().map((part) => ({ panel, ...part })),
        ...(step && charts.drawn.length > 0 ? [{ panel, title: "", drawn: step }] : []),
      ];
    });
  }

  draw() {
    const { axis, page } = this;
    const { shade } = page.store.get();
    for (const home of this.homes)
      if (home.unit && home.stale) home.charts.show(home.kind.charts(home.unit));
    for (const home of this.homes) {
      if (!home.unit) continue;
      const { clientWidth } = home.node;
      const frame = [axis.from, axis.to, axis.border, shade, page.session.revision, clientWidth];
      // Of a cell that is not here yet there is nothing new to draw.
      if (home.stale || home.drawn !== frame.join()) {
        drawRuler(home.ruler, axis, this.glyphs);
        home.charts.draw(axis);
      }
      home.stale = false;
      home.drawn = frame.join();
      if (home.awaited) continue;
      const [from, to] = this.#onScreen();
      if (!home.read.subarray(from, to).includes(0)) home.charts.node.ariaBusy = null;
      home.charts.node.dataset.read = home.read.includes(0) ? "part" : "all";
    }
    for (const { remembers } of this.homes) remembers.draw();
    page.overview.draw((pixels, width, height) => this.#strip(pixels, width, height), 1);
    this.light(this.lit);
  }

  /**
   * The whole text in the colours of the cell, over its curves.
   * @param {Uint32Array} pixels
   * @param {number} width
   * @param {number} height
   */
  #strip(pixels, width, height) {
    const row = this.page.session.panels[0]?.columns.row(0, 0) ?? [];
    const { pixels: colours } = this.page.palette();
    for (let k = 0; k < width * height; k += 1) {
      const t = Math.floor(((k % width) / width) * row.length);
      pixels[k] = colours[(row[t] ?? PENDING) + 128] ?? 0;
    }
  }
}
