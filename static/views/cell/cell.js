// One cell of each model: its states, what it writes and keeps, and its gates along the text; and at
// one character the whole of it, as a diagram and as equations.

import { element } from "../../base/dom.js";
import { glyphOf, signed } from "../../base/format.js";
import { cellSymbol } from "../../base/memories.js";
import { changed } from "../../state/interventions.js";
import { changesIn, pickOf } from "../../state/state.js";
import { PENDING } from "../../wire/columns.js";
import { drawRuler } from "../axis.js";
import { drawChart, rangeOf } from "./chart.js";
import { drawDiagram } from "./diagram.js";
import * as gru from "./gru.js";
import { Remembers } from "./remembers.js";
import { equationsAt, unroll } from "./unit.js";

/** @typedef {import("./chart.js").Curve} Curve */
/** @typedef {import("../view.js").Point} Point */
/** @typedef {import("../view.js").Scene} Scene */
/** @typedef {import("./unit.js").Unit} Unit */
/** @typedef {{ length: number, layers: number }} Unrolled */
/**
 * How a cell of a network is unrolled and shown.
 * @typedef {object} Kind
 * @property {(gates: Float32Array, layers: number, depth: number, change: import("./unit.js").Change) => any} unroll
 * @property {(unit: any) => { title: string, curves: Curve[], range: readonly [number, number] }[]} charts
 * @property {(unit: any, t: number) => ReturnType<typeof equationsAt>} equationsAt
 * @property {(card: import("../view.js").Card) => Drawing} draw
 */
/** @typedef {{ svg: SVGSVGElement, show: (unit: any, t: number, glyph: string) => void }} Drawing */
/** @typedef {{ title: string, curves: Curve[], range: readonly [number, number], frame: HTMLElement, canvas: HTMLCanvasElement }} Chart */
/**
 * @typedef {object} Home
 * @property {HTMLElement} node
 * @property {HTMLElement} charts
 * @property {Remembers} remembers
 * @property {HTMLElement} step
 * @property {HTMLElement} diagram
 * @property {HTMLElement} equations
 * @property {HTMLCanvasElement} ruler
 * @property {Unrolled | null} unit
 * @property {Kind} kind of the network
 * @property {Chart[]} drawn
 * @property {Drawing | null} drawing of a unit of this shape
 * @property {string} shape
 */

/** The charts of a unit, top layer first. @param {Unit} unit */
function chartsOf(unit) {
  const charts = [];
  for (let layer = unit.layers - 1; layer >= 0; layer -= 1) {
    const where = unit.layers > 1 ? `layer ${layer + 1}: ` : "";
    const levels = unit.levels.filter((level) => level.layer === layer);
    const inner = /** @type {import("./unit.js").Level} */ (levels.at(-1));
    const c = cellSymbol(inner.level);
    /** @type {Curve[]} */
    const states = [
      { name: `tanh(${c})`, colour: "--curve-1", values: Float64Array.from(inner.c, Math.tanh) },
      ...levels
        .slice(0, -1)
        .reverse()
        .map((level, k) => ({
          name: cellSymbol(level.level),
          colour: `--curve-${2 + k}`,
          values: level.c,
        })),
      { name: "h", colour: "--curve-4", values: unit.h[layer] ?? [], dash: true },
    ];
    charts.push({ title: `${where}states`, curves: states, range: /** @type {const} */ ([-1, 1]) });
    /** @type {Curve[]} */
    const split = [
      { name: `${c} =`, colour: "--curve-1", values: inner.c },
      { name: `kept, f·${c} before`, colour: "--curve-3", values: inner.keep },
      { name: "+ written, i·g", colour: "--curve-2", values: inner.write },
    ];
    charts.push({ title: `${where}memory ${c}`, curves: split, range: rangeOf(split) });
    for (const level of [...levels].reverse()) {
      const deep =
        unit.depth === 1
          ? ""
          : level === inner
            ? "inner "
            : level.level === 0
              ? "outer "
              : "middle ";
      /** @type {Curve[]} */
      const gates = [
        { name: "i", colour: "--curve-2", values: level.i },
        { name: "f", colour: "--curve-3", values: level.f },
        { name: "o", colour: "--curve-4", values: level.o },
      ];
      charts.push({
        title: `${where}${deep}gates`,
        curves: gates,
        range: /** @type {const} */ ([0, 1]),
      });
    }
  }
  return charts;
}

/** @type {Record<import("../view.js").Card["cell"], Kind>} */
const KINDS = { lstm: { unroll, charts: chartsOf, equationsAt, draw: drawDiagram }, gru };

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
    /** @type {Point | null} */
    this.lit = null;
    /** @type {Home[]} */
    this.homes = page.homes.map((node, panel) => {
      node.classList.add("curves");
      const charts = element("div", "charts");
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
        ", and is wider the further from it. Grey lines bring the gates the numbers of all cells.",
      );
      const step = element("div", "step", diagram, element("div", "words", equations, note));
      step.hidden = true;
      const ruler = element("canvas", "ruler");
      ruler.setAttribute("aria-hidden", "true");
      const remembers = new Remembers(page);
      node.append(remembers.node, ruler, charts, step);
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
        ...{ unit: null, kind: KINDS.lstm, drawn: [], drawing: null, shape: "" },
      };
    });
    this.cells = this.homes.map(() => 0);
  }

  /** @param {Scene} scene */
  show({ state, cards, sheets, characters, border }) {
    this.cells = [...this.homes.keys()].map((panel) => pickOf(state, panel));
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
    for (const panel of this.homes.keys()) if (!cards[panel]) this.#clear(panel);
    this.page.redraw();
  }

  columns() {
    this.page.redraw();
  }

  /** The gates of the cell in one model. @param {number} panel @param {Float32Array[]} answer @param {import("../view.js").Card} card */
  answer(panel, [gates], card) {
    const home = this.homes[panel];
    if (!home || !gates) return;
    const changes = changesIn(this.page.store.get())[panel] ?? [];
    const cell = Math.min(this.cells[panel] ?? 0, card.hidden - 1);
    home.kind = KINDS[card.cell];
    const unit = home.kind.unroll(gates, card.layers, card.depth, (layer, level, t, value) =>
      changed(changes, { layer, level, cell }, t, value),
    );
    home.unit = unit;
    home.step.hidden = unit.length === 0;
    const shape = `${card.cell}, ${card.layers} by ${card.depth}`;
    if (home.shape !== shape) {
      home.shape = shape;
      home.drawing = home.kind.draw(card);
      home.diagram.replaceChildren(home.drawing.svg);
    }
    const made = home.kind.charts(unit);
    const titles = made.map((chart) => chart.title).join("|");
    if (home.drawn.map((chart) => chart.title).join("|") !== titles) {
      home.drawn = made.map((chart) => {
        const canvas = element("canvas", "chart");
        canvas.setAttribute("role", "img");
        const frame = element("div", "chart-frame", canvas, element("i", "down"));
        return { ...chart, canvas, frame };
      });
      home.charts.replaceChildren(
        ...home.drawn.map(({ title, curves, frame }) => {
          const keys = curves.map(({ name, colour, dash }) => {
            const swatch = element("i", `swatch ${colour.slice(2)}${dash ? " dash" : ""}`);
            return element("span", "key", swatch, name);
          });
          const ends = element("span", "ends");
          return element(
            "figure",
            "curve",
            element("figcaption", "", element("b", "", title), ...keys, ends),
            frame,
          );
        }),
      );
    }
    for (const [k, chart] of home.drawn.entries()) {
      Object.assign(chart, made[k]);
      const [low, high] = chart.range;
      const ends = home.charts.children[k]?.querySelector(".ends");
      if (ends) ends.textContent = `${low === 0 ? "0" : `−${-low}`} to ${high}`;
      chart.canvas.setAttribute(
        "aria-label",
        `${chart.title}: ${chart.curves.map((c) => c.name).join(", ")}`,
      );
    }
    this.page.redraw();
  }

  /** A model that is not there. @param {number} panel */
  #clear(panel) {
    const home = this.homes[panel];
    if (!home) return;
    home.unit = null;
    home.drawn = [];
    home.charts.replaceChildren();
    home.step.hidden = true;
  }

  /** @param {Point | null} point */
  light(point) {
    this.lit = point;
    for (const { node } of this.homes) node.classList.toggle("lit", point !== null);
    const each = 1 / (this.axis.to - this.axis.from);
    for (const home of this.homes) {
      const { unit, equations } = home;
      if (!unit || unit.length === 0) continue;
      const t = Math.min(point?.position ?? unit.length - 1, unit.length - 1);
      home.drawing?.show(unit, t, this.glyphs[t] ?? "");
      equations.replaceChildren(
        element("p", "equations-at", `At position ${t} (${this.glyphs[t] ?? ""})`),
        ...home.kind.equationsAt(unit, t).map(({ layer, terms }, row, rows) => {
          const where = rows[row - 1]?.layer === layer ? "" : `layer ${layer + 1}`;
          const parts = terms.map(({ symbol, value }) =>
            value === null
              ? element("span", "sign", symbol)
              : element(
                  "span",
                  "term",
                  element("i", "", symbol),
                  element("b", "", signed(value, 3)),
                ),
          );
          const sum = terms.findIndex(({ symbol }) => symbol === "+");
          const cut = sum < 0 ? terms.length : sum;
          return element(
            "div",
            "equation",
            ...(unit.layers > 1 ? [element("small", "", where)] : []),
            ...parts.slice(0, 2),
            element(
              "span",
              "right",
              element("span", "summand", ...parts.slice(2, cut)),
              element("span", "summand", ...parts.slice(cut)),
            ),
          );
        }),
      );
      if (!point) continue;
      for (const { frame } of home.drawn) {
        const width = frame.clientWidth;
        frame.style.setProperty("--left", `${(point.position - this.axis.from) * each * width}px`);
        frame.style.setProperty("--wide", `${Math.max(1, each * width)}px`);
      }
    }
  }

  /** The curves and the drawing of each model, for a file. */
  parts() {
    return this.homes.flatMap(({ node, drawn, diagram }, panel) => {
      const lasting = /** @type {SVGElement | null} */ (node.querySelector(".lasting-drawn svg"));
      const step = /** @type {SVGElement | null} */ (diagram.querySelector("svg"));
      const charts = drawn.map(({ title, curves, canvas }) => ({
        panel,
        title: `${title}: ${curves.map(({ name }) => name).join("  ")}`,
        drawn: canvas,
      }));
      return [
        ...(lasting ? [{ panel, title: "what is left of a difference", drawn: lasting }] : []),
        ...charts,
        ...(step && drawn.length > 0 ? [{ panel, title: "", drawn: step }] : []),
      ];
    });
  }

  draw() {
    for (const home of this.homes) {
      home.remembers.draw();
      if (!home.unit) continue;
      const colours = (/** @type {string} */ name) => {
        const swatch = home.charts.querySelector(`.${name.slice(2)}`);
        return swatch ? getComputedStyle(swatch).color : "";
      };
      drawRuler(home.ruler, this.axis, this.glyphs);
      for (const { canvas, curves, range } of home.drawn)
        drawChart(canvas, this.axis, curves, range, colours);
    }
    this.page.overview.draw((pixels, width, height) => this.#strip(pixels, width, height), 1);
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
