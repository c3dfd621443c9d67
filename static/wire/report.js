// What a result file of timescales says, as the charts and the table want it. No DOM here.

import { ROLE_COLOURS, roleOf } from "../base/roles.js";

/**
 * @typedef {object} Unit
 * @property {number} layer
 * @property {number | null} level
 * @property {"c" | "h"} state
 * @property {"read" | "raw"} value
 * @property {number | null} unit
 * @property {string} measure
 * @property {number | null} tau
 * @property {"ok" | "censored" | "dead" | "saturated" | "n/a"} status
 */
/**
 * @typedef {object} Curve
 * @property {string} measure
 * @property {number} [layer]
 * @property {number | null} [level]
 * @property {"c" | "h"} [state]
 * @property {"read" | "raw"} [value]
 * @property {number[]} lags
 * @property {Record<string, number[]>} [quantiles]
 * @property {Record<string, number | null>} [tau]
 * @property {number[]} [bits]
 * @property {{ layer: number, level: number | null, state: "c" | "h" }[]} [members]
 * @property {string} [text]
 */
/**
 * @typedef {object} Report
 * @property {string} model
 * @property {{ network: { layers: number, depth: number, hidden: number } }} settings
 * @property {Memory[]} states every c and h of the network: not in the file, but from /api/models
 * @property {Unit[]} units
 * @property {Curve[]} curves
 * @property {{ answer: string, sentence: string, rule: string, evidence: Record<string, any>[] }[]} verdicts
 */
/** @typedef {import("../base/memories.js").Memory} Memory */

/**
 * What the server says of a measure.
 * @typedef {object} Measure
 * @property {string} key
 * @property {string} label
 * @property {string} question
 * @property {string} method
 * @property {string} axis
 * @property {"read" | "raw"} value
 * @property {boolean} of_units
 */

/** The measure by which cells are ordered and left out. */
export const PRIMARY = "context_swap";

/** @param {Memory} memory @param {{ layer?: number, level?: number | null, state?: string }} row */
const of = (memory, row) =>
  row.layer === memory.layer && row.state === memory.state && (row.level ?? null) === memory.level;

/** @param {Report} report @param {Memory} memory @param {Measure} measure */
export function unitsOf(report, memory, { key, value }) {
  // Read and raw are the same for all but innermost cells, of which raw alone has gates.
  return report.units.filter(
    (row) => row.measure === key && row.value === value && of(memory, row),
  );
}

/**
 * Counts, and the quantiles 10, 50, 90 % as the report gives them; null where there is none.
 * @param {Report} report
 * @param {Memory} memory
 * @param {Measure} measure
 * @returns {{ used: number, saturated: number, dead: number, censored: number, tau: (string | null)[] }}
 */
export function summary(report, memory, measure) {
  const rows = unitsOf(report, memory, measure);
  /** @param {string} status */
  const count = (status) => rows.filter((row) => row.status === status).length;
  const censored = count("censored");
  const used = count("ok") + censored;
  const quantiles = !measure.of_units
    ? /** @type {Record<string, number | null>} */ ({ 0.5: rows[0]?.tau ?? null })
    : (curveOf(report, memory, measure)?.tau ?? {});
  const tau = ["0.1", "0.5", "0.9"].map((q) => {
    if (!measure.of_units && q === "0.5" && rows[0]?.status === "dead") return "no loss";
    if (used === 0 || !(q in quantiles)) return null;
    return quantiles[q]?.toPrecision(3) ?? "longer";
  });
  return { used, saturated: count("saturated"), dead: count("dead"), censored, tau };
}

/** The forgetting curve of a memory on natural text. @param {Report} report @param {Memory} memory @param {Measure} measure */
function curveOf(report, memory, measure) {
  return report.curves.find(
    (curve) =>
      curve.measure === measure.key &&
      curve.quantiles &&
      curve.text !== "shuffled" &&
      curve.value === measure.value &&
      of(memory, curve),
  );
}

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
          key === measure.key && bits && members?.length === 1 && of(memory, members[0] ?? {}),
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
