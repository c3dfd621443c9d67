// What to see, over the figure: a sentence on the named cell that is shown, measured on the text as it stands.

import { holds } from "../atlas/names.js";
import { sentence } from "../atlas/sentence.js";
import { remembersIn } from "../base/architectures.js";
import { COLOUR_NAMES } from "../base/colour.js";
import { $, say } from "../base/dom.js";
import { letterOf } from "../base/places.js";
import { later } from "../base/schedule.js";
import { shownCards } from "../state/state.js";

/** @typedef {import("../wire/atlas.js").Named} Named */

/** What it follows from. */
export const CAPTIONED = /** @type {const} */ ([
  "cards",
  "a",
  "b",
  "c",
  "d",
  "cells",
  "cellsB",
  "pick",
  "pickB",
  "view",
  "feature",
  "text",
  "palette",
]);

/** Milliseconds of reading after which what was said of another text is taken back. */
const READING = 400;
/** Where no named cell is shown. */
const ANY = "See what a network remembers, and for how long.";

/** @param {string} name of a memory @param {number} layers */
const called = (name, layers) =>
  layers > 1 || /^(inner|middle|outer)$/.test(name) ? name : "memory";

/**
 * @param {import("../views/views.js").Views} views
 * @returns {() => void} say it anew, soon
 */
export function caption({ store, session, atlases }) {
  let reading = 0;
  /** The named cell that is told first, as it lies in the figure. */
  function shown() {
    const state = store.get();
    const cards = shownCards(state);
    for (const [panel, card] of cards.entries()) {
      const columns = session.panels[panel]?.columns;
      const found = atlases.now(card)?.found ?? [];
      if (!columns || columns.length === 0) continue;
      const named = columns.cells
        .flatMap((cell) => found.filter((f) => f.feature === state.feature && f.cell === cell))
        .at(0);
      // The first that has one is told of, not whichever is read first.
      if (named) return columns.done < columns.length ? null : { panel, card, columns, named };
    }
    return null;
  }

  /** @param {{ words: string, more: string }} told */
  function tell({ words, more }) {
    clearTimeout(reading);
    reading = 0;
    say($("caption"), words || ANY);
    say($("caption-more"), more);
  }

  function write() {
    const { feature, palette } = store.get();
    const here = feature ? shown() : null;
    if (!here) {
      const waiting =
        feature && session.panels.some(({ columns }) => columns.done < columns.length);
      if (!waiting) return tell({ words: ANY, more: "" });
      // While one types it stands, but what was said of another text does not outlast a long reading.
      reading ||= window.setTimeout(() => tell({ words: ANY, more: "" }), READING);
      return undefined;
    }
    const { panel, card, columns, named } = here;
    const slot = columns.slots.get(named.cell) ?? 0;
    const same = card.memories.flatMap((memory, k) =>
      memory.layer === named.layer && remembersIn(card, memory)
        ? [{ name: called(memory.name, card.layers), memory, row: columns.row(k, slot) }]
        : [],
    );
    const tracks = [
      ...same.filter(({ memory }) => holds(card, memory, named)),
      ...same.filter(({ memory }) => !holds(card, memory, named)),
    ];
    const model = letterOf(panel);
    return tell(sentence(named, model, [...session.text], tracks, COLOUR_NAMES[palette]));
  }
  return () => later("caption", write);
}
