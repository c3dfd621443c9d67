// The four views of one page: the figure, the map, one cell and the predictions. They are coloured alike,
// share one zoom, and light the same character.

import { makePalette, surprisePixels } from "../base/colour.js";
import { $ } from "../base/dom.js";
import { glyphOf } from "../base/format.js";
import { PENDING } from "../wire/columns.js";
import { Axis, overview } from "./axis.js";
import { CellView } from "./cell/cell.js";
import { Figure } from "./figure/figure.js";
import { MapView } from "./map/map.js";
import { Predictions } from "./predictions/predictions.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("./figure/figure.js").Sheet} Sheet */
/** @typedef {import("../state/state.js").Point} Point */
/** @typedef {import("../state/store.js").Store<State>} Store */

/** So many characters of curves can be told apart. */
const READABLE = 72;

export class Views {
  /**
   * @param {Store} store
   * @param {import("../wire/session.js").Session} session
   * @param {import("./scale.js").OwnScale} scale
   * @param {(at: Point | null, press: boolean) => void} point
   */
  constructor(store, session, scale, point) {
    this.store = store;
    this.session = session;
    this.scale = scale;
    this.palette = makePalette(store.get().palette, store.get().shade);
    this.surprise = surprisePixels(store.get().shade);
    this.predictions = new Predictions([$("next-0"), $("next-1")], $("verdict"));
    this.figure = new Figure($("figure"), [$("blocks-0"), $("blocks-1")], {
      point,
      cell: (_, cell) => store.set({ pick: cell, view: "cell" }),
      source: (panel, memory, cell) => this.#source(panel, memory, cell),
      unknown: (panel) => session.panels[panel]?.columns.unknown ?? new Set(),
    });
    this.axis = new Axis(() => {
      this.map.move();
      this.cell.schedule();
    });
    const drawOverview = overview(this.axis, {
      mini: $("mini"),
      window: $("mini-window"),
      range: $("range"),
    });
    this.map = new MapView($("figure"), [$("maps-0"), $("maps-1")], this.axis, drawOverview, {
      point(at, press) {
        point(at, press);
        if (press && at) store.set({ pick: at.cell });
      },
      colours: () => this.palette.pixels,
    });
    this.cell = new CellView(
      $("figure"),
      [$("curves-0"), $("curves-1")],
      this.axis,
      drawOverview,
      point,
    );
    this.cell.strip = (pixels, width, height) => this.#strip(pixels, width, height);
    $("zoom-in").addEventListener("click", () => this.axis.zoom(0.5));
    $("zoom-out").addEventListener("click", () => this.axis.zoom(2));
    $("zoom-all").addEventListener("click", () => this.axis.reset());
  }

  /** The palette is this one from now on. @param {State} state */
  mix(state) {
    this.palette = makePalette(state.palette, state.shade);
    this.surprise = surprisePixels(state.shade);
  }

  /** All that has colours gets them anew. */
  recolour() {
    this.figure.recolourAll();
    this.map.schedule();
    this.cell.schedule();
  }

  /** The text is new. @param {import("../text/passage.js").Passage} passage */
  setText(passage) {
    this.axis.border = passage.border;
    this.figure.setText(passage);
  }

  /** @param {Sheet[]} sheets */
  show(sheets) {
    const { view, pick, point } = this.store.get();
    const { figure, map, cell, axis, session } = this;
    figure.setSheets(sheets);
    map.active = view === "map";
    cell.active = view === "cell";
    const glyphs = map.active || cell.active ? [...session.text].map(glyphOf) : [];
    if (glyphs.length > 0) axis.resize(glyphs.length);
    if (map.active)
      map.show(
        sheets.flatMap(({ memories, order }, panel) => {
          const columns = session.panels[panel]?.columns;
          return columns ? [{ memories, columns, order }] : [];
        }),
        glyphs,
      );
    if (cell.active) {
      if (axis.whole && axis.length > 2 * READABLE) {
        const centre = point?.position ?? session.passage.border + READABLE / 2;
        axis.look(centre - READABLE / 2, centre + READABLE / 2);
      }
      cell.cell = pick;
      cell.glyphs = glyphs;
    }
  }

  /** @param {Point | null} at @param {boolean} held */
  light(at, held) {
    this.figure.light(at?.position ?? -1);
    this.figure.root.classList.toggle("held", held);
    if (this.map.active) this.map.light(at);
    if (this.cell.active) this.cell.light(at);
  }

  /**
   * What a block of the figure is coloured by.
   * @param {number} panel
   * @param {number} memory
   * @param {number} cell
   * @returns {import("./figure/block.js").Source}
   */
  #source(panel, memory, cell) {
    const { view, scale } = this.store.get();
    if (view === "predictions") {
      const values = this.predictions.bytes[panel] ?? new Int8Array(0);
      return { values, offset: 0, stride: 1, colours: this.surprise };
    }
    const { palette } = this;
    const columns = this.session.panels[panel]?.columns;
    const slot = columns?.slots.get(cell);
    if (!columns || slot === undefined)
      return { values: new Int8Array(0), offset: 0, stride: 0, colours: palette.pixels };
    const own = scale === "cell" ? this.scale.source(panel, memory, slot, palette) : null;
    const offset = memory * columns.cells.length + slot;
    return (
      own ?? { values: columns.values, offset, stride: columns.width, colours: palette.pixels }
    );
  }

  /**
   * The whole text in the colours of the cell looked at, for the strip over its curves.
   * @param {Uint32Array} pixels
   * @param {number} width
   * @param {number} height
   */
  #strip(pixels, width, height) {
    const row = this.session.panels[0]?.columns.row(0, 0) ?? [];
    for (let k = 0; k < width * height; k += 1) {
      const t = Math.floor(((k % width) / width) * row.length);
      pixels[k] = this.palette.pixels[(row[t] ?? PENDING) + 128] ?? 0;
    }
  }
}
