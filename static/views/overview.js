// The whole text in one strip, with the part that is shown framed, and the buttons that zoom.

import { element } from "../base/dom.js";

/** @param {string} id @param {string} words @param {string} label @param {() => void} pressed */
function button(id, words, label, pressed) {
  const made = element("button", "quiet", words);
  made.type = "button";
  made.id = id;
  if (label) made.setAttribute("aria-label", label);
  made.addEventListener("click", pressed);
  return made;
}

export class Overview {
  /** @param {import("./axis.js").Axis} axis */
  constructor(axis) {
    this.axis = axis;
    this.canvas = element("canvas");
    this.canvas.id = "mini";
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", "The whole text, small");
    this.window = element("i");
    this.window.id = "mini-window";
    this.range = element("span", "range");
    this.range.id = "range";
    const strip = element("div", "minimap", this.canvas, this.window);
    this.element = element(
      "div",
      "overview",
      strip,
      element(
        "div",
        "zoom",
        this.range,
        button("zoom-in", "+", "Zoom in", () => axis.zoom(0.5)),
        button("zoom-out", "−", "Zoom out", () => axis.zoom(2)),
        button("zoom-all", "All", "", () => axis.reset()),
      ),
    );
    this.element.hidden = true;
    let down = false;
    strip.addEventListener("pointerdown", (event) => {
      down = true;
      this.#centre(event);
    });
    addEventListener("pointermove", (event) => down && this.#centre(event));
    for (const kind of ["pointerup", "pointercancel"])
      addEventListener(kind, () => {
        down = false;
      });
  }

  /** @param {PointerEvent} event */
  #centre({ clientX }) {
    const { axis } = this;
    const corner = this.canvas.getBoundingClientRect();
    const at = ((clientX - corner.left) / corner.width) * axis.length;
    axis.pan(at - (axis.from + axis.to) / 2);
  }

  /**
   * @param {((pixels: Uint32Array, width: number, height: number) => void) | null} paint null: only the frame has moved
   * @param {number} height
   */
  draw(paint, height) {
    const { axis, canvas } = this;
    if (paint) {
      const width = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio));
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
      const image = new ImageData(width, height);
      paint(new Uint32Array(image.data.buffer), width, height);
      canvas.getContext("2d")?.putImageData(image, 0, 0);
    }
    this.window.style.left = `${(100 * axis.from) / axis.length}%`;
    this.window.style.width = `${(100 * (axis.to - axis.from)) / axis.length}%`;
    this.range.textContent = axis.whole
      ? `all ${axis.length.toLocaleString("en-US")} characters`
      : `characters ${Math.floor(axis.from)} to ${Math.ceil(axis.to) - 1}`;
  }
}
