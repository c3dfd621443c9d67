// The page of timescales: what was measured, drawn; and measuring a text of one's own.

import { $ } from "../base/dom.js";
import { statesOf } from "../base/memories.js";
import { formatAddress } from "../state/address.js";
import { curves, distributions, PRIMARY, pairs, summary } from "../wire/report.js";
import { ownText } from "./owntext.js";
import { chart, followTheme } from "./plot.js";

/** @typedef {import("../wire/report.js").Report} Report */

/** @type {Map<string, Report>} by the name it is shown under */
const reports = new Map();
/** @type {Set<string>} */
const chosen = new Set();
/** @template T @param {T | undefined} value @returns {T} */
function found(value) {
  if (value === undefined) throw new Error("the page lists no primary measure");
  return value;
}

/** @type {import("../wire/report.js").Measure[]} */
const MEASURES = JSON.parse($("measure-list").textContent ?? "");
const primary = found(MEASURES.find(({ key }) => key === PRIMARY));
let measure = primary;
/** @type {(() => void)[]} */
let redraw = [];

/** @param {string} address */
async function json(address) {
  const answer = await fetch(address);
  const content = await answer.json();
  if (!answer.ok) throw new Error(content.error.message);
  return content;
}

const shown = () => [...chosen].flatMap((name) => reports.get(name) ?? []);

/**
 * @param {HTMLElement} place
 * @param {"checkbox" | "radio"} type
 * @param {string} label
 * @param {boolean} checked
 * @param {(checked: boolean) => void} listener
 */
function choice(place, type, label, checked, listener) {
  const box = document.createElement("label");
  const input = Object.assign(document.createElement("input"), { type, checked, name: place.id });
  input.addEventListener("change", () => listener(input.checked));
  box.append(input, ` ${label}`);
  place.append(box);
  return input;
}

/** @param {string} name */
async function load(name) {
  $("problem").textContent = "";
  if (reports.has(name)) return;
  try {
    const report = await json(`/api/timescales/${encodeURIComponent(name)}`);
    reports.set(name, { ...report, states: statesNamed(name) });
  } catch {
    $("problem").textContent =
      `The timescales of ${name} did not come. Take the tick away and set it again in a moment.`;
  }
}

function words() {
  $("meaning").textContent = `${measure.label}: ${measure.question}`;
  const left = shown().flatMap((report) =>
    report.states
      .map((memory) => ({ memory, ...summary(report, memory, primary) }))
      .filter(({ saturated, dead }) => saturated + dead > 0)
      .map(
        ({ memory, saturated, dead, used }) =>
          `${report.model}, ${memory.name}: ${saturated} saturated and ${dead} dead of ${saturated + dead + used}`,
      ),
  );
  $("left-out").textContent =
    left.length > 0 ? `Left out: ${left.join("; ")}.` : "No cell is saturated or dead.";
  $("verdicts").replaceChildren(
    ...shown().flatMap((report) =>
      report.verdicts.map(({ answer, sentence, rule, evidence }) => {
        const item = document.createElement("details");
        const head = document.createElement("summary");
        const bold = Object.assign(document.createElement("span"), {
          className: "answer",
          textContent: `${answer}. `,
        });
        head.append(bold, sentence.includes(report.model) ? "" : `${report.model}: `, sentence);
        const how = document.createElement("p");
        how.textContent = rule;
        const list = document.createElement("ul");
        for (const {
          test,
          measure: by,
          estimate,
          low,
          high,
          text_low,
          text_high,
          holds,
        } of evidence) {
          const line = document.createElement("li");
          const interval = low === undefined ? [text_low, text_high] : [low, high];
          const numbers =
            typeof estimate === "number"
              ? `: log2 ratio ${estimate.toFixed(2)} [${interval.map((v) => (typeof v === "number" ? v.toFixed(2) : "–")).join(", ")}]`
              : "";
          line.textContent = `${holds ? "holds" : "does not hold"} – ${test}${by ? `, ${by.replace("_", " ")}` : ""}${numbers}`;
          list.append(line);
        }
        item.append(head, how, list);
        return item;
      }),
    ),
  );
}

function table() {
  $("rows").replaceChildren(
    ...shown().flatMap((report) =>
      report.states.map((memory) => {
        const { used, saturated, dead, censored, tau } = summary(report, memory, measure);
        // The transplant is of a whole memory: there are no cells to count.
        const counts = !measure.of_units
          ? [null, null, null, null]
          : [used, saturated, dead, censored];
        const row = document.createElement("tr");
        const head = Object.assign(document.createElement("th"), {
          scope: "row",
          textContent: `${report.model}: ${memory.name}`,
        });
        row.append(
          head,
          ...[...counts, ...tau].map((value) =>
            Object.assign(document.createElement("td"), {
              textContent: value === null ? "n/a" : String(value),
            }),
          ),
        );
        return row;
      }),
    ),
  );
}

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

const logs = (/** @type {string} */ text) => ({ type: "log", title: { text } });

function draw() {
  // The transplant has one figure for a memory, and no cells.
  $("cells").hidden = !measure.of_units;
  $("reading").textContent = !measure.of_units
    ? "What the prediction loses at each character after. The timescale, in the table below, is where 63 % (1 − 1/e) of all that is lost has been lost."
    : "What is left after so many characters: the median over the cells, and the middle half of them as a band. The line is at 1/e, where a timescale is read off.";
  words();
  table();
  if (redraw.length > 0) {
    for (const again of redraw) again();
    return;
  }
  redraw = [
    chart($("ecdf"), ({ colours }) => ({
      traces: distributions(shown(), measure, colours),
      layout: {
        xaxis: logs("τ, characters"),
        yaxis: { title: { text: "share of cells" }, range: [0, 1.02] },
      },
    })),
    chart(
      $("scatter"),
      ({ colours }) => {
        const traces = pairs(shown(), measure, colours);
        if (traces.length === 0) return { traces, layout: NO_PAIRS };
        return {
          traces,
          layout: {
            xaxis: logs("τ of what reads it, characters"),
            yaxis: logs("τ of the inside, characters"),
          },
        };
      },
      (point) => {
        const { model, unit } = /** @type {{ model?: string, unit?: number }} */ (point ?? {});
        if (model !== undefined)
          location.assign(`/${formatAddress({ a: model, view: "cell", pick: String(unit) })}`);
      },
    ),
    chart($("curves"), ({ colours }) => ({
      traces: curves(shown(), measure, colours),
      layout: {
        xaxis: logs("characters later"),
        yaxis: { title: { text: measure.axis } },
        // Not under bits, of which 1/e is no share.
        shapes: !measure.of_units
          ? []
          : [
              {
                type: "line",
                xref: "paper",
                x0: 0,
                x1: 1,
                y0: 1 / Math.E,
                y1: 1 / Math.E,
                line: { dash: "dot", width: 1, color: colours[6] },
              },
            ],
      },
    })),
  ];
}

/** @type {Map<string, HTMLInputElement>} the choices of what was measured here */
const own = new Map();

/** A visitor's text, measured. @param {string} name @param {Report} report */
function take(name, report) {
  const box =
    own.get(name) ??
    choice($("models"), "checkbox", name, true, (on) => {
      on ? chosen.add(name) : chosen.delete(name);
      draw();
    });
  box.checked = true;
  own.set(name, box);
  reports.set(name, { ...report, model: name, states: statesNamed(report.model) });
  chosen.add(name);
  draw();
}

followTheme();
const [measured, served] = await Promise.all([json("/api/timescales"), json("/api/models")]);
/** @type {import("../base/memories.js").Card[]} */
const cards = served;
/** Every c and h of a served model.  @param {string} name */
const statesNamed = (name) => statesOf(cards.find((card) => card.name === name)?.memories ?? []);
const names = /** @type {{ model: string }[]} */ (measured).map(({ model }) => model);
const asked = new URLSearchParams(location.search).getAll("model");
const first = names.filter((name) => asked.includes(name));
const usual = names.filter((name) => /-ptb$/.test(name) && !name.includes("plain"));
for (const name of first.length > 0 ? first : usual.length > 0 ? usual : names.slice(0, 3))
  chosen.add(name);
for (const name of names)
  choice($("models"), "checkbox", name, chosen.has(name), async (on) => {
    if (on) await load(name);
    on ? chosen.add(name) : chosen.delete(name);
    draw();
  });
for (const each of MEASURES)
  choice($("measures"), "radio", each.label, each === measure, () => {
    measure = each;
    draw();
  });
ownText(
  cards.filter(({ task }) => task === "charlm").map(({ name }) => name),
  take,
);
if (names.length === 0)
  $("meaning").textContent =
    "No served model was measured beforehand: python -m analysis.timescales does. Your own text can be measured below.";
await Promise.all([...chosen].map(load));
draw();
$("main").removeAttribute("aria-busy");
