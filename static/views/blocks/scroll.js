// The blocks of a long text scroll together, say that there is more, and follow what is typed.

/** @typedef {import("./block.js").Block} Block */

/** Longer blocks scroll, all together; the style sheets may allow fewer rows, as --most-rows. */
const MOST_ROWS = 18;

export class Scroll {
  /**
   * @param {HTMLElement} root where the style sheets find what there is above and below
   * @param {() => Block[]} blocks
   */
  constructor(root, blocks) {
    this.root = root;
    this.blocks = blocks;
    this.top = 0;
    this.line = 19;
    this.rows = 1;
    this.shown = 1;
    this.most = MOST_ROWS;
    root.addEventListener("scroll", (event) => this.#scrolled(event), {
      capture: true,
      passive: true,
    });
  }

  /** As many rows as the style sheets allow. */
  fit() {
    const told = getComputedStyle(this.root).getPropertyValue("--most-rows");
    const most = Number.parseInt(told, 10) || MOST_ROWS;
    if (most === this.most) return;
    this.most = most;
    this.resize(this.rows, this.line);
  }

  /**
   * So many rows there are.
   * @param {number} rows
   * @param {number} line CSS pixels
   */
  resize(rows, line) {
    const { root } = this;
    this.rows = rows;
    const { most } = this;
    this.shown = Math.min(rows, most);
    this.line = line;
    root.style.setProperty("--rows", String(rows));
    root.style.setProperty("--shown", String(this.shown));
    root.classList.toggle("long", rows > most);
    for (const block of this.blocks()) this.reach(block);
    this.to(this.top);
  }

  /** The characters on the screen. @param {import("./paint.js").Boxes} boxes @returns {[number, number]} */
  characters({ starts, count }) {
    const top = Math.floor(this.top / this.line);
    return [starts[top] ?? 0, starts[Math.min(top + this.most, starts.length - 1)] ?? count];
  }

  /** Show these pixels first. @param {number} top */
  to(top) {
    this.top = Math.max(0, Math.min(top, (this.rows - this.shown) * this.line));
    for (const block of this.blocks())
      if (block.visible && Math.abs(block.view.scrollTop - this.top) > 0.5)
        block.view.scrollTop = this.top;
    this.#say();
  }

  /**
   * Scroll until a row is seen: no further than needed, or until it is the first, or in the middle where it
   * was not seen before.
   * @param {number} row
   * @param {"nearest" | "first" | "middle"} place
   */
  reveal(row, place) {
    const { line, shown, top } = this;
    const y = row * line;
    if (place === "first") return this.to(y);
    if (y < top) return this.to(place === "nearest" ? y : y - (shown * line) / 2);
    const most = y - (shown - 1) * line; // where it is the last
    return top < most ? this.to(place === "nearest" ? most : y - (shown * line) / 2) : undefined;
  }

  /** A block that comes into sight is where the others are. @param {Block} block */
  join(block) {
    block.view.scrollTop = this.top;
  }

  /** What scrolls can be scrolled by keys. @param {Block} block */
  reach({ view }) {
    if (this.rows > MOST_ROWS) view.tabIndex = 0;
    else view.removeAttribute("tabindex");
  }

  /** What the eye needs to see that there is more: where one is, and edges that are not the end. */
  #say() {
    const { root, rows, shown, line, top } = this;
    const all = rows * line;
    root.classList.toggle("above", top > 0.5);
    root.classList.toggle("below", top + shown * line < all - 0.5);
    root.style.setProperty("--from", (top / all).toFixed(4));
    root.style.setProperty("--part", (shown / rows).toFixed(4));
  }

  /** @param {Event} event */
  #scrolled(event) {
    const view = /** @type {HTMLElement} */ (event.target);
    if (view.classList?.contains("view") && Math.abs(view.scrollTop - this.top) > 0.5)
      this.to(view.scrollTop);
  }
}
