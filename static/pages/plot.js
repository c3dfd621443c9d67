// The one place that touches plotly: a chart in the colours of the page's theme.

import { inForce, onSystemChange, remembered } from "../base/theme.js";
import { download, exportButtons, toCsv } from "./exports.js";
import { RECOLOURED } from "./frame.js";

/** @typedef {Record<string, unknown>} Trace as plotly takes it */
/** @typedef {{ theme: import("../base/colour.js").Theme, colours: readonly string[] }} Look */
/** @typedef {{ on: (event: string, listener: (event: { points: { customdata?: unknown }[] }) => void) => void }} Clickable */

/** Okabe and Ito's colour-blind safe colours, darker on white, lighter on black. */
const COLOURS = /** @type {const} */ ({
  light: ["#0a5fc4", "#b3470c", "#00795a", "#a3447f", "#8a6d00", "#3a7d9c", "#5d6068"],
  dark: ["#7db4ff", "#ff9d5c", "#3fc79b", "#e79ac4", "#e6c34d", "#7fc8e8", "#a3a6af"],
});

/** A row a point: the series, x and y as they are drawn. @param {(look: Look) => { traces: Trace[] }} content */
function seriesOf(content) {
  const theme = inForce(remembered());
  const { traces } = content({ theme, colours: COLOURS[theme] });
  const rows = traces.flatMap(({ name, x, y }) =>
    typeof name === "string" && Array.isArray(x) && Array.isArray(y)
      ? x.map((at, k) => [name, String(at), String(y[k] ?? "")])
      : [],
  );
  return [["series", "x", "y"], ...rows];
}

/** Height of a chart in pixels, without its legend. */
const BODY = 380;

/** @type {(() => void)[]} */
const drawings = [];

/** Follow the theme chosen on any page, and the system's. */
export function followTheme() {
  const drawAll = () => {
    for (const draw of drawings) draw();
  };
  onSystemChange(drawAll);
  document.addEventListener(RECOLOURED, drawAll);
}

/**
 * Draw now and whenever the theme changes; returns what draws it anew.
 * @param {HTMLElement} place
 * @param {(look: Look) => { traces: Trace[], layout: Record<string, unknown> }} content
 * @param {(point: unknown) => void} [picked] called with the `customdata` of a point pressed
 */
export function chart(place, content, picked) {
  const plotly = /** @type {any} */ (globalThis).Plotly;
  const draw = () => {
    const theme = inForce(remembered());
    const { traces, layout } = content({ theme, colours: COLOURS[theme] });
    const ink = theme === "light" ? "#17181b" : "#e9e9ec";
    const rule = theme === "light" ? "#e3e1da" : "#2a2c33";
    // Room for the legend above the axes, so that it covers no label however many curves there are.
    const names = traces.flatMap(({ name, showlegend }) =>
      typeof name === "string" && showlegend !== false ? [name] : [],
    );
    const longest = Math.max(0, ...names.map((name) => name.length));
    const columns = Math.max(1, Math.floor((place.clientWidth - 72) / (60 + 6.2 * longest)));
    const legend = 20 * Math.ceil(names.length / columns);
    place.style.height = `${BODY + legend}px`;
    const axis = { gridcolor: rule, linecolor: rule, zerolinecolor: rule, automargin: true };
    plotly.react(
      place,
      traces,
      {
        paper_bgcolor: "transparent",
        plot_bgcolor: "transparent",
        font: { color: ink, family: "system-ui, sans-serif", size: 12 },
        height: BODY + legend,
        margin: { t: 24, r: 16, b: 60, l: 56 },
        legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", maxheight: 1 },
        hovermode: "closest",
        ...layout,
        xaxis: { ...axis, .../** @type {object} */ (layout.xaxis) },
        yaxis: { ...axis, .../** @type {object} */ (layout.yaxis) },
      },
      { responsive: true, displaylogo: false, displayModeBar: false },
    );
  };
  draw();
  drawings.push(draw);
  const under = Object.assign(document.createElement("div"), { className: "exports" });
  place.after(under);
  const filename = `nestscope-${place.id || place.dataset.chart}`;
  exportButtons(under, {
    SVG: () => plotly.downloadImage(place, { format: "svg", filename, width: 900, height: 560 }),
    CSV: () => download(`${filename}.csv`, toCsv(seriesOf(content)), "text/csv"),
  });
  if (picked)
    /** @type {Clickable} */ (/** @type {unknown} */ (place)).on("plotly_click", ({ points }) =>
      picked(points[0]?.customdata),
    );
  return draw;
}
