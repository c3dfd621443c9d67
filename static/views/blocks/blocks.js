// The blocks of the page: for every model, the whole text on the colours of a cell, a column a memory, a row a
// cell. As in the paper's figures.

import { later } from "../../base/schedule.js";
import { EMPTY } from "../../text/passage.js";
import { Dirty } from "./dirty.js";
import { gridOf, settle } from "./grid.js";
import { firstMoved, measure, noBoxes } from "./layout.js";
import { light } from "./light.js";
import { drawMarks } from "./marks.js";
import { Pager } from "./pager.js";
import { rowCount } from "./paint.js";
import { followPointer } from "./pointing.js";
import { alignHeads, takeRoom } from "./room.js";
import { Scroll } from "./scroll.js";
import { sight } from "./sight.js";
import { layInSquares } from "./squares.js";

/** @typedef {import("./block.js").Block} Block */
/** @typedef {import("./block.js").Source} Source */
/** @typedef {import("../view.js").Point} Point */
/** @typedef {import("../view.js").Sheet} Sheet */
/** @typedef {import("./listeners.js").Listeners} Listeners */

/** Milliseconds between two paintings of a text that is being read. */
const PAUSE = 120;
/** Fewer new characters than this are painted in the next frame. */
const HURRY = 8;
/** Height of a row of text, in CSS pixels, unless the style sheets say otherwise. */
const LINE = 19;

export class Blocks {
  /**
   * @param {HTMLElement} root
   * @param {HTMLElement[]} homes where each model's blocks go
   * @param {Listeners} listeners
   */
  constructor(root, homes, listeners) {
    this.root = root;
    this.homes = homes;
    this.listeners = listeners;
    this.passage = EMPTY;
    this.boxes = noBoxes();
    /** @type {Sheet[]} */
    this.sheets = [];
    /** @type {Block[]} */
    this.all = [];
    /** @type {WeakMap<Element, Block>} */
    this.blockOf = new WeakMap();
    this.width = 0;
    this.squared = false;
    this.before = "";
    this.line = LINE;
    this.unmeasured = 0; // first character whose place is not known; Infinity when all are
    this.dirty = new Dirty();
    this.drawn = 0;
    /** @typedef {ReturnType<typeof setTimeout> | undefined} Timer */
    this.pause = /** @type {Timer} */ (undefined);
    this.idle = /** @type {Timer} */ (undefined);
    this.scroll = new Scroll(root, () => this.all);
    /** @type {{ position: number, place: "nearest" | "first" } | null} to be seen once it is measured */
    this.followed = null;
    this.lit = /** @type {Point | null} */ (null);
    /** @type {import("../../state/state.js").Span | null} */
    this.span = null;
    this.seen = sight(
      this.blockOf,
      (block, isNew) => {
        if (isNew) listeners.seen();
        this.scroll.join(block);
      },
      () => this.#schedule(),
    );
    this.pager = new Pager(
      root,
      homes.map((home) => /** @type {HTMLElement} */ (home.parentElement)),
    );
    new ResizeObserver(() => this.resize()).observe(root);
    followPointer(this);
  }

  /** These characters are marked in every block. @param {import("../../state/state.js").Span | null} span */
  select(span) {
    this.span = span;
    this.#schedule();
  }

  /** The models, memories and cells shown. @param {Sheet[]} sheets */
  setSheets(sheets) {
    this.sheets = sheets;
    const { blocks, gone } = gridOf(sheets, this.all, this.passage.text, this.listeners);
    this.all = blocks;
    for (const [panel, { memories }] of sheets.entries())
      this.homes[panel]?.parentElement?.style.setProperty("--columns", String(memories.length));
    for (const block of gone) this.seen.unobserve(block.element);
    const pressed = gone.some(({ element }) => element.contains(document.activeElement));
    settle(this.homes, blocks);
    // Whose button was pressed is gone: a key goes on from the figure.
    if (pressed) this.root.focus({ preventScroll: true });
    for (const block of this.all) {
      this.blockOf.set(block.element, block);
      this.blockOf.set(block.view, block);
      this.seen.observe(block.element);
      this.scroll.reach(block);
      block.stale = true;
      block.pin?.setAttribute(
        "aria-pressed",
        String(this.listeners.isPinned(block.panel, block.cell)),
      );
    }
    this.dirty.all(sheets.length);
    const first = this.width === 0;
    this.resize();
    // The first blocks have their height from the first paint on.
    if (first) this.#draw();
  }

  /** Whether the text is a quatrain: lines of five squares, and what hangs before the first. @param {boolean} on @param {string} before */
  square(on, before) {
    if (on === this.squared && before === this.before) return;
    [this.squared, this.before] = [on, before];
    this.root.classList.toggle("squares", on);
    this.unmeasured = 0;
    this.resize();
  }

  /** @param {import("../../text/passage.js").Passage} passage */
  setText(passage) {
    this.passage = passage;
    const { text, edit } = passage;
    if (!edit) return this.#schedule();
    for (const block of this.all) block.setText(text, edit);
    this.unmeasured = Math.min(this.unmeasured, firstMoved(this.boxes, edit.at));
    return this.#schedule();
  }

  /**
   * The colours of these characters are new.
   * @param {number} panel
   */
  recolour(panel, from = 0, to = Number.POSITIVE_INFINITY) {
    if (this.dirty.add(panel, from, to)) this.#schedule(to - from < HURRY);
  }

  recolourAll() {
    for (const panel of this.dirty.panels()) this.recolour(panel);
  }

  /** Paint all that is to paint now, out of sight as well. */
  finish() {
    this.#draw();
    for (const block of this.all)
      if (block.stale) this.#paint(block, { from: 0, to: Number.POSITIVE_INFINITY });
  }

  /** Characters on the screen. @returns {[number, number]} */
  visible() {
    return this.scroll.characters(this.boxes);
  }

  /** Light this character in every block, and the block pointed at. @param {Point | null} point */
  light(point) {
    this.lit = point;
    light(this, point);
  }

  /** Scroll so that a character can be seen. @param {number} position */
  reveal(position) {
    this.scroll.reveal(this.boxes.row[position] ?? 0, "middle");
  }

  /**
   * In the next frame, once the text is measured, scroll so that a character can be seen.
   * @param {number} position
   * @param {"nearest" | "first"} place
   */
  follow(position, place) {
    this.followed = { position, place };
    this.#schedule();
  }

  resize() {
    const { root } = this;
    const before = this.line;
    const first = this.all[0];
    root.style.removeProperty("--line"); // what it is without squares, also where no block stands
    this.line = Number.parseFloat(getComputedStyle(root).getPropertyValue("--line")) || before;
    const large = Math.max(1, this.line / LINE);
    const columns = this.sheets.map(({ memories }) => memories.length);
    this.scroll.fit();
    const taken = takeRoom(root, columns, large);
    if (!taken) return;
    const { width, swiped } = taken;
    this.pager.show(
      this.sheets.map(({ name }) => name),
      swiped,
    );
    if (this.squared && first)
      this.line = layInSquares(root, first.text, width, large, this.before) ?? this.line;
    alignHeads(root);
    if (width !== this.width || this.line !== before) {
      this.width = width;
      this.unmeasured = 0;
      // A canvas is as high as its rows: with other rows it is made anew.
      if (this.line !== before) for (const block of this.all) block.canvas.width = 0;
    }
    this.#schedule();
  }

  /** Draw in the next frame; while a long text is read, not in every one. */
  #schedule(soon = true) {
    clearTimeout(this.pause);
    if (!soon && performance.now() - this.drawn < PAUSE)
      this.pause = setTimeout(() => this.#schedule(), PAUSE);
    else
      later("blocks", () => {
        this.drawn = performance.now();
        this.#draw();
      });
  }

  #draw() {
    const first = this.all[0];
    // On the map there are no blocks to measure: that waits until they are shown.
    if (!first || this.width === 0 || first.text.getClientRects().length === 0) return;
    if (this.unmeasured < Number.POSITIVE_INFINITY) this.#measure();
    if (this.followed) {
      const { position, place } = this.followed;
      this.scroll.reveal(this.boxes.row[position] ?? 0, place);
      this.followed = null;
    }
    for (const block of this.all) {
      const dirty = this.dirty.of(block.panel);
      if (!dirty) continue;
      if (block.stale || dirty.to > dirty.from) {
        if (block.visible) this.#paint(block, dirty);
        else block.stale = true;
      }
    }
    this.dirty.clear();
    this.marks();
    this.#later();
  }

  /**
   * @param {Block} block
   * @param {import("./dirty.js").Range} dirty
   */
  #paint(block, dirty) {
    const source = this.listeners.source(block.panel, block.memory, block.cell);
    const { row, count } = this.boxes;
    const all = block.stale || dirty.to >= count;
    const first = block.stale || dirty.from === 0 ? 0 : (row[Math.min(dirty.from, count) - 1] ?? 0);
    const last = all ? rowCount(this.boxes) : (row[dirty.to] ?? 0) + 1;
    block.paint(this.boxes, source, this.width, devicePixelRatio, this.line, first, last);
    block.stale = false;
  }

  /** Blocks out of sight are painted when nothing else is to do. */
  #later() {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => {
      const begun = performance.now();
      for (const block of this.all) {
        if (!block.stale) continue;
        if (performance.now() - begun > 6) return this.#later();
        this.#paint(block, { from: 0, to: Number.POSITIVE_INFINITY });
      }
    }, 30);
  }

  #measure() {
    const block = this.all[0];
    if (!block) return;
    const from = Math.min(this.unmeasured, this.boxes.count);
    const mark = Math.round(this.line * 0.5);
    this.boxes = measure(
      block.node,
      block.text,
      this.passage.text,
      this.passage.offsets,
      this.line,
      mark,
      this.boxes,
      from,
    );
    this.unmeasured = Number.POSITIVE_INFINITY;
    this.scroll.resize(rowCount(this.boxes), this.line);
    for (const panel of this.dirty.panels()) this.recolour(panel, from);
    light(this, this.lit);
  }

  /** Newlines, what is unknown or read by its plain form, and what is selected. */
  marks() {
    const { unknown, plain } = this.listeners;
    const panels = [...this.sheets.keys()];
    drawMarks(this, this.passage, this.span, panels.map(unknown), panels.map(plain));
  }
}
