// What a visit begins with that asks for nothing.

import { counterpart, firstNamed, opening } from "./opening.js";

/**
 * Named cells on a text that shows them, where a model has some; else nothing.
 * @param {readonly import("../base/memories.js").Card[]} cards
 * @param {import("./atlases.js").Atlases} atlases
 * @returns {Promise<Partial<import("../state/state.js").State>>}
 */
export async function begun(cards, atlases) {
  const names = await atlases.list();
  const card = firstNamed(cards, names);
  const atlas = await atlases.get(card);
  if (!card || !atlas) return {};
  const other = counterpart(card, cards, names);
  return opening(card, other, atlas, await atlases.get(other));
}
