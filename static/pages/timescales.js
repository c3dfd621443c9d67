// The page of timescales: one picture of inner against outer, the claims in sentences, and the charts on demand.

import { $ } from "../base/dom.js";
import { statesOf } from "../base/memories.js";
import { PLACES } from "../base/places.js";
import { inForce, remembered } from "../base/theme.js";
import { kept } from "../state/visit.js";
import { PRIMARY, summary } from "../wire/report.js";
import { cellCharts, forgettingChart } from "./charts.js";
import { claimItem } from "./claim.js";
import { dumbbell, rowsOf } from "./dumbbell.js";
import { download, exportButtons, toCsv } from "./exports.js";
import { RECOLOURED } from "./frame.js";
import { ownText } from "./owntext.js";
import { followTheme } from "./plot.js";
import { claimOf } from "./verdicts.js";

/** @typedef {import("../wire/report.js").Report} Report */
/** @typedef {import("../wire/report.js").Measure} Measure */

/** @type {Map<string, Report>} by the name it is shown under */
const reports = new Map();
/** @type {Set<string>} */
const chosen = new Set();

/** @type {Measure[]} */
const MEASURES = JSON.parse($("measure-list").textContent ?? "");
const LABELS = Object.fromEntries(MEASURES.map(({ key, label }) => [key, label]));
const address = new URLSearchParams(location.search);
const primary = named(PRIMARY);
let measure = MEASURES.find(({ key }) => key === address.get("measure")) ?? primary;

/** @param {string} key @returns {Measure} */
function named(key) {
  const found = MEASURES.find((each) => each.key === key);
  if (!found) throw new Error(`the page lists no measure ${key}`);
  return found;
}

/** @param {string} from */
async function json(from) {
  const answer = await fetch(from);
  const content = await answer.json();
  if (!answer.ok) throw new Error(content.error.message);
  return content;
}

/** The chosen reports: nested networks first, then stacked ones, then single ones. */
const shown = () =>
  [...chosen].flatMap((name) => reports.get(name) ?? []).sort((a, b) => rank(a) - rank(b));

/** @param {Report} report */
function rank({ settings: { network } }) {
  return network.depth > 1 ? 0 : network.layers > 1 ? 1 : 2;
}

/** @param {string} name @param {(on: boolean) => void} listener */
function modelChoice(name, listener) {
  const box = document.createElement("label");
  const input = document.createElement("input");
  Object.assign(input, { type: "checkbox", checked: chosen.has(name), name: "models" });
  input.addEventListener("change", () => listener(input.checked));
  box.append(input, name);
  $("models").append(box);
  return input;
}

/** Those whose reports are on their way. @type {Set<string>} */
const coming = new Set();

function tellComing() {
  const names = [...coming].join(", ");
  $("coming").textContent = names ? `Loading the timescales of ${names}…` : "";
}

/** @param {string} name */
async function load(name) {
  $("problem").textContent = "";
  if (reports.has(name)) return;
  coming.add(name);
  tellComing();
  try {
    const report = await json(`api/timescales/${encodeURIComponent(name)}`);
    reports.set(name, { ...report, states: statesNamed(name) });
  } catch {
    $("problem").textContent =
      `The timescales of ${name} could not be loaded. Untick it and try again.`;
  }
  coming.delete(name);
  tellComing();
}

/** Keep the choice in the address, so that a link or a reload shows it again. */
function remember() {
  const kept = new URLSearchParams();
  for (const name of chosen) if (!own.has(name)) kept.append("model", name);
  if (measure !== primary) kept.set("measure", measure.key);
  history.replaceState(null, "", `${location.pathname}?${kept}`);
}

function picture() {
  const place = $("dumbbell");
  const rows = rowsOf(shown(), measure);
  // Two empty axes would say that there is nothing.
  place.innerHTML = rows.length > 0 ? dumbbell(rows, place.clientWidth, inForce(remembered())) : "";
  $("meaning").textContent = measure.question;
  const left = shown().flatMap((report) =>
    report.states
      .map((memory) => ({ memory, ...summary(report, memory, primary) }))
      .filter(({ saturated, dead }) => saturated + dead > 0)
      .map(({ memory, saturated, dead }) => {
        const counts = [
          saturated > 0 ? `${saturated} saturated` : "",
          dead > 0 ? `${dead} dead` : "",
        ];
        return `${report.model}, ${memory.name}: ${counts.filter(Boolean).join(" and ")}`;
      }),
  );
  $("left-out").textContent =
    shown().length === 0
      ? $("coming").textContent
        ? ""
        : "Choose a model below."
      : left.length > 0
        ? `Cells left out – ${left.join("; ")}.`
        : "No cell is saturated or dead.";
}

function claims() {
  const items = shown().flatMap((report) =>
    report.verdicts.map((verdict) =>
      claimItem(claimOf(report, verdict, LABELS, reports.get(verdict.rival ?? "")), verdict),
    ),
  );
  const none = Object.assign(document.createElement("p"), {
    className: "soft",
    textContent:
      "No claim was judged for these models: a claim needs an inner and an outer memory.",
  });
  $("claims").replaceChildren(...(items.length > 0 ? items : [none]));
}

const OF_UNITS = [
  "cells used",
  "saturated",
  "dead",
  "longer than measured",
  "10 %",
  "median",
  "90 %",
];
const OF_GROUPS = ["timescale"];

/** The table as text: one row a memory. @returns {string[][]} */
function tableRows() {
  return shown().flatMap((report) =>
    report.states.map((memory) => {
      const { used, saturated, dead, censored, tau } = summary(report, memory, measure);
      const digits = tau.map((value) => (typeof value === "number" ? value.toPrecision(3) : value));
      const cells = measure.of_units ? [used, saturated, dead, censored, ...digits] : [digits[1]];
      return [`${report.model}: ${memory.name}`, ...cells.map((value) => String(value ?? "n/a"))];
    }),
  );
}

const head = () => ["memory", ...(measure.of_units ? OF_UNITS : OF_GROUPS)];

function table() {
  $("columns").replaceChildren(
    ...head().map((textContent) =>
      Object.assign(document.createElement("th"), { scope: "col", textContent }),
    ),
  );
  $("rows").replaceChildren(
    ...tableRows().map(([name, ...cells]) => {
      const row = document.createElement("tr");
      row.append(
        Object.assign(document.createElement("th"), { scope: "row", textContent: name }),
        ...cells.map((textContent) => Object.assign(document.createElement("td"), { textContent })),
      );
      return row;
    }),
  );
}

/** What draws each chart again, by the section it stands in; drawn when the section is first opened. @type {Map<string, () => void>} */
const drawn = new Map();

/** @type {Record<string, () => (() => void)>} */
const CHARTS = {
  forgetting: () => forgettingChart(shown, () => measure),
  cells: () => cellCharts(shown, () => measure),
};

for (const [id, make] of Object.entries(CHARTS)) {
  const section = /** @type {HTMLDetailsElement} */ ($(id));
  section.addEventListener("toggle", () => {
    if (section.open && !drawn.has(id)) drawn.set(id, make());
  });
}

/** What is shown of models that are measured. */
const SECTIONS = ["picture", "said", "forgetting", "cells", "numbers"];

function draw() {
  for (const id of SECTIONS) $(id).hidden = names.length === 0 && own.size === 0;
  // The transplant has one figure for a memory, and no cells.
  if (!measure.of_units) $("cells").hidden = true;
  $("reading").textContent = measure.of_units
    ? "What is left after so many characters: the line is the median cell, the band the middle half of the cells. A timescale is read off where the line crosses the dotted one, at 1/e."
    : "What the prediction loses at each character after. The timescale is where 63 % (1 − 1/e) of all that is lost has been lost.";
  picture();
  claims();
  table();
  for (const again of drawn.values()) again();
  remember();
}

/** @type {Map<string, HTMLInputElement>} the choices of what was measured here */
const own = new Map();

/** A visitor's text, measured. @param {string} name @param {string} model @param {Report} report */
function take(name, model, report) {
  const box =
    own.get(name) ??
    modelChoice(name, (on) => {
      on ? chosen.add(name) : chosen.delete(name);
      draw();
    });
  box.checked = true;
  own.set(name, box);
  reports.set(name, { ...report, model: name, states: statesNamed(model) });
  chosen.add(name);
  draw();
}

followTheme();
document.addEventListener(RECOLOURED, picture);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", picture);
new ResizeObserver(picture).observe($("dumbbell"));
/** @type {import("../base/memories.js").Card[]} */
let cards = [];
/** The states of a served model, by its name. @param {string} name */
const statesNamed = (name) => statesOf(cards.find((card) => card.name === name)?.memories ?? []);
const [measured, served] = await Promise.all([json("api/timescales"), json("api/models")]).catch(
  (error) => {
    $("coming").textContent = "";
    $("problem").textContent =
      "The list of the models could not be loaded. Load the page again in a moment.";
    throw error;
  },
);
cards = served;
const names = /** @type {{ model: string }[]} */ (measured).map(({ model }) => model);
/** Those of the address, else those that are read with, else the usual ones. */
const read = PLACES.map((place) => kept()?.address[place] ?? "");
const usual = names.filter((name) => /-ptb$/.test(name) && !name.includes("plain"));
const wanted = [address.getAll("model"), read, usual, names.slice(0, 3)].map((some) =>
  some.filter((name) => names.includes(name)),
);
for (const name of wanted.find((some) => some.length > 0) ?? []) chosen.add(name);
for (const name of names) {
  const box = modelChoice(name, async (on) => {
    if (on) await load(name);
    // It may have been unticked meanwhile.
    box.checked ? chosen.add(name) : chosen.delete(name);
    draw();
  });
}
const select = /** @type {HTMLSelectElement} */ ($("measure"));
select.append(...MEASURES.map(({ key, label }) => new Option(label, key)));
select.value = measure.key;
select.addEventListener("change", () => {
  measure = named(select.value);
  draw();
});
exportButtons($("dumbbell-exports"), {
  SVG: () => download("timescales.svg", $("dumbbell").innerHTML, "image/svg+xml"),
  CSV: () => download("timescales.csv", toCsv([head(), ...tableRows()]), "text/csv"),
});
exportButtons($("table-exports"), {
  CSV: () => download("timescales.csv", toCsv([head(), ...tableRows()]), "text/csv"),
});
ownText(
  cards.filter(({ task }) => task === "charlm").map(({ name }) => name),
  take,
);
if (names.length === 0)
  $("problem").textContent =
    "No model of this server has been measured yet. Run python -m analysis.timescales --model NAME --text FILE, or measure your own text below.";
await Promise.all([...chosen].map(load));
tellComing();
$("main").removeAttribute("aria-busy");
draw();
