// From the characters selected to the places of a corpus like them: the cells on exactly there, which of them must be
// on, from what value on, and for how long.

import { element, say } from "../../base/dom.js";
import { counted, several } from "../../base/format.js";
import { placeOf } from "./coloured.js";
import { onExactly } from "./ranking.js";

/** @typedef {import("../view.js").Card} Card */
/** @typedef {import("../../state/state.js").Span} Span */
/** @typedef {{ memory: number, cell: number, sign: 1 | -1 }} Chosen */

/** Cells that must be on at first, and those that can be. */
const FIRST = 4;
const MOST = 12;
const REST = 250;
const LONGEST = 200;
/** Characters before and after a match. */
const CONTEXT = 60;
const BEFORE = 24;

/** @param {string} label @param {Record<string, string>} attributes @param {() => void} moved */
function slider(label, attributes, moved) {
  const input = element("input");
  input.type = "range";
  for (const [key, value] of Object.entries(attributes)) input.setAttribute(key, value);
  const output = element("output");
  input.addEventListener("input", moved);
  return { input, output, label: element("label", "field", label, input, output) };
}

/**
 * Which cells are to be on: one that was switched stays so, of the others the first few.
 * @param {readonly string[]} names most exclusive first
 * @param {ReadonlyMap<string, boolean>} switched
 */
export const onOf = (names, switched) => names.map((name, k) => switched.get(name) ?? k < FIRST);

export class Match {
  /**
   * @param {(question: string, body: object) => Promise<any>} ask
   * @param {(found: { start: number, stop: number, text: string }) => void} read
   */
  constructor(ask, read) {
    this.ask = ask;
    this.read = read;
    /** @type {Span | null} */
    this.span = null;
    /** The cells that were switched by hand, and whether on. @type {Map<string, boolean>} */
    this.switched = new Map();
    this.turn = 0;
    let timer = 0;
    const soon = () => {
      this.#tell();
      clearTimeout(timer);
      timer = window.setTimeout(() => this.#again(), REST);
    };
    this.threshold = slider(
      "on from",
      { min: "0.05", max: "0.95", step: "0.05", value: "0.3" },
      soon,
    );
    const length = { min: "1", max: String(LONGEST), step: "1" };
    this.least = slider("at least", { ...length, value: "1" }, soon);
    this.most = slider("at most", { ...length, value: String(LONGEST) }, soon);
    this.order = element("select");
    this.order.append(
      new Option("longest first", "longest"),
      new Option("strongest first", "best"),
    );
    this.order.setAttribute("aria-label", "Order");
    this.order.addEventListener("change", soon);
    this.cells = element("div", "kinds");
    this.cells.setAttribute("role", "group");
    this.cells.setAttribute("aria-label", "Cells that must be on");
    this.said = element("p", "find-said");
    this.said.setAttribute("role", "status");
    this.places = element("ol", "places");
    this.element = element(
      "section",
      "match",
      element("h4", "", "On together, elsewhere"),
      this.cells,
      element(
        "div",
        "sliders",
        this.threshold.label,
        this.least.label,
        this.most.label,
        this.order,
      ),
      this.said,
      this.places,
    );
  }

  #tell() {
    this.threshold.output.textContent = `±${Number(this.threshold.input.value).toFixed(2)}`;
    for (const { input, output } of [this.least, this.most])
      output.textContent = `${input.value} character${input.value === "1" ? "" : "s"}`;
  }

  /**
   * @param {Card} card
   * @param {import("../../wire/columns.js").Columns} columns of all cells
   * @param {readonly number[]} memories those that a corpus holds
   * @param {Span} span
   */
  show(card, columns, memories, span) {
    const anew = this.span?.from !== span.from || this.span.to !== span.to;
    this.card = card;
    this.columns = columns;
    this.memories = memories;
    this.span = span;
    if (anew) {
      const size = span.to - span.from;
      this.switched.clear();
      this.least.input.value = String(Math.max(1, Math.floor(size / 2)));
      this.most.input.value = String(Math.min(LONGEST, 2 * size));
    }
    this.#tell();
    return this.#again();
  }

  async #again() {
    this.turn += 1;
    const mine = this.turn;
    const { card, columns, span, memories } = this;
    if (!card || !columns || !span || !memories) return;
    const threshold = Number(this.threshold.input.value);
    const { hidden } = card;
    /** @type {Chosen[]} */
    const exact = onExactly(columns.values, columns.width, columns.length, span, threshold)
      .map(({ column, sign }) => ({
        memory: Math.floor(column / hidden),
        cell: column % hidden,
        sign,
      }))
      .filter(({ memory }) => memories.includes(memory))
      .slice(0, MOST);
    const name = (/** @type {Chosen} */ { memory, cell, sign }) =>
      `${card.memories[memory]?.name} ${cell} ${sign > 0 ? "+" : "−"}`;
    const on = onOf(exact.map(name), this.switched);
    const chosen = exact.filter((_, k) => on[k]);
    this.cells.replaceChildren(
      ...exact.map((each, k) => {
        const toggle = element("button", "kind toggle", name(each));
        toggle.type = "button";
        toggle.setAttribute("aria-pressed", String(on[k]));
        toggle.addEventListener("click", () => {
          this.switched.set(name(each), !on[k]);
          this.#again();
        });
        return toggle;
      }),
    );
    if (chosen.length === 0) {
      say(
        this.said,
        exact.length === 0
          ? `No cell is beyond ±${threshold.toFixed(2)} on exactly these characters and not beside them: select others, or move the first slider.`
          : "Choose at least one cell.",
      );
      return this.places.replaceChildren();
    }
    const [least, most] = [Number(this.least.input.value), Number(this.most.input.value)];
    if (least > most) {
      say(this.said, "The least length is above the greatest: move a slider.");
      return this.places.replaceChildren();
    }
    const cells = chosen.map(({ memory, cell, sign }) => {
      const { layer = 0, level = 0 } = card.memories[memory] ?? {};
      return { layer, level, cell, sign };
    });
    const answer = await this.ask("match", {
      cells,
      threshold,
      length: [least, most],
      count: 20,
      context: CONTEXT,
      order: this.order.value,
      show: cells.map(({ sign: _, ...place }) => place),
    });
    if (!answer || mine !== this.turn) return;
    const many =
      chosen.length > 1
        ? `${chosen.length === 2 ? "both" : `these ${chosen.length}`} cells are on together`
        : "this cell is on";
    say(
      this.said,
      answer.total === 0
        ? `Nowhere in ${counted(answer.scanned)} characters: ask for fewer cells, or other lengths.`
        : `In ${several(answer.total, "place")} of ${counted(answer.scanned)} characters ${many}${answer.total > answer.spans.length ? `; the first ${answer.spans.length}` : ""}:`,
    );
    showPlaces(this.places, answer.spans, CONTEXT, this.read);
  }
}

/**
 * Places under one another, aligned at their first character.
 * @param {HTMLElement} home
 * @param {{ start: number, stop: number, matched: string, text: string, values: number[][] }[]} found
 * @param {number} context
 * @param {(found: { start: number, stop: number, text: string }) => void} read
 */
export function showPlaces(home, found, context, read) {
  home.replaceChildren(
    ...found.map((each) => {
      const button = element("button", "quiet", placeOf(each, BEFORE, context));
      button.type = "button";
      button.title = `Character ${counted(each.start)}: read it on the page`;
      button.addEventListener("click", () => read(each));
      return element("li", "", button);
    }),
  );
}
