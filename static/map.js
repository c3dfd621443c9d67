// The map: every cell of every memory along the text, with one zoom for all.

import { element } from "./dom.js";
import { Pyramid } from "./pyramid.js";
import { glyphOf } from "./values.js";

/** @typedef {import("./columns.js").Columns} Columns */
/** @typedef {import("./figure.js").Point} Point */
/**
 * One model of the map.
 * @typedef {object} MapSheet
 * @property {import("./memories.js").Memory[]} memories
 * @property {Columns} columns of every cell
 * @property {readonly number[]} order cells from top to bottom
 */
/**
 * One memory on the screen.
 * @typedef {object} Panel
 * @property {number} panel
 * @property {number} memory
 * @property {Pyramid} pyramid
 * @property {HTMLCanvasElement} canvas
 * @property {HTMLElement} frame
 * @property {number} told characters in the pyramid
 */
/**
 * @typedef {object} Listeners
 * @property {(point: Point | null, press: boolean) => void} point
 * @property {() => Uint32Array} colours by byte + 128
 */

const FEWEST = 12;
const HIGHEST = 272;

export class MapView {
  /**
   * @param {HTMLElement} root
   * @param {HTMLElement[]} homes one a model
   * @param {{ mini: HTMLCanvasElement, window: HTMLElement, range: HTMLElement }} overview
   * @param {Listeners} listeners
   */
  constructor(root, homes, overview, listeners) {
    this.root = root;
    this.homes = homes;
    this.overview = overview;
    this.listeners = listeners;
    /** @type {MapSheet[]} */
    this.sheets = [];
    /** @type {Panel[]} */
    this.panels = [];
    this.text = /** @type {string[]} */ ([]);
    this.from = 0;
    this.to = 1;
    this.whole = true;
    this.frame = 0;
    this.active = false;
    this.dragging = false;
    /** @type {Point | null} */
    this.lit = null;
    for (const home of homes) {
      new ResizeObserver(() => this.schedule()).observe(home);
      home.addEventListener("pointermove", (event) => this.#point(event, false));
      home.addEventListener("pointerleave", () => this.listeners.point(null, false));
      home.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
      this.#drag(home);
    }
    this.#dragOverview();
  }

  /**
   * @param {MapSheet[]} sheets
   * @param {string[]} text code points
   */
  show(sheets, text) {
    this.text = text;
    const same =
      sheets.length === this.sheets.length &&
      sheets.every((s, k) => s.columns === this.sheets[k]?.columns);
    this.sheets = sheets;
    if (!same) {
      this.panels = [];
      for (const [panel, home] of this.homes.entries()) {
        const sheet = sheets[panel];
        home.replaceChildren();
        if (!sheet) continue;
        const ruler = element("canvas", "ruler");
        ruler.setAttribute("aria-hidden", "true");
        home.append(ruler);
        for (const [memory, { name, symbol }] of sheet.memories.entries()) {
          const canvas = element("canvas", "map-canvas");
          canvas.setAttribute("role", "img");
          canvas.setAttribute("aria-label", `All cells of ${name} ${symbol} along the text`);
          const frame = element(
            "div",
            "map-frame",
            canvas,
            element("i", "across"),
            element("i", "down"),
          );
          home.append(
            element("h3", "map-name", element("b", "", name), element("i", "", symbol)),
            frame,
          );
          const pyramid = new Pyramid(sheet.columns.cells.length);
          this.panels.push({ panel, memory, pyramid, canvas, frame, told: 0 });
        }
      }
    }
    if (this.whole) this.#look(0, text.length);
    else this.#look(this.from, this.to);
  }

  /** A model's columns are new from here on. @param {number} panel @param {number} from */
  changed(panel, from) {
    for (const p of this.panels) if (p.panel === panel) p.told = Math.min(p.told, from);
    this.schedule();
  }

  schedule() {
    if (!this.active) return;
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.#draw();
    });
  }

  /** Zoom by a factor about a character. @param {number} factor @param {number} centre */
  zoom(factor, centre = (this.from + this.to) / 2) {
    const span = Math.max(FEWEST, (this.to - this.from) * factor);
    const share = (centre - this.from) / Math.max(1e-9, this.to - this.from);
    this.#look(centre - share * span, centre + (1 - share) * span);
  }

  /** @param {number} characters */
  pan(characters) {
    this.#look(this.from + characters, this.to + characters);
  }

  reset() {
    this.#look(0, this.text.length);
  }

  /** @param {number} from @param {number} to */
  #look(from, to) {
    const length = Math.max(1, this.text.length);
    const span = Math.min(Math.max(to - from, Math.min(FEWEST, length)), length);
    this.from = Math.max(0, Math.min(from, length - span));
    this.to = this.from + span;
    this.whole = span >= length;
    this.schedule();
  }

  /** Light a character and a cell in every map. @param {Point | null} point */
  light(point) {
    this.lit = point;
    this.root.classList.toggle("lit-map", point !== null);
    if (!point) return;
    for (const { panel, memory, frame } of this.panels) {
      const sheet = this.sheets[panel];
      if (!sheet) continue;
      const width = frame.clientWidth / (this.to - this.from);
      const place = panel === point.panel ? sheet.order.indexOf(point.cell) : point.rank;
      const height = frame.clientHeight / sheet.order.length;
      frame.style.setProperty("--left", `${(point.position - this.from) * width}px`);
      frame.style.setProperty("--wide", `${Math.max(1, width)}px`);
      frame.style.setProperty("--top", `${place * height}px`);
      frame.style.setProperty("--high", `${Math.max(1, height)}px`);
      frame.classList.toggle("here", panel === point.panel && memory === point.memory);
    }
  }

  #draw() {
    const colours = this.listeners.colours();
    const ratio = devicePixelRatio;
    for (const p of this.panels) {
      const sheet = this.sheets[p.panel];
      if (!sheet) continue;
      const { columns } = sheet;
      if (p.told < columns.done || p.pyramid.length !== columns.length) {
        const offset = p.memory * columns.cells.length;
        p.pyramid.update(
          columns.values,
          offset,
          columns.width,
          Math.min(p.told, columns.done),
          columns.length,
        );
        p.told = columns.done;
      }
      const cells = sheet.order.length;
      const high = Math.min(HIGHEST, Math.max(96, cells <= 128 ? cells * 2 : cells));
      const width = Math.max(1, Math.round(p.frame.clientWidth * ratio));
      const height = Math.max(1, Math.min(cells, Math.round(high * ratio)));
      if (p.canvas.width !== width || p.canvas.height !== height) {
        p.canvas.width = width;
        p.canvas.height = height;
        p.frame.style.height = `${high}px`;
      }
      const image = new ImageData(width, height);
      p.pyramid.draw(
        new Uint32Array(image.data.buffer),
        width,
        height,
        this.from,
        this.to,
        sheet.order,
        colours,
      );
      p.canvas.getContext("2d")?.putImageData(image, 0, 0);
    }
    for (const home of this.homes) this.#drawRuler(home);
    this.#drawOverview(colours);
    this.light(this.lit);
  }

  /** The characters over the maps, where there is room for them. @param {HTMLElement} home */
  #drawRuler(home) {
    const canvas = /** @type {HTMLCanvasElement | null} */ (home.querySelector(".ruler"));
    const pen = canvas?.getContext("2d");
    if (!canvas || !pen) return;
    const ratio = devicePixelRatio;
    canvas.width = Math.round(canvas.clientWidth * ratio);
    canvas.height = Math.round(canvas.clientHeight * ratio);
    const each = canvas.width / (this.to - this.from);
    if (each < 6.5 * ratio) return;
    const style = getComputedStyle(canvas);
    pen.fillStyle = style.color;
    pen.font = `${Math.min(15, each / ratio + 5) * ratio}px ${style.fontFamily}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    for (let k = Math.floor(this.from); k < Math.min(this.to, this.text.length); k += 1)
      pen.fillText(glyphOf(this.text[k] ?? ""), (k + 0.5 - this.from) * each, canvas.height / 2);
  }

  /** @param {Uint32Array} colours */
  #drawOverview(colours) {
    const { mini, window: box, range } = this.overview;
    const first = this.panels[0];
    const sheet = this.sheets[0];
    if (!first || !sheet) return;
    const length = Math.max(1, this.text.length);
    const width = Math.max(1, Math.round(mini.clientWidth * devicePixelRatio));
    const height = 30;
    if (mini.width !== width) mini.width = width;
    if (mini.height !== height) mini.height = height;
    const image = new ImageData(width, height);
    first.pyramid.draw(
      new Uint32Array(image.data.buffer),
      width,
      height,
      0,
      length,
      sheet.order,
      colours,
    );
    mini.getContext("2d")?.putImageData(image, 0, 0);
    box.style.left = `${(100 * this.from) / length}%`;
    box.style.width = `${(100 * (this.to - this.from)) / length}%`;
    const last = Math.max(0, Math.ceil(this.to) - 1);
    range.textContent = this.whole
      ? `all ${this.text.length.toLocaleString("en-US")} characters`
      : `characters ${Math.floor(this.from)} to ${last}`;
    this.root.style.setProperty(
      "--char",
      `${(this.homes[0]?.clientWidth ?? 0) / (this.to - this.from)}px`,
    );
  }

  /**
   * @param {MouseEvent} event
   * @returns {Point | null}
   */
  #pointAt(event) {
    const frame = /** @type {Element} */ (event.target).closest(".map-frame");
    const p = this.panels.find((candidate) => candidate.frame === frame);
    const sheet = p && this.sheets[p.panel];
    if (!p || !sheet) return null;
    const corner = p.frame.getBoundingClientRect();
    const position = Math.floor(
      this.from + ((event.clientX - corner.left) / corner.width) * (this.to - this.from),
    );
    const rank = Math.floor(((event.clientY - corner.top) / corner.height) * sheet.order.length);
    if (position < 0 || position >= this.text.length) return null;
    const place = Math.max(0, Math.min(sheet.order.length - 1, rank));
    return {
      position,
      panel: p.panel,
      memory: p.memory,
      rank: place,
      cell: sheet.order[place] ?? 0,
    };
  }

  /** @param {MouseEvent} event @param {boolean} press */
  #point(event, press) {
    if (this.dragging) return;
    this.listeners.point(this.#pointAt(event), press);
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    const frame = /** @type {Element} */ (event.target).closest(".map-frame");
    if (!frame) return;
    const corner = frame.getBoundingClientRect();
    const each = (this.to - this.from) / corner.width;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      this.zoom(1.0015 ** event.deltaY, this.from + (event.clientX - corner.left) * each);
    } else if (event.deltaX !== 0) {
      event.preventDefault();
      this.pan(event.deltaX * each);
    }
  }

  /** Drag to move, press to pick. @param {HTMLElement} home */
  #drag(home) {
    let x = 0;
    let pressed = false;
    home.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !(/** @type {Element} */ (event.target).closest(".map-frame")))
        return;
      x = event.clientX;
      pressed = true;
      this.dragging = false;
    });
    addEventListener("pointermove", (event) => {
      if (!pressed) return;
      if (Math.abs(event.clientX - x) > 4) this.dragging = true;
      if (!this.dragging) return;
      this.pan(((x - event.clientX) * (this.to - this.from)) / Math.max(1, home.clientWidth));
      x = event.clientX;
    });
    addEventListener("pointerup", (event) => {
      if (pressed && !this.dragging && home.contains(/** @type {Node} */ (event.target))) {
        const point = this.#pointAt(event);
        if (point) this.listeners.point(point, true);
      }
      pressed = false;
      this.dragging = false;
    });
    home.addEventListener("dblclick", (event) => {
      const point = this.#pointAt(event);
      if (point) this.zoom(0.25, point.position);
    });
  }

  #dragOverview() {
    const { mini } = this.overview;
    let pressed = false;
    /** @param {PointerEvent} event */
    const centre = (event) => {
      const corner = mini.getBoundingClientRect();
      const at = ((event.clientX - corner.left) / corner.width) * this.text.length;
      this.pan(at - (this.from + this.to) / 2);
    };
    mini.parentElement?.addEventListener("pointerdown", (event) => {
      pressed = true;
      centre(event);
    });
    addEventListener("pointermove", (event) => pressed && centre(event));
    addEventListener("pointerup", () => {
      pressed = false;
    });
  }
}
