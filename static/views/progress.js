// How far the models have read, and what is found in a text read to its end: cells that are one flat
// colour, and how large the largest value of each is.

import { $, element } from "../base/dom.js";
import { isInnermost, SATURATED_SHARE, SATURATED_VALUE } from "../base/memories.js";
import { isSaturated } from "../wire/columns.js";
import { remembers } from "./timescale.js";

/** @typedef {import("../wire/session.js").Session} Session */
/** @typedef {import("./timescale.js").Told} Told */
/** @typedef {{ lasts: Told | null, named: Told[], words: string[], meaning: string }} Note what stands beside a cell's number */

const FLAT = `Beyond ${SATURATED_VALUE} for more than ${100 * SATURATED_SHARE} % of this text: one flat colour is not a memory`;

/**
 * @param {Session} session
 * @param {HTMLElement} figure
 * @param {number} panel
 * @param {boolean} ready whether the view can show it
 * @returns {boolean} whether the model has read it all
 */
export function showProgress(session, figure, panel, ready) {
  const columns = session.panels[panel]?.columns;
  const progress = /** @type {HTMLProgressElement} */ ($(`progress-${panel}`));
  const share = columns && columns.length > 0 ? columns.done / columns.length : 1;
  progress.value = share;
  progress.classList.toggle("done", share >= 1);
  const busy = session.panels.some(({ columns: c }) => c.done < c.length);
  figure.setAttribute("aria-busy", String(busy || !ready));
  return share >= 1;
}

/**
 * What is known of a cell in a text that is read to its end.
 * @param {import("../wire/columns.js").Columns} columns
 * @param {import("./view.js").Memory | undefined} memory
 * @param {{ panel: number, memory: number, cell: number }} place
 * @param {import("./scale.js").OwnScale | null} scale where each cell has its own
 * @param {import("../wire/timescales.js").CellReport | null} report of the model, once it has come
 * @param {Told[]} named what the cell is named after
 * @returns {Note | null} null where the cell is not told
 */
export function noteOf(columns, memory, place, scale, report, named = []) {
  const slot = columns.slots.get(place.cell);
  if (slot === undefined) return null;
  const flat =
    memory !== undefined && isInnermost(memory) && isSaturated(columns.row(place.memory, slot));
  const own = scale ? `±${scale.largest(place.panel, place.memory, slot).toPrecision(2)}` : "";
  const lasts = report && memory ? remembers(report, memory, place.cell) : null;
  return {
    lasts: flat ? null : lasts,
    named: flat ? [] : named,
    words: [flat ? "saturated" : "", own].filter(Boolean),
    meaning: flat ? FLAT : "",
  };
}

/** The verb goes where there is little room. @param {string} name @param {string} words */
function spanOf(name, words) {
  const verb = /^remembers (?=\d)/.exec(words)?.[0] ?? "";
  return element(
    "span",
    name,
    ...(verb ? [element("i", "verb", verb)] : []),
    words.slice(verb.length),
  );
}

/** @param {HTMLElement} node @param {Note} note */
export function showNote(node, { lasts, named, words, meaning }) {
  const told = [
    ...(lasts ? [{ ...lasts, name: "lasts" }] : []),
    ...named.map((each) => ({ ...each, name: "named" })),
    ...words.map((word) => ({ words: word, meaning, name: "" })),
  ];
  if (node.textContent !== told.map((each) => each.words).join(" "))
    node.replaceChildren(
      ...told.flatMap((each, k) => [k > 0 ? " " : "", spanOf(each.name, each.words)]),
    );
  for (const [k, span] of /** @type {HTMLElement[]} */ ([...node.children]).entries())
    if (span.title !== told[k]?.meaning) span.title = told[k]?.meaning ?? "";
}
