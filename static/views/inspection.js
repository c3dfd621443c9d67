// The character looked at: pointed at or pinned, lit in every view, and read out at the blocks and in the dock.

import { $, say } from "../base/dom.js";
import { showsDifference } from "../state/state.js";
import { characterOf } from "../text/passage.js";
import { apartOf, NOTHING, readingOf, readout } from "./readout.js";

/** @typedef {import("./view.js").State} State */
/** @typedef {import("./view.js").Point} Point */

/**
 * What a pointer changes: passing by it looks at a character unless one is pinned; a press pins one, and
 * unpins the pinned one.
 * @param {Pick<State, "pinned" | "point">} state
 * @param {Point | null} at
 * @param {boolean} press
 * @returns {Partial<State>}
 */
export function pointed({ pinned, point: old }, at, press) {
  if (!press) return pinned ? {} : { point: at };
  const again =
    pinned &&
    at &&
    old &&
    at.position === old.position &&
    at.cell === old.cell &&
    at.panel === old.panel &&
    at.memory === old.memory;
  return again ? { pinned: false } : { point: at, pinned: at !== null };
}

/**
 * @param {object} page
 * @param {import("../state/store.js").Store<State>} page.store
 * @param {import("../wire/session.js").Session} page.session
 * @param {import("./blocks/blocks.js").Blocks} page.blocks
 * @param {() => { shown: import("./view.js").Mounted, sheets: import("./view.js").Sheet[], palette: import("../base/colour.js").Palette }} current
 * @returns {() => void} look: show what is known of the character by now
 */
export function inspection({ store, session, blocks }, current) {
  const show = readout({
    glyph: $("glyph"),
    where: $("where"),
    readings: $("readings"),
    table: $("table"),
    spoken: $("spoken"),
  });

  function look() {
    const state = store.get();
    const { shown, sheets, palette } = current();
    const position = state.point?.position ?? -1;
    const character = characterOf(session.passage, position);
    const point = character ? state.point : null;
    blocks.light(point);
    blocks.root.classList.toggle("pinned", state.pinned);
    shown.light?.(point);
    /** @type {(panel: number, memory: number, cell: number) => import("./readout.js").Reading} */
    const reading = (panel, memory, cell) => {
      if (!shown.reading) {
        const of = (/** @type {number} */ one) =>
          readingOf(session, state.exact, position, one, memory, cell);
        return panel === 1 && showsDifference(state) ? apartOf(of(0), of(1)) : of(panel);
      }
      const text = shown.reading(panel, memory, position);
      return { ...NOTHING, text, short: text };
    };
    for (const block of blocks.all) {
      if (!block.visible && character) continue;
      const value = character ? reading(block.panel, block.memory, block.cell) : NOTHING;
      say(block.reading, value.short);
      block.reading.classList.toggle("exact", value.exact);
    }
    show({ session, sheets, character, state, palette, reading, ofCells: !shown.reading });
  }

  $("table-button").addEventListener("click", () => {
    const table = $("table");
    table.hidden = !table.hidden;
    const { point } = store.get();
    const cell = current().sheets[0]?.cells[0];
    // Without a character it would be empty: the last one read is pinned.
    if (!table.hidden && !point && cell !== undefined && session.length > 0) {
      const position = session.length - 1;
      store.set({ point: { position, panel: 0, memory: 0, rank: 0, cell }, pinned: true });
    }
    $("table-button").setAttribute("aria-expanded", String(!table.hidden));
    look();
  });
  return look;
}
