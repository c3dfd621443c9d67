// The character looked at: pointed at or held, lit in every view, and read out at the blocks and in the dock.

import { $, say } from "../base/dom.js";
import { later } from "../base/schedule.js";
import { countPoints, normalise } from "../text/edits.js";
import { characterOf } from "../text/passage.js";
import { NOTHING, readingOf, readout } from "./readout.js";

/** Narrower blocks have no room for a number of nine digits. */
const ROOM_FOR_ALL_DIGITS = 180;

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../state/state.js").Point} Point */

/**
 * What a pointer changes: passing by it looks at a character unless one is held; a press holds one, and
 * lets go of the one held.
 * @param {Pick<State, "held" | "point">} state
 * @param {Point | null} at
 * @param {boolean} press
 * @returns {Partial<State>}
 */
export function pointed({ held, point: old }, at, press) {
  if (!press) return held ? {} : { point: at };
  const again =
    held &&
    at &&
    old &&
    at.position === old.position &&
    at.cell === old.cell &&
    at.panel === old.panel &&
    at.memory === old.memory;
  return again ? { held: false } : { point: at, held: at !== null };
}

/**
 * @param {import("../state/store.js").Store<State>} store
 * @param {import("../wire/session.js").Session} session
 * @param {import("./views.js").Views} views
 * @returns {() => void} look: show what is known of the character by now
 */
export function inspection(store, session, views) {
  const { figure, predictions } = views;
  const show = readout({
    glyph: $("glyph"),
    where: $("where"),
    readings: $("readings"),
    table: $("table"),
    spoken: $("spoken"),
  });

  /** The character before the caret. */
  function caret() {
    const area = /** @type {HTMLTextAreaElement} */ ($("text"));
    const end = area.selectionStart || area.value.length;
    return session.passage.border + countPoints(normalise(area.value.slice(0, end))) - 1;
  }

  function look() {
    const state = store.get();
    const position = state.point?.position ?? -1;
    const character = characterOf(session.passage, position);
    const inside = character !== "";
    views.light(inside ? state.point : null, state.held);
    for (const block of figure.blocks) {
      if (!block.visible && character) continue;
      if (state.view === "predictions") {
        say(block.reading, character ? predictions.reading(block.panel, position) : "");
        continue;
      }
      const value = character
        ? readingOf(session, state.exact, position, block.panel, block.memory, block.cell)
        : NOTHING;
      say(block.reading, figure.width < ROOM_FOR_ALL_DIGITS ? value.short : value.text);
      block.reading.classList.toggle("exact", value.exact);
    }
    if (state.view === "predictions") predictions.at(inside ? position : caret());
    const surprise = state.view === "predictions" ? predictions : null;
    show(session, figure.sheets, character, state, views.palette, surprise);
  }

  document.addEventListener("selectionchange", () => {
    if (store.get().view === "predictions" && !store.get().point) later("look", look);
  });
  $("table-button").addEventListener("click", () => {
    const table = $("table");
    table.hidden = !table.hidden;
    $("table-button").setAttribute("aria-expanded", String(!table.hidden));
    look();
  });
  return look;
}
