// The charts of the page of timescales: forgetting curves, and timescales cell by cell.

import { $ } from "../base/dom.js";
import { formatAddress } from "../state/address.js";
import { chart } from "./plot.js";
import { curves, distributions, pairs } from "./series.js";

/** @typedef {() => import("../wire/report.js").Report[]} Shown the chosen reports */
/** @typedef {() => import("../wire/report.js").Measure} Asked the chosen measure */

/** Instead of two empty axes. */
const NO_PAIRS = {
  xaxis: { visible: false },
  yaxis: { visible: false },
  annotations: [
    {
      text: "This measure has no number<br>for what reads a cell.",
      xref: "paper",
      yref: "paper",
      x: 0.5,
      y: 0.5,
      showarrow: false,
    },
  ],
};

const logs = (/** @type {string} */ text) => ({ type: "log", title: { text }, dtick: 1 });

/** What draws the forgetting curves again. @param {Shown} shown @param {Asked} measure */
export const forgettingChart = (shown, measure) =>
  chart($("curves"), ({ theme }) => ({
    traces: curves(shown(), measure(), theme),
    layout: {
      xaxis: logs("characters later"),
      yaxis: { title: { text: measure().axis } },
      // Not under bits, of which 1/e is no share.
      shapes: measure().of_units
        ? [
            {
              type: "line",
              xref: "paper",
              x0: 0,
              x1: 1,
              y0: 1 / Math.E,
              y1: 1 / Math.E,
              line: { dash: "dot", width: 1, color: "#888" },
            },
          ]
        : [],
    },
  }));

/** What draws the charts of single cells again. @param {Shown} shown @param {Asked} measure */
export function cellCharts(shown, measure) {
  const ecdf = chart($("ecdf"), ({ theme }) => ({
    traces: distributions(shown(), measure(), theme),
    layout: {
      xaxis: logs("timescale, characters"),
      yaxis: { title: { text: "share of cells" }, range: [0, 1.02] },
    },
  }));
  const scatter = chart(
    $("scatter"),
    ({ theme, colours }) => {
      const traces = pairs(shown(), measure(), theme, colours);
      if (traces.length === 0) return { traces, layout: NO_PAIRS };
      return {
        traces,
        layout: {
          xaxis: logs("timescale of what reads it"),
          yaxis: logs("timescale of the inside"),
        },
      };
    },
    (point) => {
      const { model, unit } = /** @type {{ model?: string, unit?: number }} */ (point ?? {});
      if (model !== undefined)
        location.assign(`./${formatAddress({ a: model, view: "cell", pick: String(unit) })}`);
    },
  );
  return () => {
    ecdf();
    scatter();
  };
}
