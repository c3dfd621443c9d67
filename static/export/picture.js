// A scene as a picture: an SVG, or drawn on a canvas. Pure.

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./scene.js").Line} Line */

/** @param {string} words */
const escaped = (words) =>
  words.replace(
    /[&<>"]/g,
    (c) =>
      /** @type {Record<string, string>} */ ({
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
      })[c] ?? c,
  );
/**
 * Characters with their places. What is more than one UTF-16 unit has a run of its own: readers of a list
 * of places differ in how they count there, and a mark with a place of its own leaves its letter.
 * @param {Line} line
 */
function inked({ xs, parts }) {
  /** @type {{ places: string[], words: string, alone: boolean }[]} */
  const runs = [];
  for (const [k, part] of parts.entries()) {
    const alone = part.length > 1;
    const last = runs.at(-1);
    const place = short(xs[k] ?? 0);
    if (!last || last.alone || alone) runs.push({ places: [place], words: part, alone });
    else {
      last.places.push(place);
      last.words += part;
    }
  }
  return runs.map(({ places, words }) => ({ at: places.join(" "), words: escaped(words) }));
}

/** @param {number} n */
const short = (n) => String(Math.round(n * 100) / 100);

/**
 * @param {Scene} scene
 * @param {string} about what a reader of the file should know
 * @param {number} wide in millimetres; 0 as on the screen
 */
export function sceneToSvg({ width, height, ground, rectangles, lines }, about, wide = 0) {
  const [w, h] =
    wide > 0 ? [`${wide}mm`, `${short((wide * height) / width)}mm`] : [short(width), short(height)];
  const size = `width="${w}" height="${h}" viewBox="0 0 ${short(width)} ${short(height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size}>`,
    `<desc>${escaped(about)}</desc>`,
    `<rect width="100%" height="100%" fill="${ground}"/>`,
    ...rectangles.map(
      ({ x, y, w, h, fill }) =>
        `<rect x="${short(x)}" y="${short(y)}" width="${short(w)}" height="${short(h)}" fill="${fill}"/>`,
    ),
    ...lines.map((line) => {
      const { y, size: points, family, fill, weight } = line;
      const look = `y="${short(y)}" font-family="${escaped(family)}" font-size="${short(points)}" font-weight="${weight ?? 400}" fill="${fill}" xml:space="preserve"`;
      const [first, ...more] = inked(line);
      if (first && more.length === 0) return `<text x="${first.at}" ${look}>${first.words}</text>`;
      const runs = [first, ...more].map((run) => `<tspan x="${run?.at}">${run?.words}</tspan>`);
      return `<text ${look}>${runs.join("")}</text>`;
    }),
    "</svg>\n",
  ].join("\n");
}

/**
 * @param {Scene} scene
 * @param {CanvasRenderingContext2D} pen
 * @param {number} ratio
 */
export function sceneToCanvas({ width, height, ground, rectangles, lines }, pen, ratio) {
  pen.canvas.width = Math.round(width * ratio);
  pen.canvas.height = Math.round(height * ratio);
  pen.scale(ratio, ratio);
  pen.fillStyle = ground;
  pen.fillRect(0, 0, width, height);
  for (const { x, y, w, h, fill } of rectangles) {
    pen.fillStyle = fill;
    const left = Math.round(x * ratio) / ratio;
    pen.fillRect(left, y, Math.round((x + w) * ratio) / ratio - left, h);
  }
  for (const { xs, y, parts, size, family, fill, weight } of lines) {
    pen.fillStyle = fill;
    pen.font = `${weight ?? 400} ${size}px ${family}`;
    for (const [k, part] of parts.entries()) pen.fillText(part, xs[k] ?? 0, y);
  }
}
