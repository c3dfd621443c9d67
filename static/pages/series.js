// The series of the charts, as Plotly draws them: the reports of timescales, memory by memory. No DOM here.

import { ROLE_COLOURS, roleOf } from "../base/roles.js";
import { curveOf, isOf, unitsOf } from "../wire/report.js";

/** @typedef {import("../wire/report.js").Report} Report */
/** @typedef {import("../wire/report.js").Measure} Measure */
/** @typedef {readonly string[]} Colours */
/** @typedef {import("../base/colour.js").Theme} Theme */

/** Every memory of every report: its part in the network has a colour, its model a dash. @param {Report[]} reports @param {Theme} theme */
function lines(reports, theme) {
  const dashes = ["solid", "dash", "dot", "dashdot", "longdash"];
  return reports.flatMap((report, r) =>
    report.states.map((memory) => ({
      report,
      memory,
      name: `${report.model}: ${memory.name}`,
      colour: ROLE_COLOURS[theme][roleOf(memory, report.states)],
      dash: dashes[r % dashes.length],
    })),
  );
}

/** Share of cells at or below a timescale. @param {Report[]} reports @param {Measure} measure @param {Theme} theme */
export function distributions(reports, measure, theme) {
  return lines(reports, theme).flatMap(({ report, memory, name, colour, dash }) => {
    const rows = unitsOf(report, memory, measure);
    const used = rows.filter(({ status }) => status === "ok" || status === "censored").length;
    const taus = rows
      .flatMap(({ status, tau }) => (status === "ok" && tau !== null ? [tau] : []))
      .sort((a, b) => a - b);
    if (taus.length === 0) return [];
    const single = !measure.of_units;
    return [
      {
        x: taus,
        y: taus.map((_, k) => (k + 1) / used),
        name,
        mode: single ? "markers" : "lines",
        line: { color: colour, dash, shape: "hv", width: 2 },
        marker: { color: colour, size: 10 },
        hovertemplate: `${name}<br>τ %{x:.3g}: %{y:.0%}<extra></extra>`,
      },
    ];
  });
}

/** Unit by unit: what is inside against what reads it. @param {Report[]} reports @param {Measure} measure @param {Theme} theme @param {Colours} colours */
export function pairs(reports, measure, theme, colours) {
  const symbols = ["circle", "diamond", "square", "triangle-up"];
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  const points = reports.flatMap((report, r) => {
    const memories = report.states;
    return memories.slice(0, -1).flatMap((inside, m) => {
      const outside = memories[m + 1];
      if (!outside || outside.layer !== inside.layer) return [];
      const readers = new Map(
        unitsOf(report, outside, measure).map(({ unit, tau }) => [unit, tau]),
      );
      const both = unitsOf(report, inside, measure).flatMap(({ unit, tau }) => {
        const other = readers.get(unit);
        return unit !== null && tau !== null && other ? [{ unit, y: tau, x: other }] : [];
      });
      if (both.length === 0) return [];
      for (const { x, y } of both) {
        low = Math.min(low, x, y);
        high = Math.max(high, x, y);
      }
      const name = `${report.model}: ${inside.name} / ${outside.name}`;
      const model = report.model.split(",")[0];
      return [
        {
          x: both.map(({ x }) => x),
          y: both.map(({ y }) => y),
          customdata: both.map(({ unit }) => ({ model, unit })),
          text: both.map(({ unit }) => `${model}, cell ${unit}`),
          name,
          mode: "markers",
          type: "scatter",
          marker: {
            color: ROLE_COLOURS[theme][roleOf(inside, report.states)],
            symbol: symbols[r % 4],
            size: 5,
            opacity: 0.6,
          },
          hovertemplate: `%{text}: ${inside.name} %{y:.3g}, ${outside.name} %{x:.3g} characters<extra></extra>`,
        },
      ];
    });
  });
  if (points.length === 0) return [];
  const diagonal = {
    x: [low, high],
    y: [low, high],
    mode: "lines",
    name: "equal",
    line: { color: colours[6], width: 1, dash: "dot" },
    hoverinfo: "skip",
  };
  return [diagonal, ...points];
}

/** Medians over the cells with the middle half as a band; bits lost for the transplant. @param {Report[]} reports @param {Measure} measure @param {Theme} theme */
export function curves(reports, measure, theme) {
  /** @param {ReturnType<typeof lines>[number]} line @returns {Record<string, unknown>[]} */
  const draw = ({ report, memory, name, colour, dash }) => {
    if (!measure.of_units) {
      const found = report.curves.find(
        ({ members, bits, measure: key }) =>
          key === measure.key && bits && members?.length === 1 && isOf(memory, members[0] ?? {}),
      );
      return found
        ? [{ x: found.lags, y: found.bits, name, mode: "lines", line: { color: colour, dash } }]
        : [];
    }
    const found = curveOf(report, memory, measure);
    const quantiles = found?.quantiles;
    if (!found || !quantiles) return [];
    const lags = found.lags.slice(1);
    /** @param {string} q */
    const along = (q) => (quantiles[q] ?? []).slice(1);
    return [
      {
        x: [...lags, ...[...lags].reverse()],
        y: [...along("0.75"), ...along("0.25").reverse()],
        fill: "toself",
        fillcolor: `${colour}22`,
        mode: "none",
        hoverinfo: "skip",
        showlegend: false,
        legendgroup: name,
      },
      {
        x: lags,
        y: along("0.5"),
        name,
        legendgroup: name,
        mode: "lines",
        line: { color: colour, dash, width: 2 },
        hovertemplate: `${name}<br>after %{x}: %{y:.3g}<extra></extra>`,
      },
    ];
  };
  return lines(reports, theme).flatMap(draw);
}
