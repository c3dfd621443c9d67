// What a change leaves behind: one place of the text is changed, both texts are read, and every later character
// is coloured by how much each memory still differs.

import { surprisePixels } from "../../base/colour.js";
import { element, say } from "../../base/dom.js";
import { isInnermost } from "../../base/memories.js";
import { letterOf } from "../../base/places.js";
import { pickOf } from "../../state/state.js";
import { ChangeField } from "../changefield.js";
import { changeWords } from "../changewords.js";
import { drawCurves } from "./curves.js";
import { apart, bothTexts, forgotten, fromChange, left, saturated } from "./difference.js";
import { sentence } from "./words.js";

/** @typedef {import("../view.js").Card} Card */
/** @typedef {import("../view.js").Memory} Memory */
/** @typedef {import("../view.js").Point} Point */
/** @typedef {import("../view.js").Scene} Scene */
/** @typedef {import("../view.js").State} State */
/** @typedef {import("./difference.js").Change} Change */
/** @typedef {import("./words.js").Trail} Trail */

/** Longer texts are fetched as float16: their differences need no more, and are half as much to send. */
const LONG = 4000;

/** The change that is looked at: the one chosen, or another letter in the first quarter of the text. @param {State} state @param {readonly string[]} characters @returns {Change} */
function changeOf({ change }, characters) {
  if (change && change.at + change.delete <= characters.length) return change;
  const at = Math.floor(characters.length / 4);
  return { at, delete: Math.min(1, characters.length), insert: characters[at] === "x" ? "z" : "x" };
}

export class Forgetting {
  /** @param {import("../view.js").Page} page */
  constructor(page) {
    this.page = page;
    /** @type {Scene | null} */
    this.scene = null;
    /** @type {string[]} */
    this.characters = [];
    /** @type {Change} */
    this.change = { at: 0, delete: 0, insert: "" };
    /** @type {(Trail[] | null)[]} by panel */
    this.trails = [];
    /** @type {Int8Array[][]} by panel and memory */
    this.bytes = [];
    /** @type {Point | null} */
    this.lit = null;
    this.shade = page.store.get().shade;
    this.colours = surprisePixels(this.shade);
    this.alone = element("select");
    this.alone.append(new Option("the mean of all cells", "mean"), new Option("one cell", "cell"));
    this.alone.addEventListener("change", () =>
      page.store.set({ scope: this.alone.value === "cell" ? "cell" : "mean" }),
    );
    this.said = element("p", "sentences");
    this.said.id = "forgetting-said";
    this.said.setAttribute("role", "status");
    this.curves = element("div");
    this.field = new ChangeField(
      "forgetting",
      (change) => page.store.set({ change }),
      element("label", "field", "measured by ", this.alone),
      element("span", "hint", "Click a character, or press Enter on it."),
    );
    page.above.append(this.field.element, this.said, this.curves);
  }

  /** @param {Scene} scene */
  show(scene) {
    this.scene = scene;
    const { state } = scene;
    this.characters = scene.characters();
    this.change = changeOf(state, this.characters);
    this.field.show(this.characters, this.change);
    this.alone.value = state.scope;
    this.page.redraw();
  }

  /** The bodies of what is asked of a model. @param {State} state @param {Card} card @param {string} text */
  ask(state, card, text) {
    const characters = [...text];
    const texts = bothTexts(characters, changeOf(state, characters));
    const dtype = /** @type {"float16" | "float32"} */ (
      characters.length > LONG ? "float16" : "float32"
    );
    const signals = /** @type {("display" | "hidden")[]} */ (
      card.memories.some(({ state: kind }) => kind === "h") ? ["display", "hidden"] : ["display"]
    );
    return signals.flatMap((signal) => texts.map((each) => ({ signal, text: each, dtype })));
  }

  /** A character pressed is the one that is changed. @param {Point} point */
  press({ position }) {
    this.field.choose(position);
    return true;
  }

  asked() {
    const cards = this.scene?.cards ?? [];
    this.trails = cards.map(() => null);
    this.bytes = cards.map(() => []);
    for (const panel of cards.keys()) this.page.recolour(panel);
    say(this.said, "Reading the text and the changed text…");
    this.curves.classList.add("waiting");
  }

  /** @param {number} panel @param {Float32Array[]} values @param {Card} card */
  answer(panel, values, card) {
    const state = this.page.store.get();
    const { at, delete: gone } = this.change;
    const all = Array.from({ length: card.hidden }, (_, cell) => cell);
    const alone = state.scope === "cell" ? Math.min(pickOf(state, panel), card.hidden - 1) : null;
    const chosen = alone === null ? all : [alone];
    this.trails[panel] = card.memories.map((memory) => {
      const hidden = memory.state === "h";
      const [one, other] = hidden ? values.slice(2) : values;
      const depth = hidden ? 1 : card.depth;
      const row = memory.layer * depth + (hidden ? 0 : (memory.level ?? 0));
      const place = { offset: row * card.hidden, stride: card.layers * depth * card.hidden };
      const none = new Float32Array(0);
      const full = isInnermost(memory)
        ? saturated(one ?? none, { ...place, cells: chosen })
        : new Set();
      const cells = chosen.filter((cell) => !full.has(cell));
      const rest = left(apart(one ?? none, other ?? none, { ...place, cells }, this.change));
      return {
        name: memory.name,
        cell: alone,
        left: rest,
        fold: rest ? forgotten(rest) : null,
        saturated: full.size,
        cells: cells.length,
      };
    });
    this.bytes[panel] = (this.trails[panel] ?? []).map(({ left: rest }) => {
      const bytes = new Int8Array(this.characters.length).fill(-128);
      const first = at + gone - 1;
      bytes.fill(127, at, at + gone);
      for (let k = Math.max(0, -first); rest && k < rest.length; k += 1)
        bytes[first + k] = Math.round(127 * Math.min(1, rest[k] ?? 0));
      return bytes;
    });
    this.page.recolour(panel);
    this.page.redraw();
  }

  /** The curves, for a file: in the columns of A, as they stand over both. */
  parts() {
    const most = /** @type {HTMLElement | null} */ (this.curves.firstElementChild)?.dataset.most;
    const note = `line: what is left of the difference, from 0 to ${most} characters after the change · dashed: 1/e · upright: where 1/e is left`;
    return [...this.curves.querySelectorAll(".trail")].flatMap((trail, k) => {
      const svg = /** @type {SVGElement | null} */ (trail.querySelector("svg"));
      const title = [...(trail.querySelector("figcaption")?.children ?? [])]
        .map(({ textContent }) => textContent)
        .join(": ");
      return svg ? [{ panel: 0, title, note: k === 0 ? note : "", drawn: svg }] : [];
    });
  }

  draw() {
    const trails = this.trails.filter((each) => each !== null);
    if (trails.length === 0 || trails.length < this.trails.length) return;
    const { at, delete: gone } = this.change;
    const rows = trails.flatMap((each, panel) =>
      each.map((trail, memory) => ({ panel, memory, trail })),
    );
    say(this.said, trails.map((each, panel) => sentence(each, letterOf(panel))).join(" "));
    this.curves.classList.remove("waiting");
    this.curves.replaceChildren(drawCurves(rows, fromChange(this.characters, at + gone)));
    this.light(this.lit);
  }

  /** @param {Point | null} point */
  light(point) {
    this.lit = point;
    const drawn = /** @type {HTMLElement | null} */ (this.curves.firstElementChild);
    if (!drawn) return;
    const most = Number(drawn.dataset.most);
    const k = (point?.position ?? -1) - (this.change.at + this.change.delete - 1);
    drawn.classList.toggle("lit", point !== null && k >= 0 && k <= most);
    drawn.style.setProperty("--at", `${(100 * k) / most}%`);
  }

  #colours() {
    const { shade } = this.page.store.get();
    if (shade !== this.shade) this.colours = surprisePixels(shade);
    this.shade = shade;
    return this.colours;
  }

  /** @param {number} panel @param {number} memory */
  source(panel, memory) {
    const values = this.bytes[panel]?.[memory] ?? new Int8Array(0);
    return { values, offset: 0, stride: 1, colours: this.#colours() };
  }

  /** @returns {import("../view.js").Meaning} */
  meaning() {
    const state = this.page.store.get();
    const of = state.scope === "cell" ? "in one cell" : "as the mean of all cells";
    return {
      title: `The text ${changeWords(this.characters, this.change)}: how much of the difference is left, ${of}. ${this.said.textContent}`,
      about:
        "Colour at each character after the change: |value in the changed text − value in the text|, as a share of that at the last character changed; all of it and more in the strongest colour.",
      signal: "display",
      bars: [
        { pixels: this.#colours(), words: ["0 %", "100 %"], label: "of the difference is left" },
      ],
    };
  }

  /** In words. @param {number} panel @param {number} memory @param {number} position */
  reading(panel, memory, position) {
    const { at, delete: gone } = this.change;
    const share = this.trails[panel]?.[memory]?.left?.[position - (at + gone - 1)];
    return share === undefined ? "" : `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} % left`;
  }
}
