// A drawing: strokes of points, in parts of the side of the drawing's square. Pure.

/** @typedef {readonly [number, number]} Point x, y, each 0 .. 1 */
/** @typedef {readonly Point[]} Stroke */

/** Parts of the side that a point may move when a stroke is made simpler. */
const TOLERANCE = 0.004;
/** The longest drawing that goes into an address. */
const LONGEST = 1600;
const STEPS = 1000;

/** How far a point lies from a segment. @param {Point} p @param {Point} a @param {Point} b */
export function distanceTo([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1);
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

/**
 * The stroke with fewer points, none further off than the tolerance (Ramer, Douglas and Peucker).
 * @param {Stroke} stroke
 * @param {number} tolerance
 * @returns {Stroke}
 */
export function simplified(stroke, tolerance = TOLERANCE) {
  const [first, last] = [stroke[0], stroke.at(-1)];
  if (stroke.length < 3 || !first || !last) return stroke;
  let furthest = 0;
  let most = tolerance;
  for (let k = 1; k < stroke.length - 1; k += 1) {
    const off = distanceTo(/** @type {Point} */ (stroke[k]), first, last);
    if (off > most) [furthest, most] = [k, off];
  }
  if (furthest === 0) return [first, last];
  return [
    ...simplified(stroke.slice(0, furthest + 1), tolerance).slice(0, -1),
    ...simplified(stroke.slice(furthest), tolerance),
  ];
}

/** @param {number} part 0 .. 1 */
const written = (part) =>
  Math.round(Math.min(1, Math.max(0, part)) * STEPS)
    .toString(36)
    .padStart(2, "0");

/**
 * A drawing for an address: two base-36 digits a coordinate, strokes parted by dots.
 * @param {readonly Stroke[]} strokes
 */
export function formatDrawing(strokes) {
  let tolerance = TOLERANCE;
  for (;;) {
    const simple = strokes.map((stroke) => simplified(stroke, tolerance));
    const text = simple
      .map((stroke) => stroke.map(([x, y]) => written(x) + written(y)).join(""))
      .join(".");
    if (text.length <= LONGEST || tolerance > 0.05) return text;
    tolerance *= 1.5;
  }
}

/**
 * @param {string} text
 * @returns {Stroke[]} none where the text is no drawing
 */
export function parseDrawing(text) {
  if (!/^(?:[0-9a-z]{4})+(?:\.(?:[0-9a-z]{4})+)*$/.test(text)) return [];
  const strokes = text
    .split(".")
    .map((stroke) =>
      (stroke.match(/.{4}/g) ?? []).map(
        (point) =>
          /** @type {Point} */ ([
            Number.parseInt(point.slice(0, 2), 36) / STEPS,
            Number.parseInt(point.slice(2), 36) / STEPS,
          ]),
      ),
    );
  return strokes.flat(2).every((part) => part <= 1) ? strokes : [];
}
