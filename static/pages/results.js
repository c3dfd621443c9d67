// Figures 5-7: the curves of our runs, and the paper's best values as marks.

import { download, exportButtons, toCsv } from "./exports.js";
import { pairsSvg, pairsTable, readPair } from "./pairs.js";
import { chart, followTheme } from "./plot.js";

/**
 * @typedef {object} Run
 * @property {string} name
 * @property {string} words
 * @property {number[]} epochs
 * @property {(number | null)[]} train
 * @property {(number | null)[]} valid
 */
/**
 * @typedef {object} Chart
 * @property {string} title
 * @property {string} axis
 * @property {boolean} log
 * @property {{ label: string, valid: number }[]} paper
 * @property {Run[]} runs
 */

const RUN_COLOURS = 6;
/** A log axis with whole numbers at its marks: plotly's own are a 2 and a 5 between the tens. */
const LOG = {
  type: "log",
  tickmode: "array",
  tickvals: [-4, -3, -2, -1, 0, 1, 2, 3, 4].flatMap((k) =>
    [1, 2, 5].map((one) => Number(`${one}e${k}`)),
  ),
};
const SYMBOLS = ["circle", "diamond", "x", "triangle-up"];

/** @type {{ charts: Chart[] }} */
const { charts } = await (await fetch("api/results")).json();
followTheme();

for (const place of /** @type {NodeListOf<HTMLElement>} */ (
  document.querySelectorAll("[data-pairs]")
)) {
  const rows = () =>
    Array.from(place.previousElementSibling?.querySelectorAll("tbody tr") ?? [], readPair);
  const end = place.previousElementSibling?.querySelector(".sides small")?.textContent ?? "";
  const title = place.dataset.pairs ?? "";
  exportButtons(place, {
    SVG: () => download("nestscope-pairs.svg", pairsSvg(rows(), title, end), "image/svg+xml"),
    CSV: () => download("nestscope-pairs.csv", toCsv(pairsTable(rows())), "text/csv"),
  });
}

/** One part of the page at a time: that of the address, or the first. */
function showSection() {
  const sections = /** @type {NodeListOf<HTMLElement>} */ (
    document.querySelectorAll("[data-section]")
  );
  const asked = location.hash.slice(1);
  const known = [...sections].some((section) =>
    section.querySelector(`h2[id="${CSS.escape(asked)}"]`),
  );
  for (const [k, section] of sections.entries()) {
    const heading = section.querySelector("h2")?.id;
    section.hidden = known ? heading !== asked : k > 0;
  }
  for (const link of document.querySelectorAll("#tables a")) {
    const chosen = known
      ? link.getAttribute("href") === `#${asked}`
      : link === link.parentElement?.firstElementChild;
    if (chosen) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  drawCharts();
}

/** @type {Set<HTMLElement>} */
const drawn = new Set();

/** A chart has its width only when it is seen. */
function drawCharts() {
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (
    document.querySelectorAll("[data-chart]")
  )) {
    if (place.closest("[hidden], details:not([open])") || drawn.has(place)) continue;
    drawn.add(place);
    drawChart(place);
  }
}
for (const folded of document.querySelectorAll("details"))
  folded.addEventListener("toggle", drawCharts);
for (const run of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".run")))
  run.addEventListener("click", () => {
    const shown = run.getAttribute("aria-expanded") !== "true";
    run.setAttribute("aria-expanded", String(shown));
    const row = document.getElementById(run.getAttribute("aria-controls") ?? "");
    if (row) row.hidden = !shown;
  });

/** @param {HTMLElement} place */
function drawChart(place) {
  const { axis, log, paper, runs } = /** @type {Chart} */ (charts[Number(place.dataset.chart)]);
  const last = Math.max(...runs.flatMap(({ epochs }) => epochs));
  chart(place, ({ colours }) => ({
    traces: [
      ...runs.flatMap(({ name, words, epochs, train, valid }, k) =>
        [
          { values: valid, label: name, dash: "solid" },
          { values: train, label: `${name}, training`, dash: "dot" },
        ]
          .filter(({ values }) => values.some((value) => value !== null))
          .map(({ values, label, dash }) => ({
            x: epochs,
            y: values,
            name: label,
            legendgroup: name,
            showlegend: dash === "solid",
            mode: epochs.length < 2 || k >= RUN_COLOURS ? "lines+markers" : "lines",
            // The seventh colour is the paper's; where the others come again, the points differ.
            marker: { symbol: SYMBOLS[Math.floor(k / RUN_COLOURS) % SYMBOLS.length], size: 7 },
            line: { color: colours[k % RUN_COLOURS], dash, width: dash === "solid" ? 2 : 1.5 },
            hovertemplate: `${label}<br>${words}<br>epoch %{x}: %{y}<extra></extra>`,
          })),
      ),
      ...(paper.length > 0
        ? [
            {
              x: paper.map(() => last * 1.02),
              y: paper.map(({ valid }) => valid),
              text: paper.map(({ label }) => label),
              name: "paper, best validation",
              mode: "markers",
              marker: { symbol: "line-ew-open", size: 14, color: colours[6] },
              hovertemplate: "paper: %{text}<br>%{y}<extra></extra>",
            },
          ]
        : []),
    ],
    layout: {
      xaxis: { title: { text: "epoch" }, ...(last < 12 ? { dtick: 1 } : {}) },
      yaxis: { title: { text: axis }, ...(log ? LOG : { type: "linear" }) },
    },
  }));
}

addEventListener("hashchange", () => {
  // A place on the page that is no part of it, as where the head is skipped, changes none.
  const { hash } = location;
  const link = document.querySelector(`#tables a[href="${CSS.escape(hash)}"]`);
  if (hash === "" || link) showSection();
  link?.scrollIntoView({ block: "nearest" });
});
showSection();
