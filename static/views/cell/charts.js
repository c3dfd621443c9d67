// The curves of one cell along the text, a chart under another.

import { element } from "../../base/dom.js";
import { drawChart } from "./chart.js";

/** @typedef {import("./chart.js").Curve} Curve */
/** @typedef {{ title: string, curves: Curve[], range: readonly [number, number] }} Made */
/** @typedef {Made & { frame: HTMLElement, canvas: HTMLCanvasElement }} Chart */

/** @param {readonly [number, number]} range */
const endsOf = ([low, high]) => `${low === 0 ? "0" : `−${-low}`} to ${high}`;

export class Charts {
  constructor() {
    this.node = element("div", "charts");
    /** @type {Chart[]} */
    this.drawn = [];
  }

  clear() {
    this.drawn = [];
    this.node.replaceChildren();
  }

  /** These charts, in the nodes there are where their titles are the same. @param {Made[]} made */
  show(made) {
    const titles = made.map((chart) => chart.title).join("|");
    if (this.drawn.map((chart) => chart.title).join("|") !== titles) this.#build(made);
    for (const [k, chart] of this.drawn.entries()) {
      Object.assign(chart, made[k]);
      const ends = this.node.children[k]?.querySelector(".ends");
      if (ends) ends.textContent = endsOf(chart.range);
      chart.canvas.setAttribute(
        "aria-label",
        `${chart.title}: ${chart.curves.map((c) => c.name).join(", ")}`,
      );
    }
  }

  /** @param {Made[]} made */
  #build(made) {
    this.drawn = made.map((chart) => {
      const canvas = element("canvas", "chart");
      canvas.setAttribute("role", "img");
      const frame = element("div", "chart-frame", canvas, element("i", "down"));
      return { ...chart, canvas, frame };
    });
    this.node.replaceChildren(
      ...this.drawn.map(({ title, curves, frame }) => {
        const keys = curves.map(({ name, colour, dash }) => {
          const swatch = element("i", `swatch ${colour.slice(2)}${dash ? " dash" : ""}`);
          return element("span", "key", swatch, name);
        });
        const ends = element("span", "ends");
        const words = element("figcaption", "", element("b", "", title), ...keys, ends);
        return element("figure", "curve", words, frame);
      }),
    );
  }

  /** Of a curve in the theme in force. @param {string} name */
  #colour(name) {
    const swatch = this.node.querySelector(`.${name.slice(2)}`);
    return swatch ? getComputedStyle(swatch).color : "";
  }

  /** @param {import("../axis.js").Axis} axis */
  draw(axis) {
    for (const { canvas, curves, range } of this.drawn)
      drawChart(canvas, axis, curves, range, (name) => this.#colour(name));
  }

  /** The charts with the keys of their curves, for a file. */
  parts() {
    return this.drawn.map(({ title, range, curves, canvas }) => ({
      title: `${title}, ${endsOf(range)}`,
      keys: curves.map(({ name, colour, dash = false }) => ({
        ...{ name, dash },
        colour: this.#colour(colour),
      })),
      drawn: canvas,
    }));
  }

  /** A character lit in every chart. @param {import("../axis.js").Axis} axis @param {number} position */
  light(axis, position) {
    const each = 1 / (axis.to - axis.from);
    for (const { frame } of this.drawn) {
      const width = frame.clientWidth;
      frame.style.setProperty("--left", `${(position - axis.from) * each * width}px`);
      frame.style.setProperty("--wide", `${Math.max(1, each * width)}px`);
    }
  }
}
