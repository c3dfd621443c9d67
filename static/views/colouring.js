// The colours of a block: the values of a cell, the same on the per-cell scale, how far they are from those of
// the model untouched, or what the view shown has to say.

import { makePalette, otherThan } from "../base/colour.js";
import { showsDifference } from "../state/state.js";
import { Difference } from "./difference.js";
import { OwnScale } from "./scale.js";

/** @typedef {import("./view.js").State} State */
/** @typedef {import("./view.js").View} View */
/** @typedef {import("./view.js").Mounted} Mounted */
/** @typedef {import("./blocks/block.js").Source} Source */

export class Colouring {
  /**
   * @param {import("../state/store.js").Store<State>} store
   * @param {import("../wire/session.js").Session} session
   * @param {() => { view: View, shown: Mounted }} current the view that is shown
   */
  constructor(store, session, current) {
    this.store = store;
    this.session = session;
    this.current = current;
    this.scale = new OwnScale(session);
    this.apart = new Difference();
    this.palette = makePalette("paper", "light");
    this.other = this.palette;
    this.choose(store.get());
  }

  /** The palette is this from now on. @param {State} state */
  choose({ palette, shade }) {
    this.palette = makePalette(palette, shade);
    /** Of differences: none mistakes them for values. */
    this.other = makePalette(otherThan(palette), shade);
  }

  /** Whether a panel shows how far its model is from itself untouched. @param {number} panel */
  differs(panel) {
    return panel === 1 && showsDifference(this.store.get());
  }

  /** Whether the view shown colours B by differences: views with colours of their own do not. */
  get difference() {
    const { view, shown } = this.current();
    return view.controls.includes("whatif") && !shown.source && showsDifference(this.store.get());
  }

  /** The scale where each cell has its own. */
  get ownScale() {
    const { scale } = this.store.get();
    return scale === "cell" && this.current().view.controls.includes("scale") ? this.scale : null;
  }

  /**
   * @param {number} panel
   * @param {number} memory
   * @param {number} cell
   * @returns {Source}
   */
  source(panel, memory, cell) {
    const { shown } = this.current();
    if (shown.source) return shown.source(panel, memory, cell);
    const columns = this.session.panels[panel]?.columns;
    const slot = columns?.slots.get(cell);
    if (!columns || slot === undefined)
      return { values: new Int8Array(0), offset: 0, stride: 0, colours: this.palette.pixels };
    const own = this.differs(panel)
      ? null
      : this.ownScale?.source(panel, memory, slot, this.palette);
    const offset = memory * columns.cells.length + slot;
    return own ?? { ...this.coloured(panel), offset, stride: columns.width };
  }

  /** The bytes that colour a model, in the form of its columns. @param {number} panel */
  coloured(panel) {
    const [first, second] = this.session.panels;
    if (first && second && this.differs(panel))
      return { ...this.apart.of(first.columns, second.columns), colours: this.other.pixels };
    const columns = this.session.panels[panel]?.columns;
    const { values = new Int8Array(0), done = 0 } = columns ?? {};
    return { values, done, colours: this.palette.pixels };
  }
}
