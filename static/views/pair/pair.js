// A minimal pair: each model reads the text and the same text with one change, and one cell's values of both stand
// one under another, with their difference.

import { css, makePalette, otherThan } from "../../base/colour.js";
import { element, say } from "../../base/dom.js";
import { glyphOf, signed } from "../../base/format.js";
import { letterOf } from "../../base/places.js";
import { pickOf } from "../../state/state.js";
import { PENDING } from "../../wire/columns.js";
import { ChangeField } from "../changefield.js";
import { changeWords } from "../changewords.js";
import { bothTexts } from "../forgetting/difference.js";
import { afterChange, aligned, firstChange, SEEN, shownColumns, trackOf } from "./alignment.js";
import { columnAt, cornerOf, drawPair, gridOf } from "./interlinear.js";
import { sentence, trackWords } from "./words.js";

/** @typedef {import("../view.js").Card} Card */
/** @typedef {import("../view.js").Point} Point */
/** @typedef {import("../view.js").Scene} Scene */
/** @typedef {import("../view.js").State} State */
/** @typedef {import("./alignment.js").Column} Column */
/** @typedef {import("./alignment.js").Track} Track */
/** @typedef {{ canvas: HTMLCanvasElement, cursor: HTMLElement, reading: HTMLElement, frame: HTMLElement }} Row one memory on the screen */
/** @typedef {{ cell: number, tracks: Track[], rows: Row[], count: number }} Model what is known of one model */

/** The change that is looked at: the one chosen, or the one to begin with. @param {State} state @param {readonly string[]} characters */
const changeOf = ({ change }, characters) =>
  change && change.at + change.delete <= characters.length ? change : firstChange(characters);

/** @param {State} state @param {number} panel @param {Card} card */
const cellOf = (state, panel, card) => Math.min(pickOf(state, panel), card.hidden - 1);

export class Pair {
  /** @param {import("../view.js").Page} page */
  constructor(page) {
    this.page = page;
    /** @type {Scene | null} */
    this.scene = null;
    /** @type {Column[]} */
    this.alignment = [];
    /** Glyphs of both texts by column. @type {string[][]} */
    this.texts = [[], []];
    /** @type {import("../../state/state.js").Change} */
    this.change = { at: 0, delete: 0, insert: "" };
    /** @type {(Model | null)[]} by panel */
    this.models = [];
    this.grid = gridOf(0, []);
    this.column = -1;
    const { palette, shade } = page.store.get();
    this.shade = shade;
    this.other = makePalette(otherThan(palette), shade);
    this.field = new ChangeField(
      "pair",
      (change) => page.store.set({ change }),
      element("span", "hint", "Click a character, or press Enter on it."),
    );
    this.said = element("p", "sentences");
    this.said.id = "pair-said";
    this.said.setAttribute("role", "status");
    this.ramp = element("i", "pair-ramp");
    this.legend = element(
      "p",
      "pair-key",
      "Of each three rows: the text as it is; ",
      element("b", ""),
      "; and what the second has more or less than the first, ",
      element("span", "", "−1 ", this.ramp, " +1"),
      ".",
    );
    page.above.append(this.field.element, this.said, this.legend);
    for (const [panel, home] of page.homes.entries()) {
      home.classList.add("pairs");
      new ResizeObserver(() => page.redraw()).observe(home);
      home.addEventListener("pointermove", (event) => this.#point(event, panel, false));
      home.addEventListener("pointerleave", () => this.#look(-1, null));
      home.addEventListener("click", (event) => this.#point(event, panel, true));
    }
  }

  /** @param {Scene} scene */
  show(scene) {
    this.scene = scene;
    const characters = scene.characters();
    this.change = changeOf(scene.state, characters);
    this.field.show(characters, this.change);
    this.alignment = aligned(characters.length, this.change);
    const { at, delete: gone, insert } = this.change;
    const other = [...characters.slice(0, at), ...insert, ...characters.slice(at + gone)];
    /** @param {readonly string[]} text @param {"one" | "other"} which */
    const glyphs = (text, which) =>
      this.alignment.map((column) => {
        const character = text[column[which] ?? -1] ?? "";
        return character === " " ? character : character && glyphOf(character);
      });
    this.texts = [glyphs(characters, "one"), glyphs(other, "other")];
    say(
      /** @type {Element} */ (this.legend.querySelector("b")),
      changeWords(characters, this.change),
    );
    for (const [panel, home] of this.page.homes.entries())
      if (!scene.cards[panel]) home.replaceChildren();
    this.page.redraw();
  }

  /** The bodies of what is asked of a model. @param {State} state @param {Card} card @param {string} text @param {number} panel */
  ask(state, card, text, panel) {
    const characters = [...text];
    const texts = bothTexts(characters, changeOf(state, characters));
    const signals = /** @type {("display" | "hidden")[]} */ (
      card.memories.some(({ state: kind }) => kind === "h") ? ["display", "hidden"] : ["display"]
    );
    const cells = [cellOf(state, panel, card)];
    return signals.flatMap((signal) => texts.map((each) => ({ signal, text: each, cells })));
  }

  asked() {
    this.models = (this.scene?.cards ?? []).map(() => null);
    say(this.said, "Reading the text and the changed text…");
    for (const home of this.page.homes) home.classList.add("waiting");
  }

  /** @param {number} panel @param {Float32Array[]} values @param {Card} card */
  answer(panel, values, card) {
    const cell = cellOf(this.page.store.get(), panel, card);
    const none = new Float32Array(0);
    const tracks = card.memories.map((memory) => {
      const hidden = memory.state === "h";
      const [one = none, other = none] = hidden ? values.slice(2) : values;
      const depth = hidden ? 1 : card.depth;
      const offset = memory.layer * depth + (hidden ? 0 : (memory.level ?? 0));
      return trackOf(memory, this.alignment, one, other, { offset, stride: card.layers * depth });
    });
    const after = afterChange(this.alignment, this.change);
    const rows = tracks.map((track) => this.#row(panel, cell, track, after));
    const count = shownColumns(tracks, after);
    this.models[panel] = { cell, tracks, rows, count };
    const same = element("p", "hint", `From here on they are less than ${SEEN} apart.`);
    same.hidden = count >= this.alignment.length;
    const home = this.page.homes[panel];
    home?.replaceChildren(...rows.map(({ frame }) => frame), same);
    home?.classList.remove("waiting");
    this.page.redraw();
  }

  /** @param {number} panel @param {number} cell @param {Track} track @param {number} after the first column after the change @returns {Row} */
  #row(panel, cell, track, after) {
    const { name, symbol } = track;
    const canvas = element("canvas", "pair-drawn");
    canvas.setAttribute("role", "img");
    canvas.setAttribute(
      "aria-label",
      `Model ${letterOf(panel)}, ${name} ${symbol}, cell ${cell}: the text, the changed text, and their difference`,
    );
    const cursor = element("i", "pair-cursor");
    const reading = element("span", "reading exact");
    const caption = element(
      "figcaption",
      "",
      element("b", "", name),
      element("i", "", symbol),
      element("span", "", `cell ${cell}`),
      reading,
    );
    const drawn = element("div", "pair-frame", canvas, cursor);
    const words = element("p", "pair-words", trackWords(track, after));
    const frame = element("figure", "pair-memory", caption, words, drawn);
    return { canvas, cursor, reading, frame };
  }

  /** @param {MouseEvent} event @param {number} panel @param {boolean} press */
  #point(event, panel, press) {
    const model = this.models[panel];
    const memory = model?.rows.findIndex(({ canvas }) => canvas === event.target) ?? -1;
    if (!model || memory < 0) return press ? undefined : this.#look(-1, null);
    const column = columnAt(this.grid, model.count, event.offsetX, event.offsetY);
    const position = this.alignment[column]?.one ?? null;
    const at = position === null ? null : { position, panel, memory, rank: 0, cell: model.cell };
    if (press) return at ? this.page.point(at, true) : undefined;
    return this.#look(column, at);
  }

  /** A column is looked at; where the text has no character there, no character is. @param {number} column @param {Point | null} at */
  #look(column, at) {
    this.page.point(at, false);
    this.column = column;
    this.#light();
  }

  /** A character pressed is the one that is changed. @param {Point} point */
  press({ position }) {
    this.field.choose(position);
    return true;
  }

  /** @param {Point | null} point */
  light(point) {
    if (point) this.column = this.alignment.findIndex(({ one }) => one === point.position);
    else if (this.alignment[this.column]?.one !== null) this.column = -1;
    this.#light();
  }

  #light() {
    const { column, grid } = this;
    for (const model of this.models)
      for (const [memory, { cursor, reading }] of model?.rows.entries() ?? []) {
        const on = model !== null && column >= 0 && column < model.count;
        cursor.hidden = !on;
        say(reading, on ? this.#words(model, memory, column) : "");
        if (!on) continue;
        const { x, y, height } = cornerOf(grid, column);
        cursor.style.transform = `translate(${x}px, ${y}px)`;
        cursor.style.width = `${grid.width}px`;
        cursor.style.height = `${height}px`;
      }
  }

  /** The values of a column, in words. @param {Model} model @param {number} memory @param {number} column */
  #words(model, memory, column) {
    const track = model.tracks[memory];
    const [one, other, apart] = [track?.one, track?.other, track?.apart].map((bytes) => {
      const byte = bytes?.[column] ?? PENDING;
      return byte === PENDING ? "" : signed(byte / 127, 2);
    });
    return one && other ? `${one} → ${other}, Δ ${apart}` : one || other || "";
  }

  /** @param {number} panel @param {number} memory @param {number} position */
  reading(panel, memory, position) {
    const model = this.models[panel];
    const column = this.alignment.findIndex(({ one }) => one === position);
    return model && column >= 0 ? this.#words(model, memory, column) : "";
  }

  /** @returns {import("../view.js").Meaning} */
  meaning() {
    return {
      title: this.said.textContent ?? "",
      about:
        "Of each three rows: the text, the changed text, and the value in the second minus that in the first, in other colours.",
      signal: "display",
      bars: [
        { pixels: this.page.palette().pixels, words: ["−1", "0", "+1"], label: "value" },
        {
          pixels: this.other.pixels,
          words: ["−1", "0", "+1"],
          label: "value in the changed text − value in the text",
        },
      ],
    };
  }

  /** Every memory's three rows, for a file. */
  parts() {
    const words = changeWords(this.scene?.characters() ?? [], this.change);
    return this.models.flatMap((model, panel) =>
      (model?.rows ?? []).map(({ canvas }, memory) => {
        const { name = "", symbol = "" } = model?.tracks[memory] ?? {};
        const title = `${letterOf(panel)}  ${name} ${symbol}, cell ${model?.cell}: as it is; ${words}; the difference`;
        return { panel, title, drawn: canvas };
      }),
    );
  }

  draw() {
    const { palette, shade } = this.page.store.get();
    this.other = makePalette(otherThan(palette), shade);
    const stops = this.other.steps.slice(1).filter((_, k) => k % 16 === 0 || k === 254);
    this.ramp.style.backgroundImage = `linear-gradient(to right, ${stops.map(css).join(", ")})`;
    const after = afterChange(this.alignment, this.change);
    const changed = this.alignment.findIndex(
      ({ one, other }) => (one ?? other ?? -1) >= this.change.at,
    );
    const room = Math.min(...this.models.flatMap((_, k) => this.page.homes[k]?.clientWidth || []));
    if (!Number.isFinite(room)) return;
    this.grid = gridOf(room, this.texts.flat());
    for (const model of this.models)
      for (const [memory, { canvas }] of model?.rows.entries() ?? [])
        drawPair(
          canvas,
          this.grid,
          {
            track: /** @type {Track} */ (model?.tracks[memory]),
            texts: this.texts,
            changed: [changed, after],
            count: model?.count ?? 0,
          },
          this.page.palette(),
          this.other,
        );
    const told = this.models.flatMap((model, panel) =>
      model ? [{ letter: letterOf(panel), cell: model.cell, tracks: model.tracks }] : [],
    );
    if (told.length > 0 && told.length === this.models.length)
      say(
        this.said,
        sentence(changeWords(this.scene?.characters() ?? [], this.change), told, after),
      );
    this.#light();
  }
}
