// How long the text is, and the limit before it is hit.

import { $, say } from "../base/dom.js";
import { counted } from "../base/format.js";
import { warmUpOf } from "../state/state.js";
import { countPoints } from "../text/edits.js";
import { readText } from "../text/poem.js";

/** @typedef {import("../state/state.js").State} State */

/** Of the text, and of the warm-up. @param {State} state */
const charactersOf = (state) => countPoints(warmUpOf(state) + readText(state));

/** Whether its end is not read. @param {State} state */
export const isOver = (state) => charactersOf(state) > state.limit;

/** The line under the text: characters, those of the warm-up too. @param {State} state */
export function count(state) {
  const { limit } = state;
  const characters = charactersOf(state);
  if (!Number.isFinite(limit)) return; // not known yet
  say(
    $("count"),
    characters > limit
      ? `${counted(characters)} characters: the first ${counted(limit)} are read`
      : `${counted(characters)} of ${counted(limit)} characters`,
  );
  $("count").classList.toggle("near", characters > 0.9 * limit);
}
