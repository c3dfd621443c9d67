// The blocks of the page: for every model, the whole text on the colours of a cell, a column a memory, a row a
// cell. As in the paper's figures.

import { later } from "../../base/schedule.js";
import { EMPTY, pointAt } from "../../text/passage.js";
import { VERSE } from "../../text/poem.js";
import { Block } from "./block.js";
import { firstMoved, measure, noBoxes } from "./layout.js";
import { outlineOf } from "./outline.js";
import { characterAt, rowCount } from "./paint.js";
import { Scroll } from "./scroll.js";

/** @typedef {import("./block.js").Source} Source */
/** @typedef {import("../view.js").Point} Point */
/** @typedef {import("../view.js").Sheet} Sheet */
/**
 * @typedef {object} Listeners
 * @property {(point: Point | null, press: boolean) => void} point a character pointed at, or pressed
 * @property {(panel: number, cell: number) => void} cell a cell picked
 * @property {(panel: number, memory: number, cell: number) => void} whatIf a cell is to be changed
 * @property {(panel: number, cell: number) => void} pin a cell to be pinned, or let go
 * @property {(panel: number, cell: number) => boolean} isPinned
 * @property {(panel: number, memory: number, cell: number) => Source} source
 * @property {(span: import("../../state/state.js").Span) => void} span characters selected
 * @property {(panel: number) => ReadonlySet<number>} unknown positions out of vocabulary
 */

/** Longer blocks scroll, all together. */
const MOST_ROWS = 18;
/** Milliseconds between two paintings of a text that is being read. */
const PAUSE = 120;
/** Fewer new characters than this are painted in the next frame. */
const HURRY = 8;
const GAP = 22;
/** Height of a row of text, in CSS pixels, unless the style sheets say otherwise. */
const LINE = 19;
const SHEET_GAP = 44;
/** Narrower blocks stand below each other. */
const NARROWEST = 190;
const NARROWEST_STACKED = 100;
/** A lone model's blocks are no wider. */
const WIDEST = 560;
/** Pixels of a side, where a poem is laid in squares. */
const LARGEST_SQUARE = 34;

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
    /** @type {{ from: number, to: number }[]} by panel, characters to repaint */
    this.dirty = [];
    this.drawn = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.pause = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.idle = undefined;
    this.scroll = new Scroll(root, () => this.all);
    /** @type {{ position: number, place: "nearest" | "first" } | null} to be seen once it is measured */
    this.followed = null;
    /** @type {import("../../state/state.js").Span | null} */
    this.span = null;
    this.seen = new IntersectionObserver((entries) => this.#see(entries), {
      rootMargin: "400px 0px",
    });
    new ResizeObserver(() => this.resize()).observe(root);
    root.addEventListener("pointermove", (event) => this.#point(event, false));
    root.addEventListener("pointerleave", () => this.listeners.point(null, false));
    root.addEventListener("click", (event) => this.#point(event, true));
    document.addEventListener("selectionchange", () => this.#selected());
  }

  /** These characters are marked in every block. @param {import("../../state/state.js").Span | null} span */
  select(span) {
    this.span = span;
    this.#schedule();
  }

  /** The models, memories and cells shown. @param {Sheet[]} sheets */
  setSheets(sheets) {
    const old = new Map(this.all.map((b) => [`${b.panel} ${b.memory} ${b.rank}`, b]));
    this.sheets = sheets;
    this.all = [];
    for (const [panel, sheet] of sheets.entries()) {
      const home = /** @type {HTMLElement} */ (this.homes[panel]);
      const whole = /** @type {HTMLElement} */ (home.parentElement);
      whole.style.setProperty("--columns", String(sheet.memories.length));
      for (const [rank, cell] of sheet.cells.entries())
        for (const [memory, { name, symbol }] of sheet.memories.entries()) {
          const key = `${panel} ${memory} ${rank}`;
          const label = `Model ${"AB"[panel]}, ${name} ${symbol}, cell ${cell}`;
          let block = old.get(key);
          if (block && block.cell === cell && block.element.getAttribute("aria-label") === label)
            old.delete(key);
          else {
            const made = new Block(panel, memory, rank, cell, label);
            made.setText(this.passage.text, null);
            made.button.addEventListener("click", (event) => {
              event.stopPropagation();
              this.listeners.cell(made.panel, made.cell);
            });
            made.whatIf.addEventListener("click", (event) => {
              event.stopPropagation();
              this.listeners.whatIf(made.panel, made.memory, made.cell);
            });
            made.pin?.addEventListener("click", (event) => {
              event.stopPropagation();
              this.listeners.pin(made.panel, made.cell);
            });
            block = made;
          }
          this.all.push(block);
        }
    }
    for (const block of old.values()) this.seen.unobserve(block.element);
    for (const [panel, home] of this.homes.entries()) {
      const wanted = this.all.filter((b) => b.panel === panel).map((b) => b.element);
      if (wanted.length !== home.children.length || wanted.some((e, k) => home.children[k] !== e))
        home.replaceChildren(...wanted);
    }
    for (const block of this.all) {
      this.blockOf.set(block.element, block);
      this.blockOf.set(block.view, block);
      this.seen.observe(block.element);
      block.stale = true;
      block.pin?.setAttribute(
        "aria-pressed",
        String(this.listeners.isPinned(block.panel, block.cell)),
      );
    }
    this.dirty = sheets.map(() => ({ from: 0, to: Number.POSITIVE_INFINITY }));
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

  /** The characters one square apart, as wide as the font may have them. @param {number} width of a block @param {number} largest */
  #squares(width, largest) {
    const { root, all } = this;
    const pen = document.createElement("canvas").getContext("2d");
    if (!pen || !all[0]) return;
    const side = Math.floor(Math.min(largest, width / (VERSE + 1.5)));
    this.line = side;
    pen.font = `${side - 2}px ${getComputedStyle(all[0].text).fontFamily}`;
    const spacing = side - pen.measureText("永").width;
    const hang = this.before ? pen.measureText(this.before).width + spacing : 0;
    for (const [name, value] of Object.entries({ line: side, glyph: side - 2, spacing, hang }))
      root.style.setProperty(`--${name}`, `${value}px`);
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
    const dirty = this.dirty[panel];
    if (!dirty || to <= from) return;
    dirty.from = Math.min(dirty.from, from);
    dirty.to = Math.max(dirty.to, to);
    this.#schedule(to - from < HURRY);
  }

  recolourAll() {
    for (const panel of this.dirty.keys()) this.recolour(panel);
  }

  /** Characters on the screen. @returns {[number, number]} */
  visible() {
    const top = Math.floor(this.scroll.top / this.line);
    const starts = this.boxes.starts;
    return [
      starts[top] ?? 0,
      starts[Math.min(top + MOST_ROWS, starts.length - 1)] ?? this.boxes.count,
    ];
  }

  /** Light this character in every block, and the block pointed at. @param {Point | null} point */
  light(point) {
    const { boxes, root, line } = this;
    const position = point?.position ?? -1;
    for (const { element, panel, memory, rank } of this.all)
      element.classList.toggle(
        "here",
        panel === point?.panel && memory === point.memory && rank === point.rank,
      );
    const on = position >= 0 && position < boxes.count;
    root.classList.toggle("lit", on);
    if (!on) return;
    const left = boxes.left[position] ?? 0;
    root.style.setProperty("--x", `${left}px`);
    root.style.setProperty("--y", `${(boxes.row[position] ?? 0) * line}px`);
    root.style.setProperty("--w", `${Math.max(3, (boxes.right[position] ?? 0) - left)}px`);
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
    const total = this.sheets.reduce((n, sheet) => n + sheet.memories.length, 0);
    const room = this.root.clientWidth;
    if (total === 0 || room === 0) return;
    const before = this.line;
    const first = this.all[0];
    this.root.style.removeProperty("--line"); // what it is without squares
    if (first) this.line = Number.parseFloat(getComputedStyle(first.text).lineHeight) || before;
    const large = Math.max(1, this.line / LINE);
    const gaps = GAP * (total - this.sheets.length);
    // A model that is not there has its picker still.
    const absent = this.homes[this.sheets.length]?.parentElement?.querySelector("header");
    const beside = absent ? absent.offsetWidth + SHEET_GAP : 0;
    const sheets = SHEET_GAP * (this.sheets.length - 1);
    let width = Math.floor((room - sheets - beside - gaps) / total);
    const stacked = width < NARROWEST * large;
    if (stacked) {
      const most = Math.max(...this.sheets.map((s) => s.memories.length));
      const gap = room < 500 ? 10 : GAP;
      width = Math.max(NARROWEST_STACKED, Math.floor((room - gap * (most - 1)) / most));
    }
    if (this.sheets.length === 1) width = Math.min(width, WIDEST * large);
    this.root.classList.toggle("stacked", stacked);
    this.root.classList.add("ready");
    this.root.style.setProperty("--block", `${width}px`);
    if (this.squared) this.#squares(width, LARGEST_SQUARE * large);
    this.#abreast();
    if (width !== this.width || this.line !== before) {
      this.width = width;
      this.unmeasured = 0;
      // A canvas is as high as its rows: with other rows it is made anew.
      if (this.line !== before) for (const block of this.all) block.canvas.width = 0;
    }
    this.#schedule();
  }

  /** The heads of both models take the room of the taller one. */
  #abreast() {
    const heads = /** @type {NodeListOf<HTMLElement>} */ (this.root.querySelectorAll(".about"));
    const tallest = Math.max(...[...heads].map((head) => head.offsetHeight));
    this.root.style.setProperty("--about", `${tallest}px`);
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
      const dirty = this.dirty[block.panel];
      if (!dirty) continue;
      if (block.stale || dirty.to > dirty.from) {
        if (block.visible) this.#paint(block, dirty);
        else block.stale = true;
      }
    }
    for (const dirty of this.dirty) {
      dirty.from = Number.POSITIVE_INFINITY;
      dirty.to = 0;
    }
    this.marks();
    this.#later();
  }

  /**
   * @param {Block} block
   * @param {{ from: number, to: number }} dirty
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
    const rows = rowCount(this.boxes);
    this.root.style.setProperty("--rows", String(rows));
    this.root.style.setProperty("--shown", String(Math.min(rows, MOST_ROWS)));
    this.root.classList.toggle("long", rows > MOST_ROWS);
    for (const { view } of this.all) {
      if (rows > MOST_ROWS) view.tabIndex = 0;
      else view.removeAttribute("tabindex");
    }
    this.scroll.resize(rows, Math.min(rows, MOST_ROWS), this.line);
    for (const panel of this.dirty.keys()) this.recolour(panel, from);
  }

  /** Newlines and unknown characters, drawn once and used by every block. */
  marks() {
    const { boxes, line } = this;
    const { text, offsets, border } = this.passage;
    const returns = [];
    for (let unit = text.indexOf("\n"), k = 0; unit >= 0; unit = text.indexOf("\n", unit + 1)) {
      while ((offsets[k] ?? 0) < unit) k += 1;
      const x = Math.round(boxes.left[k] ?? 0) + 1.5;
      const y = (boxes.row[k] ?? 0) * line + Math.round(line * 0.58) + 0.5;
      returns.push(`M${x + 6} ${y - 5}v5h-6m2.5-2.5l-2.5 2.5 2.5 2.5`);
    }
    // The warm-up ends its own line, so that the border is one between two rows.
    const until = border > 0 ? ((boxes.row[border - 1] ?? 0) + 1) * line - 0.5 : 0;
    const before = border > 0 ? `M0 0H${this.width}V${until}H0Z` : "";
    const selected = outlineOf(boxes, this.span, this.width, line);
    for (const panel of this.sheets.keys()) {
      const lines = [];
      for (const k of this.listeners.unknown(panel)) {
        const y = ((boxes.row[k] ?? 0) + 1) * line - 2.5;
        lines.push(
          `M${boxes.left[k]} ${y}H${Math.max(boxes.right[k] ?? 0, (boxes.left[k] ?? 0) + 4)}`,
        );
      }
      this.#mark(panel, "returns", returns.join(""));
      this.#mark(panel, "warm-up", before);
      this.#mark(panel, "border", before && `M0 ${until}H${this.width}`);
      this.#mark(panel, "strangers", lines.join(""));
      this.#mark(panel, "span", selected);
    }
  }

  /** @param {number} panel @param {string} kind @param {string} path */
  #mark(panel, kind, path) {
    const mark = document.querySelector(`#marks-${panel} .${kind}`);
    if (mark && mark.getAttribute("d") !== path) mark.setAttribute("d", path);
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #see(entries) {
    for (const { target, isIntersecting } of entries) {
      const block = this.blockOf.get(target);
      if (!block) continue;
      block.visible = isIntersecting;
      if (isIntersecting) this.scroll.join(block);
    }
    this.#schedule();
  }

  /** Text selected in a block, as one selects text anywhere, selects the characters in all of them. */
  #selected() {
    const chosen = getSelection();
    if (!chosen || chosen.isCollapsed) return;
    const ends = [
      [chosen.anchorNode, chosen.anchorOffset],
      [chosen.focusNode, chosen.focusOffset],
    ].map(([node, unit]) =>
      // Every block has the same text: the ends may lie in two of them.
      this.all.some((block) => block.node === node)
        ? pointAt(this.passage.offsets, /** @type {number} */ (unit))
        : -1,
    );
    const [from, to] = [Math.min(...ends), Math.max(...ends)];
    if (from >= 0 && from < to) this.listeners.span({ from, to });
  }

  /**
   * @param {MouseEvent} event
   * @param {boolean} press
   */
  #point(event, press) {
    const target = /** @type {Element} */ (event.target);
    if (target.closest(".home")) return undefined; // they point for themselves
    const view = target.closest(".view");
    const block = view ? this.blockOf.get(view) : undefined;
    if (!view || !block) return press ? undefined : this.listeners.point(null, false);
    if (press && !(getSelection()?.isCollapsed ?? true)) return undefined; // a selection was made
    const corner = block.page.getBoundingClientRect();
    const row = Math.floor((event.clientY - corner.top) / this.line);
    const position = characterAt(this.boxes, event.clientX - corner.left, row);
    if (position < 0) return undefined;
    const { panel, memory, rank, cell } = block;
    return this.listeners.point({ position, panel, memory, rank, cell }, press);
  }
}
