// The part of the text that the map and the curves show: one zoom for all of them.

/** Fewer characters than this are never shown. */
const FEWEST = 12;

export class Axis {
  /** @param {() => void} moved */
  constructor(moved) {
    this.moved = moved;
    this.length = 1;
    this.from = 0;
    this.to = 1;
    this.whole = true;
    this.border = 0; // characters of the warm-up
    this.dragging = false;
    /** The character looked at. @type {number | null} */
    this.lit = null;
  }

  /** The text is new: all of it stays all of it. @param {number} length @param {number} border */
  resize(length, border) {
    this.length = Math.max(1, length);
    this.border = border;
    if (this.whole) this.look(0, this.length);
    else this.look(this.from, this.to);
  }

  /** @param {number} from @param {number} to */
  look(from, to) {
    const span = Math.min(Math.max(to - from, Math.min(FEWEST, this.length)), this.length);
    this.from = Math.max(0, Math.min(from, this.length - span));
    this.to = this.from + span;
    this.whole = span >= this.length;
    this.moved();
  }

  /** What a zoom leaves in its place: the character looked at, or else the middle. */
  #centre() {
    const { lit, from, to } = this;
    return lit !== null && lit >= from && lit < to ? lit + 0.5 : (from + to) / 2;
  }

  /** Zoom by a factor about a character. @param {number} factor */
  zoom(factor, centre = this.#centre()) {
    const span = Math.max(FEWEST, (this.to - this.from) * factor);
    const share = (centre - this.from) / Math.max(1e-9, this.to - this.from);
    this.look(centre - share * span, centre + (1 - share) * span);
  }

  /** @param {number} characters */
  pan(characters) {
    this.look(this.from + characters, this.to + characters);
  }

  /** Move so that a character is inside. @param {number} position */
  reveal(position) {
    if (position < this.from || position >= this.to)
      this.pan(position + 0.5 - (this.from + this.to) / 2);
  }

  reset() {
    this.look(0, this.length);
  }

  /** The character under a point of something as wide as the axis. @param {number} share 0 .. 1 */
  at(share) {
    return Math.floor(this.from + share * (this.to - this.from));
  }

  /**
   * Wheel, drag and double press move and zoom. What is neither is a press.
   * @param {HTMLElement} home
   * @param {string} target selector of what lies along the axis
   * @param {(event: PointerEvent) => void} pressed
   */
  follow(home, target, pressed) {
    let x = 0;
    let down = false;
    const lifted = () => {
      down = false;
      this.dragging = false;
    };
    /** @param {Event} event */
    const under = (event) =>
      /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest(target));
    home.addEventListener(
      "wheel",
      (event) => {
        const along = under(event);
        if (!along) return;
        const corner = along.getBoundingClientRect();
        const each = (this.to - this.from) / corner.width;
        if (event.ctrlKey || event.metaKey) {
          event.preventDefault();
          this.zoom(1.0015 ** event.deltaY, this.from + (event.clientX - corner.left) * each);
        } else if (event.deltaX !== 0) {
          event.preventDefault();
          this.pan(event.deltaX * each);
        }
      },
      { passive: false },
    );
    home.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !under(event)) return;
      x = event.clientX;
      down = true;
    });
    addEventListener("pointermove", (event) => {
      if (!down) return;
      if (Math.abs(event.clientX - x) > 4) this.dragging = true;
      if (!this.dragging) return;
      this.pan(((x - event.clientX) * (this.to - this.from)) / Math.max(1, home.clientWidth));
      x = event.clientX;
    });
    addEventListener("pointerup", (event) => {
      if (down && !this.dragging && home.contains(/** @type {Node} */ (event.target)))
        pressed(event);
      lifted();
    });
    addEventListener("pointercancel", lifted); // the browser scrolls instead
    home.addEventListener("dblclick", (event) => {
      const along = under(event);
      if (!along) return;
      const corner = along.getBoundingClientRect();
      this.zoom(0.25, this.at((event.clientX - corner.left) / corner.width));
    });
  }
}

/** Where the warm-up ends. @param {CanvasRenderingContext2D} pen @param {Axis} axis */
export function drawBorder(pen, axis) {
  if (axis.border <= 0) return;
  const x = ((axis.border - axis.from) * pen.canvas.width) / (axis.to - axis.from);
  pen.fillRect(Math.round(x) - devicePixelRatio, 0, 2 * devicePixelRatio, pen.canvas.height);
}

/**
 * The characters along the axis, where there is room for them.
 * @param {HTMLCanvasElement} canvas
 * @param {Axis} axis
 * @param {string[]} glyphs
 */
export function drawRuler(canvas, axis, glyphs) {
  const pen = canvas.getContext("2d");
  if (!pen) return;
  const ratio = devicePixelRatio;
  canvas.width = Math.round(canvas.clientWidth * ratio);
  canvas.height = Math.round(canvas.clientHeight * ratio);
  const each = canvas.width / (axis.to - axis.from);
  const style = getComputedStyle(canvas);
  pen.fillStyle = style.color;
  drawBorder(pen, axis);
  if (each < 6.5 * ratio) return;
  pen.font = `${Math.min(15, each / ratio + 5) * ratio}px ${style.fontFamily}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (let k = Math.floor(axis.from); k < Math.min(axis.to, glyphs.length); k += 1)
    pen.fillText(glyphs[k] ?? "", (k + 0.5 - axis.from) * each, canvas.height / 2);
}
