// What the server says of a network, its memories among it (models/memories.py), in words for people.

import { architectureOf } from "./architectures.js";

/**
 * What the server says of a checkpoint.
 * @typedef {object} Card
 * @property {string} name
 * @property {string} task
 * @property {number} layers
 * @property {number} depth
 * @property {number} hidden
 * @property {string[]} vocabulary
 * @property {number} parameters
 * @property {Record<string, any>} scores
 * @property {Record<string, any>} [training]
 * @property {string} sha256
 * @property {import("./architectures.js").CellName} cell
 * @property {Memory[]} memories the columns, top layer first, innermost level first
 * @property {"changed" | "removed"} [old] what has become of its file since it was shown
 */
/** @typedef {{ file: string, reason: string }} Refused a file that is not served, and what is wrong with it in a sentence */
/**
 * One column of the figure.
 * @typedef {object} Memory
 * @property {number} layer 0 is the lowest
 * @property {number | null} level 0 is the outermost; h has none
 * @property {"c" | "h"} state
 * @property {string} name in words
 * @property {string} symbol as an expression: tanh(c̃)
 */

/** |tanh(c)| above which an innermost cell is at its end; as in models/memories.py. */
export const SATURATED_VALUE = 0.99;

/** Share of the text at its end above which a cell is saturated; as in models/memories.py. */
export const SATURATED_SHARE = 0.95;

const DIGITS_OF_SHA = 12;

/** What the server calls a model whose file has changed since. @param {Card} card */
export const oldName = ({ name, sha256 }) => `${name}@${sha256.slice(0, DIGITS_OF_SHA)}`;

/** The name of the file, without what tells an old one. @param {string} name */
export const nameOfFile = (name) => name.replace(new RegExp(`@[0-9a-f]{${DIGITS_OF_SHA}}$`), "");

const DATA = /** @type {Record<string, string>} */ ({
  ptb: "Penn Treebank",
  warpeace_input: "War and Peace",
  sqlite_src: "SQLite’s source",
  "war-and-peace": "War and Peace",
  quatrains: "Chinese quatrains",
  mnist: "MNIST glimpses",
});

/** c with one tilde for each level inwards: c, c̃, c̃̃.  @param {number} level */
export const cellSymbol = (level) => `c${"\u0303".repeat(level)}`;

/** Whether it is the unbounded innermost cell of its layer: tanh of it is shown.  @param {Memory} memory */
export const isInnermost = ({ symbol }) => symbol.startsWith("tanh(");

/**
 * Every c and h of a network, also those that have no column: of each layer the innermost first, h last.
 * @param {Memory[]} memories
 * @returns {Memory[]}
 */
export function statesOf(memories) {
  const layers = [...new Set(memories.map(({ layer }) => layer))];
  return layers.flatMap((layer) => {
    const here = memories.filter((memory) => memory.layer === layer);
    if (here.some(({ state }) => state === "h")) return here;
    const name = layers.length > 1 ? `layer ${layer + 1} output` : "output";
    return [...here, { layer, level: null, state: "h", name, symbol: "h" }];
  });
}

/** @param {{ layers: number, depth: number, cell?: import("./architectures.js").CellName }} card */
export const kindOf = (card) => architectureOf(card).kind(card);

/**
 * The facts of a checkpoint in words, most telling first.
 * @param {Card} card
 */
export function factsOf(card) {
  const facts = [];
  if (card.layers > 1) facts.push(`${card.layers} layers`);
  if (card.depth > 1) facts.push(`depth ${card.depth}`);
  facts.push(`${card.hidden} cells`);
  const data = card.training?.data;
  if (typeof data === "string" && data) facts.push(DATA[data] ?? data);
  const valid = card.scores?.valid_bpc;
  if (typeof valid === "number") facts.push(`validation ${valid.toFixed(2)} bits/char`);
  const { saturated } = card.scores;
  if (typeof saturated === "number" && saturated >= 0.005)
    facts.push(`${Math.round(100 * saturated)} % of cells saturated`);
  if (card.old) facts.push(card.old === "removed" ? "file removed since" : "file changed since");
  return facts;
}

/**
 * What a checkpoint is called, everywhere: its kind, and the name of its file, by which commands, exports and
 * the other pages know it.
 * @param {Card} card
 */
export const nameOf = (card) => `${kindOf(card)} ${card.name}`;

/** One line that tells a checkpoint from all others. @param {Card} card */
export const titleOf = (card) => [nameOf(card), ...factsOf(card)].join(" · ");

/**
 * How a vocabulary reads one code point: the symbol it becomes, or null where it is unknown.
 * @param {ReadonlySet<string>} vocabulary
 * @param {string} character
 */
export const readAs = (vocabulary, character) =>
  spelled(vocabulary, character) ?? plainly(vocabulary, character);

/**
 * The symbol a code point is read as by its plain form alone; null where it is read as it is spelled, or unknown.
 * @param {ReadonlySet<string>} vocabulary
 * @param {string} character
 */
export const readPlainly = (vocabulary, character) =>
  spelled(vocabulary, character) === null ? plainly(vocabulary, character) : null;

/** Up to case and accents. @param {ReadonlySet<string>} vocabulary @param {string} character */
function spelled(vocabulary, character) {
  const base = String.fromCodePoint(character.normalize("NFD").codePointAt(0) ?? 0);
  const tried = [character, character.toLowerCase(), base, base.toLowerCase()];
  return tried.find((one) => vocabulary.has(one)) ?? null;
}

/** @param {ReadonlySet<string>} vocabulary @param {string} character */
function plainly(vocabulary, character) {
  const plain = plainForm(character);
  return [plain, plain.toLowerCase()].find((one) => vocabulary.has(one)) ?? null;
}

/** @type {[string, RegExp][]} */
const PLAIN = [
  [" ", /^\p{Zs}$/u],
  ["-", /^[\p{Pd}\u2212\u00ad\u2043]$/u],
  ['"', /^[“”„‟«»″〝〞〟❝❞＂]$/u],
  ["'", /^[‘’‚‛‹›′ʼ´`❛❜＇]$/u],
  [".", /^[…‥⋯]$/u],
  ["a", /^æ$/u],
  ["A", /^Æ$/u],
  ["o", /^œ$/u],
  ["O", /^Œ$/u],
];

/**
 * The plain form of a typographic character, as models/text.py has it; the character itself if it has none.
 * @param {string} character
 */
export function plainForm(character) {
  if (/^[\ufb00-\ufb06\u0132\u0133]$/u.test(character))
    return character.normalize("NFKD").charAt(0);
  return PLAIN.find(([, those]) => those.test(character))?.[0] ?? character;
}
