// Interventions: changes made to a memory while a model reads. What the page knows of one, what the server is
// asked, and the short form in an address. Pure.

import { architectureOf } from "../base/architectures.js";
import { formatCells, parseCells } from "../base/cells.js";
import { PLACES } from "../base/places.js";

/** @typedef {import("../base/memories.js").Card} Card */
/** @typedef {import("../base/memories.js").Memory} Memory */
/** @typedef {"set" | "scale" | "add"} Operation */
/**
 * @typedef {object} Intervention
 * @property {string} model
 * @property {number} layer
 * @property {number | null} level null: h
 * @property {readonly number[] | null} cells null: all
 * @property {Operation} operation
 * @property {number} value
 * @property {number} from the first character changed, in code points of the whole text
 * @property {number | null} to the first character after it; null: to the end
 */
/** @typedef {Record<string, unknown>} Asked one as the server takes it */

/** @type {readonly Operation[]} */
export const OPERATIONS = ["set", "scale", "add"];
/** As many as the server makes. */
export const MOST_INTERVENTIONS = 64;
export const LARGEST_VALUE = 1e6;

/** What an operation leaves as it is. @type {Record<Operation, number>} */
export const NEUTRAL = { set: 0, scale: 1, add: 0 };

/** @param {Intervention} one @returns {Asked} */
export function asked({ layer, level, cells, operation, value, from, to }) {
  return {
    layer,
    ...(level === null ? { state: "h" } : { level }),
    ...(cells === null ? {} : { cells }),
    [operation]: value,
    ...(from > 0 ? { from } : {}),
    ...(to === null ? {} : { to }),
  };
}

/** Whether a network has what it changes. @param {Intervention} one @param {Card} card */
export function fits({ layer, level, cells, from, to }, card) {
  const levels = architectureOf(card).levels(card);
  return (
    layer < card.layers &&
    (level === null || level < levels) &&
    (cells === null || cells.every((cell) => cell < card.hidden)) &&
    (to === null || to > from)
  );
}

/**
 * What it does to one memory of one cell at one character.
 * @param {readonly Intervention[]} made
 * @param {{ layer: number, level: number | null, cell: number }} place
 * @param {number} t
 * @param {number} value
 */
export function changed(made, { layer, level, cell }, t, value) {
  let now = value;
  for (const one of made) {
    if (one.layer !== layer || one.level !== level) continue;
    if (t < one.from || (one.to !== null && t >= one.to)) continue;
    if (one.cells !== null && !one.cells.includes(cell)) continue;
    if (one.operation === "set") now = one.value;
    else if (one.operation === "scale") now *= one.value;
    else now += one.value;
  }
  return now;
}

const FORM =
  /^([a-d])_(\d{1,2})_(h|\d{1,2})_(all|[\d.-]{1,4000})_(set|scale|add)_(-?[\d.e+-]{1,24})(?:_(\d{1,6})-(\d{0,6}))?$/;

/**
 * As an address has it, the model by the letter of its place: `a_0_1_240_set_4_100-200`.
 * @param {readonly Intervention[]} made
 * @param {Partial<Record<import("../base/places.js").Place, string>>} models
 */
export const written = (made, models) =>
  made
    .map(({ model, layer, level, cells, operation, value, from, to }) => {
      const which = cells === null ? "all" : formatCells(cells).replaceAll(", ", ".");
      const span = from > 0 || to !== null ? [`${from}-${to ?? ""}`] : [];
      const place = PLACES.find((each) => models[each] === model) ?? "a";
      return [place, layer, level ?? "h", which, operation, value, ...span].join("_");
    })
    .join("~");

/**
 * What an address says; what makes no sense is left out. The model is the letter of its place yet.
 * @param {string} form
 * @returns {Intervention[]}
 */
export function parsed(form) {
  return form
    .split("~")
    .slice(0, MOST_INTERVENTIONS)
    .flatMap((one) => {
      const [, model = "", layer, level, which = "", operation, value, from, to] =
        FORM.exec(one) ?? [];
      const number = Number(value);
      const cells = which === "all" ? null : parseCells(which.replaceAll(".", ", "), 1 << 16).cells;
      if (!model || cells?.length === 0) return [];
      if (!Number.isFinite(number) || Math.abs(number) > LARGEST_VALUE) return [];
      return [
        {
          model,
          layer: Number(layer),
          level: level === "h" ? null : Number(level),
          cells,
          operation: /** @type {Operation} */ (operation),
          value: number,
          from: Number(from ?? 0),
          to: to ? Number(to) : null,
        },
      ];
    });
}
