// The figure shown, as a file that says where it comes from.

import { css } from "../base/colour.js";
import { titleOf } from "../base/memories.js";
import { letterOf } from "../base/places.js";
import { exactValues } from "../wire/exact.js";
import { fileName } from "./filename.js";
import { crc32, npz } from "./npz.js";
import { withParts } from "./parts.js";
import { sceneToCanvas, sceneToSvg } from "./picture.js";
import { inPrint } from "./print.js";
import { cellsOf, madeIn, provenance, provenanceOf } from "./provenance.js";
import { figureScene, stacked } from "./scene.js";

/** @typedef {import("../base/memories.js").Card} Card */
/** @typedef {import("../views/view.js").Sheet} Sheet */
/** @typedef {ReturnType<import("../views/views.js").Views["drawn"]>} Drawn */

/** @param {string} name @param {BlobPart} data @param {string} type */
function save(name, data, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([data], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** @param {number} pixel as a canvas keeps it */
const colourOf = (pixel) => css([pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255]);

/**
 * What the colours mean, from the lowest to the highest value.
 * @param {Drawn["palette"]} palette
 * @param {string[]} words
 */
const barOf = (palette, words) => ({ colours: palette.steps.slice(1).map(css), words });

/** The same of a view's own colours. @param {import("../views/view.js").Bar} bar */
const ownBar = ({ pixels, words, label }) => ({
  colours: Array.from(
    pixels.filter((pixel) => pixel !== 0),
    colourOf,
  ),
  ...{ words, label },
});

/**
 * Models abreast, as a scene.
 * @param {Drawn} drawn
 * @param {boolean} own whether the scale is per cell
 * @param {readonly number[]} panels those shown
 */
function abreast(drawn, own, panels) {
  const { cards, sheets, blocks, boxes, width, line, passage, palette, other, differs, meaning } =
    drawn;
  const shown = panels.map((panel) => ({
    panel,
    letter: letterOf(panel),
    memories: sheets[panel]?.memories ?? [],
    made: sheets[panel]?.made ?? [],
  }));
  const heads = shown.flatMap(({ letter, memories }) =>
    memories.map(({ name, symbol }) => (blocks.length > 0 ? `${letter}  ${name} ${symbol}` : "")),
  );
  const changed = differs ? ", changed − untouched" : ", changed";
  /** The column of the first memory of each model. @type {Map<number, number>} */
  const first = new Map();
  let before = 0;
  for (const { panel, memories } of shown) {
    first.set(panel, before);
    before += memories.length;
  }
  const mine = blocks.filter(({ panel }) => first.has(panel));
  const most = Math.max(-1, ...mine.map(({ rank }) => rank)) + 1;
  const rows = Array.from({ length: most }, (_, rank) =>
    mine
      .filter((block) => block.rank === rank)
      .map(({ title, panel, memory, source: { values, offset, stride, colours } }) => ({
        title,
        column: (first.get(panel) ?? 0) + memory,
        colour: (/** @type {number} */ t) => {
          const pixel = colours[(values[offset + t * stride] ?? -128) + 128] ?? 0;
          return pixel === 0 ? null : colourOf(pixel);
        },
      })),
  );
  const ink = css(palette.ink);
  const ground = css(palette.steps[128] ?? [255, 255, 255]);
  const { text, border } = passage;
  const models = shown.map(({ panel, letter, memories, made }) => ({
    name: `${letter}  ${cards[panel] ? titleOf(cards[panel]) : ""}${made.length > 0 ? changed : ""}`,
    columns: memories.length,
  }));
  const bars = meaning
    ? meaning.bars.map(ownBar)
    : [barOf(palette, own ? ["−max", "0", "+max"] : ["−1", "0", "+1"])];
  if (differs) bars.push(barOf(other, ["B − A: −1", "0", "+1"]));
  return figureScene({
    ...{ rows, heads, models, text: [...text], boxes, width, line, border, ink, ground },
    // The title stands over all models, and what the colours mean under them.
    title: panels.includes(0) ? (meaning?.title ?? "") : "",
    bars: panels.includes(sheets.length - 1) ? bars : [],
  });
}

/** @param {Drawn & { stacked?: boolean }} drawn @param {boolean} own whether the scale is per cell */
export function sceneOf(drawn, own) {
  const panels = [...drawn.sheets.keys()];
  return drawn.stacked
    ? stacked(panels.map((panel) => abreast(drawn, own, [panel])))
    : abreast(drawn, own, panels);
}

/** Width of a column where there are no blocks. */
const ALONE = 300;

/** A figure with what its view draws beside the blocks. @param {Drawn & { stacked: boolean }} drawn @param {string} svg */
function whole({ sheets, parts, width, palette, stacked: under }, svg) {
  const columns = sheets.map(({ memories }) => memories.length);
  const [placed, room] = under
    ? [parts.map((part) => ({ ...part, panel: 0 })), [Math.max(...columns)]]
    : [parts, columns];
  return withParts(svg, placed, room, width || ALONE, css(palette.ink));
}

/** @param {string} svg @param {HTMLCanvasElement} canvas @param {number} ratio */
async function paint(svg, canvas, ratio) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  canvas.width = Math.round(image.naturalWidth * ratio);
  canvas.height = Math.round(image.naturalHeight * ratio);
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
}

/** So that a reader for which # begins a comment reads all rows. @param {string} field */
const quoted = (field) => (/[",#\n\r]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);

/**
 * @param {Card[]} cards
 * @param {Sheet[]} sheets
 * @param {string} text
 * @param {{ values: Float32Array }[]} exact
 * @param {number} border characters of the warm-up
 */
export function toCsv(cards, sheets, text, exact, border = 0) {
  const heads = sheets.flatMap(({ memories, cells }, panel) =>
    memories.flatMap(({ name }) =>
      cells.map((cell) => `${letterOf(panel)} ${cards[panel]?.name} ${name} ${cell}`),
    ),
  );
  const rows = [...text].map((character, t) => {
    const numbers = exact.flatMap(({ values }, panel) => {
      const width = (sheets[panel]?.memories.length ?? 0) * (sheets[panel]?.cells.length ?? 0);
      return Array.from(values.subarray(t * width, (t + 1) * width), String);
    });
    return [String(t), quoted(character), ...numbers].join(",");
  });
  const about = provenance(cards, text, cellsOf(sheets), border, madeIn(sheets))
    .split("\n")
    .map((line) => `# ${line}`);
  return `${[...about, ["position", "character", ...heads.map(quoted)].join(","), ...rows].join("\n")}\n`;
}

/**
 * Save the figure as a file. Of an SVG all is taken before it waits for anything.
 * @param {"png" | "svg" | "csv" | "npz"} kind
 * @param {Drawn} drawn
 * @param {readonly string[]} options of the command that draws it again, besides the cells
 * @param {number} wide millimetres in print; 0: as shown
 * @throws {Error} in words
 */
export async function saveAs(kind, drawn, options, wide) {
  const { cards, sheets, text } = drawn;
  const { border } = drawn.passage;
  const name = `${fileName(drawn)}.${kind}`;
  const made = madeIn(sheets);
  const drawing = [...cellsOf(sheets), ...options];
  const about = drawn.meaning
    ? provenanceOf(drawn.meaning, cards, text, border, made)
    : provenance(cards, text, drawing, border, made, drawn.differs);
  const own = options.includes("--scale cell");
  if (kind === "svg") {
    const printed = inPrint(drawn, wide);
    save(name, whole(printed, sceneToSvg(sceneOf(printed, own), about, wide)), "image/svg+xml");
  } else if (kind === "png") {
    const printed = inPrint(drawn, wide);
    const scene = sceneOf(printed, own);
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d");
    if (!pen || scene.height > 16_000)
      throw new Error("The picture would be too tall: choose fewer cells, or take SVG.");
    // 300 points an inch where a width in print is asked for.
    const ratio = wide > 0 ? ((wide / 25.4) * 300) / scene.width : 2;
    if (drawn.parts.length > 0) await paint(whole(printed, sceneToSvg(scene, "")), canvas, ratio);
    else sceneToCanvas(scene, pen, Math.min(ratio, 16_000 / scene.height));
    const picture = await new Promise((done) => canvas.toBlob(done, "image/png"));
    save(name, withText(new Uint8Array(await picture.arrayBuffer()), about), "image/png");
  } else {
    const exact = await exactValues(cards, sheets, text);
    if (kind === "csv") save(name, toCsv(cards, sheets, text, exact, border), "text/csv");
    else {
      /** @type {Parameters<typeof npz>[0]} */
      const arrays = { text, about: provenance(cards, text, cellsOf(sheets), border, made) };
      for (const [k, array] of exact.entries()) {
        const letter = letterOf(k).toLowerCase();
        arrays[letter] = array;
        const cells = sheets[k]?.cells ?? [];
        arrays[`${letter}_cells`] = { values: Int32Array.from(cells), shape: [cells.length] };
        arrays[`${letter}_memories`] = (sheets[k]?.memories ?? []).map((m) => m.name);
      }
      save(name, npz(arrays), "application/zip");
    }
  }
}

/**
 * A PNG with a text chunk (iTXt) of what it is, after its header.
 * @param {Uint8Array} png
 * @param {string} about
 */
export function withText(png, about) {
  const words = new TextEncoder().encode(`iTXtDescription\0\0\0\0\0${about}`);
  const chunk = new Uint8Array(words.length + 8);
  new DataView(chunk.buffer).setUint32(0, words.length - 4);
  chunk.set(words, 4);
  new DataView(chunk.buffer).setUint32(words.length + 4, crc32(words));
  const made = new Uint8Array(png.length + chunk.length);
  made.set(png.subarray(0, 33));
  made.set(chunk, 33);
  made.set(png.subarray(33), 33 + chunk.length);
  return made;
}
