// One intervention as a row of fields: which memory and cells, what is done to them, and where in the text.

import { formatCells, parseCells } from "../../base/cells.js";
import { element } from "../../base/dom.js";
import { cellSymbol, statesOf } from "../../base/memories.js";
import { LARGEST_VALUE, NEUTRAL, OPERATIONS } from "../../state/interventions.js";

/** @typedef {import("../../base/memories.js").Card} Card */
/** @typedef {import("../../state/interventions.js").Intervention} Intervention */

const WORDS = { set: "hold at", scale: "scale by", add: "add" };
const SPANS = { whole: "the whole text", from: "from character", span: "characters" };

/**
 * How far the slider goes; the number beside it goes further.
 * @param {Intervention} one
 * @param {Card} card
 * @returns {[number, number, number]} lowest, highest, step
 */
function rangeOf({ operation, level }, card) {
  if (operation === "scale") return [0, 2, 0.05];
  // The innermost cell adds up without bound; every other state is within -1 .. 1.
  return level === card.depth - 1 ? [-6, 6, 0.1] : [-1, 1, 0.02];
}

/** @param {string} label @param {string} type */
function input(label, type) {
  const made = element("input");
  made.type = type;
  made.setAttribute("aria-label", label);
  return made;
}

/** @param {string} label @param {[string, string][]} options */
function select(label, options) {
  const made = element("select");
  made.setAttribute("aria-label", label);
  made.append(...options.map(([value, words]) => new Option(words, value)));
  return made;
}

/** What is seen of a memory with its raw symbol. @param {Card} card @returns {[string, string][]} */
const memoriesOf = (card) =>
  statesOf(card.memories).map(({ layer, level, name }) => [
    `${layer} ${level ?? "h"}`,
    `${name} ${level === null ? "h" : cellSymbol(level)}`,
  ]);

/**
 * @param {Intervention} first
 * @param {Card} card
 * @param {string} place the letter of the model where there are two, or ""
 * @param {object} to
 * @param {(patch: Partial<Intervention>, soon: boolean) => void} to.change soon: a slider is being moved
 * @param {() => void} to.remove
 * @param {() => number} to.position where a span begins that is asked for without a place
 * @param {() => import("../../state/state.js").Span | null} to.span the characters selected
 */
export function interventionRow(first, card, place, { change, remove, position, span }) {
  let one = first;
  const memory = select("Memory", memoriesOf(card));
  const cells = input("Cells: numbers, or all", "text");
  cells.size = 5;
  const operation = select(
    "What is done",
    OPERATIONS.map((name) => [name, WORDS[name]]),
  );
  const slider = input("Value", "range");
  const value = input("Value, as a number", "number");
  value.min = String(-LARGEST_VALUE);
  value.max = String(LARGEST_VALUE);
  value.step = "any";
  const where = select(
    "Where",
    Object.entries(SPANS).map(([key, words]) => [key, words]),
  );
  const from = input("First character changed", "number");
  const to = input("Last character changed", "number");
  for (const end of [from, to]) {
    end.min = "0";
    end.size = 6;
  }
  const until = element("span", "", "to");
  const gone = element("button", "gone", "×");
  gone.type = "button";
  gone.setAttribute("aria-label", "Remove this change");
  gone.title = "Remove this change";
  const node = element(
    "li",
    "intervention",
    ...(place ? [element("b", "badge", place)] : []),
    memory,
    element("label", "", "cell ", cells),
    operation,
    slider,
    value,
    element("span", "where", where, from, until, to),
    gone,
  );

  memory.addEventListener("change", () => {
    const [layer, level] = memory.value.split(" ");
    change({ layer: Number(layer), level: level === "h" ? null : Number(level) }, false);
  });
  cells.addEventListener("input", () => {
    const all = /^\s*(all|\*)\s*$/i.test(cells.value);
    const { cells: list, error } = parseCells(cells.value, card.hidden);
    cells.setAttribute("aria-invalid", String(!all && error !== null));
    if (all || error === null) change({ cells: all ? null : list }, true);
  });
  operation.addEventListener("change", () => {
    const next = /** @type {Intervention["operation"]} */ (operation.value);
    change({ operation: next, value: NEUTRAL[next] }, false);
  });
  slider.addEventListener("input", () => change({ value: Number(slider.value) }, true));
  value.addEventListener("input", () => {
    const number = value.valueAsNumber;
    const fine = Number.isFinite(number) && Math.abs(number) <= LARGEST_VALUE;
    value.setAttribute("aria-invalid", String(!fine));
    if (fine) change({ value: number }, true);
  });
  where.addEventListener("change", () => {
    const chosen = span();
    const begin = one.from > 0 ? one.from : (chosen?.from ?? Math.max(0, position()));
    if (where.value === "whole") change({ from: 0, to: null }, false);
    else if (where.value === "from") change({ from: begin, to: null }, false);
    else change({ from: begin, to: chosen?.to ?? begin + 40 }, false);
  });
  const spanned = () => {
    const begin = from.valueAsNumber;
    const end = one.to === null ? null : to.valueAsNumber + 1;
    const fine = begin >= 0 && (end === null || end > begin);
    for (const field of [from, to]) field.setAttribute("aria-invalid", String(!fine));
    if (fine) change({ from: begin, to: end }, true);
  };
  from.addEventListener("input", spanned);
  to.addEventListener("input", spanned);
  gone.addEventListener("click", remove);

  /** @param {HTMLInputElement} field @param {string} words */
  const fill = (field, words) => {
    if (document.activeElement === field || field.value === words) return;
    field.value = words;
    field.removeAttribute("aria-invalid");
  };

  return {
    node,
    /** The field that one wants next. */
    focus: () => slider.focus(),
    model: first.model,
    place,
    /** @param {Intervention} now */
    show(now) {
      one = now;
      memory.value = `${one.layer} ${one.level ?? "h"}`;
      fill(cells, one.cells === null ? "all" : formatCells(one.cells).replaceAll(", ", ","));
      operation.value = one.operation;
      const [low, high, step] = rangeOf(one, card);
      Object.assign(slider, { min: String(low), max: String(high), step: String(step) });
      if (Number(slider.value) !== one.value) slider.value = String(one.value);
      slider.style.setProperty(
        "--zero",
        `${(100 * (NEUTRAL[one.operation] - low)) / (high - low)}%`,
      );
      fill(value, String(one.value));
      where.value = one.to !== null ? "span" : one.from > 0 ? "from" : "whole";
      from.hidden = where.value === "whole";
      to.hidden = until.hidden = one.to === null;
      fill(from, String(one.from));
      fill(to, String((one.to ?? 1) - 1));
    },
  };
}
