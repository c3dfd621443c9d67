// The steps of the tour: what is said, and where it leads. Composed from what the atlases name. Pure.

import { FEATURES, stretches } from "../atlas/features.js";
import { addressOfNamed } from "../atlas/opening.js";
import { capital } from "../base/format.js";

/** @typedef {import("../base/memories.js").Card} Card */
/** @typedef {import("../wire/atlas.js").Atlas} Atlas */
/** @typedef {import("../wire/atlas.js").Named} Named */
/** @typedef {import("../state/address.js").Address} Address */
/** @typedef {{ title: string, words: string, subject: string, address: Address }} Step subject: a selector */

/**
 * The cell that the tour is about: a nested model's, on a stretch of text that opens and closes.
 * @param {readonly Card[]} cards
 * @param {readonly (Atlas | null)[]} atlases
 * @returns {{ panel: number, named: Named } | null}
 */
export function guide(cards, atlases) {
  for (const [panel, card] of cards.entries())
    for (const named of atlases[panel]?.found ?? [])
      if (named.example && FEATURES[named.feature]?.ends && card.depth > 1) return { panel, named };
  return null;
}

/** A sample whose one quotation is long: the text of a cell that marks quotations. */
const LONG = "prose";

/**
 * @param {readonly Card[]} cards A before B
 * @param {readonly (Atlas | null)[]} atlases of both
 * @param {readonly [string, string]} colours negative, positive
 * @returns {Step[]} none where no cell is named that a tour could show
 */
export function stepsOf(cards, atlases, [negative, positive]) {
  const found = guide(cards, atlases);
  const text = found?.named.example?.text;
  const feature = FEATURES[found?.named.feature ?? ""];
  if (!found || !feature || text === undefined) return [];
  const { panel, named } = found;
  const base = addressOfNamed(cards, atlases, panel, named);
  const column = cards[panel]?.memories.findIndex(
    ({ layer, level }) => layer === named.layer && level === named.level,
  );
  const [from, to] = stretches(feature.mark([...text])).reduce(
    (a, b) => (b[1] - b[0] > a[1] - a[0] ? b : a),
    [0, 0],
  );
  const middle = Math.floor((from + to) / 2);
  /** @param {number} position */
  const at = (position) => [position, panel, Math.max(0, column ?? 0), 0, named.cell].join(".");
  const { cell } = named;
  const [on, off] = named.sign > 0 ? [positive, negative] : [negative, positive];
  const { text: _, ...without } = base;
  const block = `#blocks-${panel} .view`;
  const steps = [
    {
      subject: block,
      title: "A cell is one number",
      words: `A network that reads a text keeps a few hundred numbers, its memory cells, and changes each of them at every character. Each block is cell ${cell} along this text: one number a character. Press ← and →, or a character, to walk through it.`,
      address: { ...base, at: at(from) },
    },
    {
      subject: block,
      title: `${capital(negative)} and ${positive}`,
      words: `The colour is the cell’s value right after the character was read: ${negative} below zero, ${positive} above, stronger for larger. At the character that is held here cell ${cell} is ${on}; its value stands in the bar below.`,
      address: { ...base, at: at(middle) },
    },
    {
      subject: block,
      title: "Inner and outer",
      words: `A Nested LSTM keeps a cell within a cell. The inner memory (left) has gates of its own; the outer memory (right) is computed from it at every step, through an output gate. Compare the two blocks.`,
      address: { ...base, at: at(to - 1) },
    },
    {
      subject: block,
      title: "A cell with a meaning",
      words: `Nobody told the network about ${feature.many}. Cell ${cell} learned to mark them: it is ${on} ${named.label} and ${off} elsewhere. On text that was not used to choose the cell it separates the two with an AUC of ${named.held_out.toFixed(2)}. Try it: type ${feature.one}.`,
      address: named.feature === "quotes" ? { ...without, sample: LONG } : base,
    },
    {
      subject: ".trail-frame",
      title: "Forgetting",
      words: `What if the opening mark had not been there? The view reads the text again without it, and colours how much every memory still differs. Where the curve falls below 1/e, the mark is forgotten.`,
      address: { ...base, view: "forgetting", scope: "cell", change: `${from}.1.` },
    },
    {
      subject: `#cell-${panel} .lasting-frame`,
      title: "The claim, measured",
      words: `The paper says that inner memories last longer. For this cell the dots say how long each of its memories does, on text the network was not trained on; for all cells of all models, with intervals and a verdict, see Timescales.`,
      address: { ...base, view: "cell" },
    },
  ];
  return steps.map((step, k) => ({ ...step, address: { ...step.address, tour: String(k + 1) } }));
}
