// A canvas as sharp as the screen.

/**
 * Give a canvas as many pixels as it covers, which clears it; null where it cannot be drawn on.
 * @param {HTMLCanvasElement} canvas
 */
export function sized(canvas) {
  const pen = canvas.getContext("2d");
  if (!pen) return null;
  const ratio = devicePixelRatio;
  const width = Math.round(canvas.clientWidth * ratio);
  const height = Math.round(canvas.clientHeight * ratio);
  canvas.width = width;
  canvas.height = height;
  return { pen, ratio, width, height };
}
