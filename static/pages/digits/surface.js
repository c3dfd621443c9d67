// The square one draws on: mouse, pen, one finger; two fingers scroll the page.

/** @typedef {import("./strokes.js").Point} Point */
/** @typedef {import("./strokes.js").Stroke} Stroke */

/** Of the pen on the screen, in parts of the side. */
const PEN = 0.075;

/**
 * @param {HTMLCanvasElement} canvas with `touch-action: none`: one finger draws
 * @param {object} on
 * @param {(stroke: Stroke, begun: boolean) => void} on.draw the stroke so far
 * @param {() => void} on.cancel the stroke was the beginning of something else
 */
export function listen(canvas, { draw, cancel }) {
  /** @type {Map<number, { x: number, y: number }>} the pointers that are down */
  const down = new Map();
  /** @type {Point[] | null} */
  let stroke = null;

  /** @param {PointerEvent} event @returns {Point} */
  const placed = ({ clientX, clientY }) => {
    const box = canvas.getBoundingClientRect();
    const within = (/** @type {number} */ part) => Math.min(1, Math.max(0, part));
    return [within((clientX - box.left) / box.width), within((clientY - box.top) / box.height)];
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    down.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (down.size > 1) {
      if (stroke) cancel();
      stroke = null;
      return;
    }
    stroke = [placed(event)];
    draw(stroke, true);
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (!before) return;
    down.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (down.size > 1) {
      const share = 1 / down.size; // each finger moves the page by its part
      window.scrollBy((before.x - event.clientX) * share, (before.y - event.clientY) * share);
      return;
    }
    if (!stroke) return; // one of two fingers was lifted
    const events = event.getCoalescedEvents?.() ?? [];
    stroke = [...stroke, ...(events.length > 0 ? events : [event]).map(placed)];
    draw(stroke, false);
  });
  for (const kind of /** @type {const} */ (["pointerup", "pointercancel"]))
    canvas.addEventListener(kind, (event) => {
      down.delete(event.pointerId);
      if (kind === "pointercancel" && stroke) cancel();
      stroke = null;
    });
}

/**
 * The drawing, and the part of it that is being read.
 * @param {HTMLCanvasElement} canvas
 * @param {readonly Stroke[]} strokes
 * @param {{ x: number, y: number, side: number } | null} lit in parts of the side
 */
export function paintDrawing(canvas, strokes, lit) {
  const pen = canvas.getContext("2d");
  if (!pen) return;
  const side = Math.round(canvas.clientWidth * devicePixelRatio);
  canvas.width = canvas.height = side;
  const style = getComputedStyle(canvas);
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = pen.fillStyle = style.color;
  pen.lineWidth = PEN * side;
  for (const stroke of strokes) {
    pen.beginPath();
    const [first] = stroke;
    if (first) pen.lineTo(first[0] * side, first[1] * side);
    for (const [x, y] of stroke) pen.lineTo(x * side, y * side);
    pen.stroke();
  }
  if (!lit) return;
  pen.strokeStyle = style.outlineColor;
  pen.lineJoin = "miter";
  pen.lineWidth = 2 * devicePixelRatio;
  pen.strokeRect(lit.x * side, lit.y * side, lit.side * side, lit.side * side);
}
