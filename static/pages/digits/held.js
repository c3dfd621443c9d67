// A cell that is held at a value while the networks read: as it is asked, in words and in an address. Pure.

import { cellSymbol } from "../../base/memories.js";
import { asked, LARGEST_VALUE } from "../../state/interventions.js";
import { cellOf, memoriesOf } from "./network.js";

/** @typedef {import("../../base/memories.js").Card} Card */
/** @typedef {{ memory: number, cell: number, value: number }} Held memory: a place among those that a panel shows */

/** A memory by the value that is set: tanh(c) is shown, c is held. @param {import("../../base/memories.js").Memory} memory */
const inWords = ({ name, level }) => `${name} ${level === null ? "h" : cellSymbol(level)}`;

/** The memory of a network at a place, the last one where it has fewer. @param {Card} card @param {number} place */
function memoryAt(card, place) {
  const all = memoriesOf(card);
  return /** @type {import("../../base/memories.js").Memory} */ (
    all[Math.min(place, all.length - 1)]
  );
}

/** What the server is asked to change in a network. @param {Card} card @param {Held | null} held */
export function interventionsOf(card, held) {
  if (!held) return [];
  const { layer, level } = memoryAt(card, held.memory);
  const [cells, span] = [[cellOf(card, held.cell)], { from: 0, to: null }];
  return [
    asked({ model: card.name, layer, level, cells, operation: "set", value: held.value, ...span }),
  ];
}

/** "inner c̃ 5 held at −0.5". @param {Card} card @param {Held} held */
export const heldInWords = (card, { memory, cell, value }) =>
  `${inWords(memoryAt(card, memory))} ${cellOf(card, cell)} held at ${String(value).replaceAll("-", "−")}`;

/** What the memories are called at each place, in all of the networks. @param {readonly Card[]} cards */
export function memoryNames(cards) {
  const most = Math.max(0, ...cards.map((card) => memoriesOf(card).length));
  return Array.from({ length: most }, (_, place) =>
    [...new Set(cards.map((card) => inWords(memoryAt(card, place))))].join(", "),
  );
}

/** @param {Held} held */
export const formatHeld = ({ memory, cell, value }) => `${memory},${cell},${value}`;

/** @param {string} said @returns {Held | null} null where it makes no sense */
export function parseHeld(said) {
  const [, memory, cell, number] = /^(\d),(\d{1,5}),(-?[\d.]+(?:e-?\d+)?)$/.exec(said) ?? [];
  const value = Number(number);
  if (number === undefined || !(Math.abs(value) <= LARGEST_VALUE)) return null;
  return { memory: Number(memory), cell: Number(cell), value };
}
