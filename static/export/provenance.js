// What a file says of itself: how to get its numbers, and the figure, again. Pure.

import { formatCells } from "../base/cells.js";
import { letterOf } from "../base/places.js";

/** @typedef {import("../base/memories.js").Card} Card */
/** @typedef {import("../views/view.js").Sheet} Sheet */

/** A word of a command line. @param {string} word */
const shell = (word) => (/^[\w.-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** A text in JSON on one line, and without what an XML file cannot hold. @param {string} text */
const inJson = (text) =>
  JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufffe\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** Interventions as an argument in Python, within double quotes of a shell. @param {readonly object[]} [made] */
const inPython = (made = []) =>
  made.length > 0 ? `, interventions=${JSON.stringify(made).replaceAll('"', "'")}` : "";

/**
 * Every model and the numbers of its reading, and the text.
 * @param {Card[]} cards
 * @param {string} text
 * @param {readonly (readonly object[])[]} made the interventions of each model
 * @param {string} signal of a trace
 */
const sources = (cards, text, made, signal) => [
  ...cards.map(
    ({ name, sha256 }, k) =>
      `Model ${letterOf(k)}: ${name}, sha256 ${sha256}. Recompute: python -c "from models import load_checkpoint; print(load_checkpoint('checkpoints/${name}.safetensors').trace(open('text.txt', newline='').read()${inPython(made[k])}).${signal})"`,
  ),
  `Text (text.txt): ${inJson(text)}`,
];

/** @param {number} border characters of the warm-up */
const warmUp = (border) => (border > 0 ? [`The first ${border} characters are a warm-up.`] : []);

/**
 * Of values of cells.
 * @param {Card[]} cards
 * @param {string} text
 * @param {readonly string[]} options of the command that draws it, after models and text
 * @param {number} border characters of the warm-up
 * @param {readonly (readonly object[])[]} made the interventions of each model
 * @param {boolean} differs the second model is coloured by how far it is from the first
 */
export function provenance(cards, text, options = [], border = 0, made = [], differs = false) {
  const models = cards.map(({ name }) => `--model ${shell(name)}`).join(" ");
  const own = options.includes("--scale cell")
    ? ", each cell divided by its largest magnitude"
    : "";
  const changed = made.some((changes) => changes.length > 0)
    ? made.map((changes) => `--interventions ${shell(JSON.stringify(changes))}`)
    : [];
  const apart = differs
    ? ["Colours of B: its values minus those of A, 1 and more in the strongest colour."]
    : [];
  return [
    `Nestscope: memory cells of recurrent character models. Colour at each character: the cell's state after reading it; outer memories c, innermost ones tanh(c)${own}.`,
    ...warmUp(border),
    ...apart,
    `Draw it again${differs ? " (A and B, each in its own values)" : ""}: ${["python -m app figure", models, "--text text.txt", ...changed, ...options].join(" ")} --out figure.svg`,
    ...sources(cards, text, made, "display"),
  ].join("\n");
}

/**
 * Of what a view shows in place of values of cells.
 * @param {import("../views/view.js").Meaning} meaning
 * @param {Card[]} cards
 * @param {string} text
 * @param {number} border
 * @param {readonly (readonly object[])[]} made
 */
export const provenanceOf = ({ title, about, signal }, cards, text, border, made) =>
  [`Nestscope: ${title}`, about, ...warmUp(border), ...sources(cards, text, made, signal)].join(
    "\n",
  );

/** @param {readonly Sheet[]} sheets */
export const madeIn = (sheets) => sheets.map(({ made = [] }) => made);

/** The cells of each model as options of the command. @param {readonly Sheet[]} sheets */
export const cellsOf = (sheets) =>
  sheets.map(({ cells }) => `--cells ${formatCells(cells).replaceAll(" ", "")}`);
