// What a classifier is and answers, as the panels show it. Pure.

import { remembersIn } from "../../base/architectures.js";

/** @typedef {import("../../base/memories.js").Card} Card */
/** @typedef {import("../../base/memories.js").Memory} Memory */
/** @typedef {{ glimpses: number[][], display: number[][][][], logits: number[][], occlusion?: { digit: number, values: (number | null)[] } }} Answer of POST /api/glimpses */

/** The memories that the answer shows: a lone LSTM's h is not among them. @param {Card} card */
export const memoriesOf = (card) => card.memories.filter((memory) => remembersIn(card, memory));

/** The cell of a network that is looked at: the last one where it has fewer. @param {Card} card @param {number} pick */
export const cellOf = ({ hidden }, pick) => Math.min(pick, hidden - 1);

/** The values of one memory after every glimpse. @param {Answer} answer @param {Memory} memory */
export const valuesOf = (answer, { layer, level }) =>
  answer.display.map((layers) => layers[layer]?.[level ?? 0] ?? []);

/** Bits that each glimpse gave the answer. @param {Answer} answer */
export const givenBy = ({ occlusion }) => (occlusion?.values ?? []).map((bits) => bits ?? 0);
