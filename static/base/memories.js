// The memories of a network by the display rule, and what people call them.

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
 */
/**
 * One column of the figure.
 * @typedef {object} Memory
 * @property {number} layer 0 is the lowest
 * @property {number} level 0 is the outermost
 * @property {"c" | "h"} state
 * @property {string} name in words
 * @property {string} symbol as an expression
 * @property {boolean} innermost
 */

const DATA = /** @type {Record<string, string>} */ ({
  ptb: "Penn Treebank",
  warpeace_input: "War and Peace",
  "war-and-peace": "War and Peace",
  quatrains: "Chinese quatrains",
  mnist: "MNIST glimpses",
});

/** c with one tilde for each level inwards: c, c̃, c̃̃.  @param {number} level */
export const cellSymbol = (level) => `c${"\u0303".repeat(level)}`;

/**
 * @param {number} level
 * @param {number} depth
 */
function levelName(level, depth) {
  if (depth === 1) return "";
  if (level === 0) return "outer";
  if (level === depth - 1) return "inner";
  return depth === 3 ? "middle" : `level ${level}`;
}

/**
 * The columns of a network: top layer first, innermost first; a single LSTM has c and h.
 * @param {{ layers: number, depth: number }} card
 * @returns {Memory[]}
 */
export function memoriesOf({ layers, depth }) {
  if (layers === 1 && depth === 1)
    return [
      { layer: 0, level: 0, state: "c", name: "cell", symbol: "tanh(c)", innermost: true },
      { layer: 0, level: 0, state: "h", name: "output", symbol: "h", innermost: false },
    ];
  /** @type {Memory[]} */
  const memories = [];
  for (let layer = layers - 1; layer >= 0; layer -= 1)
    for (let level = depth - 1; level >= 0; level -= 1) {
      const innermost = level === depth - 1;
      const symbol = innermost ? `tanh(${cellSymbol(level)})` : cellSymbol(level);
      const words = [layers > 1 ? `layer ${layer + 1}` : "", levelName(level, depth)];
      memories.push({ layer, level, state: "c", name: words.join(" ").trim(), symbol, innermost });
    }
  return memories;
}

/** @param {{ layers: number, depth: number }} card */
export function kindOf({ layers, depth }) {
  if (depth > 1) return "Nested LSTM";
  return layers > 1 ? "Stacked LSTM" : "LSTM";
}

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
  if (typeof valid === "number") facts.push(`${valid.toFixed(2)} bits/char valid`);
  const { saturated } = card.scores;
  if (typeof saturated === "number" && saturated >= 0.005)
    facts.push(`${Math.round(100 * saturated)} % of the innermost cells saturated`);
  return facts;
}

/**
 * One line that names a checkpoint for people; its file name where two would read alike.
 * @param {Card} card
 * @param {Card[]} all
 */
export function titleOf(card, all = []) {
  const title = [kindOf(card), ...factsOf(card)].join(" · ");
  const same = all.filter((o) => [kindOf(o), ...factsOf(o)].join(" · ") === title);
  return same.length > 1 ? `${title} · ${card.name}` : title;
}

/**
 * How a vocabulary reads one code point: the symbol it becomes, or null where it is unknown.
 * @param {ReadonlySet<string>} vocabulary
 * @param {string} character
 */
export function readAs(vocabulary, character) {
  const base = String.fromCodePoint(character.normalize("NFD").codePointAt(0) ?? 0);
  for (const tried of [character, character.toLowerCase(), base, base.toLowerCase()])
    if (vocabulary.has(tried)) return tried;
  return null;
}
