// The numbers of cells beside the rows of a map: as many as there is room for, and that of the cell looked at.

/** Pixels from one number to the next. */
const APART = 15;
const STEPS = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000];

/** @typedef {{ place: number, cell: number, marked: boolean }} Row */

/**
 * Which rows have their cell's number: every so many, without those that the marked one would overlap.
 * @param {readonly number[]} order cells from top to bottom
 * @param {number} height of all rows, in pixels
 * @param {number} marked the place of the cell looked at; -1 for none
 * @returns {Row[]}
 */
export function numbered(order, height, marked) {
  const each = height / Math.max(1, order.length);
  const step = STEPS.find((rows) => rows * each >= APART) ?? order.length;
  return order.flatMap((cell, place) => {
    const free = marked < 0 || Math.abs(place - marked) * each >= APART;
    return (free && place % step === 0) || place === marked
      ? [{ place, cell, marked: place === marked }]
      : [];
  });
}

/**
 * @param {HTMLCanvasElement} canvas as wide as it is shown
 * @param {readonly number[]} order
 * @param {number} height in CSS pixels
 * @param {number} marked
 */
export function drawNumbers(canvas, order, height, marked) {
  const pen = canvas.getContext("2d");
  if (!pen) return;
  const ratio = devicePixelRatio;
  const width = canvas.clientWidth;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.height = `${height}px`;
  pen.scale(ratio, ratio);
  const { color, fontFamily, borderTopColor } = getComputedStyle(canvas);
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  const each = height / Math.max(1, order.length);
  for (const { place, cell, marked: here } of numbered(order, height, marked)) {
    const middle = (place + 0.5) * each;
    pen.fillStyle = here ? borderTopColor : color;
    pen.font = `${here ? "bold " : ""}12px ${fontFamily}`;
    pen.fillText(String(cell), width - 7, Math.max(6, Math.min(height - 6, middle)));
    pen.fillRect(width - 4, middle - 0.5, 4, 1);
  }
}

/**
 * A map and its numbers as one picture, as large as they are shown.
 * @param {HTMLCanvasElement} numbers
 * @param {HTMLCanvasElement} map
 */
export function together(numbers, map) {
  const drawn = document.createElement("canvas");
  const [left, width, height] = [numbers.clientWidth, map.clientWidth, map.clientHeight];
  const ratio = numbers.width / Math.max(1, left);
  drawn.width = Math.round((left + width) * ratio);
  drawn.height = Math.round(height * ratio);
  const pen = drawn.getContext("2d");
  if (pen) {
    pen.imageSmoothingEnabled = false;
    pen.drawImage(numbers, 0, 0);
    pen.drawImage(map, numbers.width, 0, drawn.width - numbers.width, drawn.height);
  }
  return { drawn, size: { width: left + width, height } };
}
