// What is known of the character looked at: the dock, and the numbers over the blocks.

import { css } from "../base/colour.js";
import { element } from "../base/dom.js";
import { float32Text, glyphOf, nameOf, shortText, signed } from "../base/format.js";
import { letterOf } from "../base/places.js";
import { plainIn, readingInWords } from "../text/plain.js";
import { PENDING } from "../wire/columns.js";
import { cellBeside } from "./point.js";

/** @typedef {import("../wire/session.js").Session} Session */
/** @typedef {import("./view.js").Sheet} Sheet */
/**
 * @typedef {object} Reading
 * @property {string} text all digits, as the table has them
 * @property {string} short three digits, as the blocks and the dock have them
 * @property {boolean} exact
 * @property {number} byte
 * @property {number | null} value
 */

/** @type {Reading} */
export const NOTHING = { text: "", short: "", exact: false, byte: PENDING, value: null };

/**
 * A value shown: the exact one where the server has told it, else the byte the colour comes from.
 * @param {Session} session
 * @param {import("../state/state.js").Exact | null} exact
 * @param {number} position
 * @param {number} panel
 * @param {number} memory
 * @param {number} cell
 * @returns {Reading}
 */
export function readingOf(session, exact, position, panel, memory, cell) {
  const columns = session.panels[panel]?.columns;
  const slot = columns?.slots.get(cell);
  if (!columns || slot === undefined) return NOTHING;
  const byte = columns.at(position, memory, slot);
  const current =
    exact &&
    exact.position === position &&
    exact.view === session.view &&
    exact.revision === session.revision;
  const value = current ? exact.panels[panel]?.[memory]?.[slot] : undefined;
  if (value !== undefined)
    return { text: float32Text(value), short: shortText(value), exact: true, byte, value };
  if (byte === PENDING) return NOTHING;
  const text = `≈ ${signed(byte / 127, 2)}`;
  return { text, short: text, exact: false, byte, value: byte / 127 };
}

/**
 * How far a changed value is from itself untouched.
 * @param {Reading} before
 * @param {Reading} after
 * @returns {Reading}
 */
export function apartOf(before, after) {
  if (before.value === null || after.value === null) return NOTHING;
  const value = after.value - before.value;
  const exact = before.exact && after.exact;
  const text = exact ? `Δ ${signed(value, 4)}` : `≈ Δ ${signed(value, 2)}`;
  return { text, short: text, exact, byte: PENDING, value };
}

/**
 * @param {HTMLElement} node
 * @param {Reading} reading
 * @param {string} words
 * @param {import("../base/colour.js").Palette} palette
 */
function wear(node, reading, words, palette) {
  node.textContent = words;
  const step = palette.steps[reading.byte + 128];
  node.style.backgroundColor = reading.byte === PENDING || !step ? "" : css(step);
}

/**
 * @param {object} parts
 * @param {HTMLElement} parts.glyph
 * @param {HTMLElement} parts.where
 * @param {HTMLElement} parts.readings
 * @param {HTMLElement} parts.table
 * @param {HTMLElement} parts.spoken
 */
export function readout({ glyph, where, readings, table, spoken }) {
  const hints = /** @type {Node} */ (readings.firstElementChild);

  /**
   * @param {object} known
   * @param {Session} known.session
   * @param {Sheet[]} known.sheets
   * @param {string} known.character
   * @param {import("../state/state.js").State} known.state
   * @param {import("../base/colour.js").Palette} known.palette
   * @param {(panel: number, memory: number, cell: number) => Reading} known.reading
   * @param {boolean} known.ofCells the readings are of cells, not of a model as a whole
   */
  return function show({ session, sheets, character, state, palette, reading, ofCells }) {
    const { point, pinned } = state;
    if (!point || character === "") {
      if (glyph.textContent === "" && readings.firstChild === hints) return;
      glyph.textContent = "";
      where.replaceChildren();
      readings.replaceChildren(hints);
      table.replaceChildren(element("p", "hints", "There is no character yet: type one."));
      return;
    }
    const { position } = point;
    glyph.textContent = glyphOf(character);
    const read = readingInWords(
      session.panels.slice(0, sheets.length).map(({ card, columns }) => ({
        unknown: columns.unknown.has(position),
        plain: plainIn(session.text, card.vocabulary).get(position),
      })),
    );
    const called = [nameOf(character), read].filter(Boolean).join(" · ");
    where.replaceChildren(
      element("b", "", `position ${position}`),
      pinned ? " · pinned" : "",
      element("br"),
      called,
    );
    const spans = [];
    const words = [];
    for (const [panel, sheet] of sheets.entries()) {
      const cell = cellBeside(point, sheets, panel);
      if (ofCells && !session.panels[panel]?.columns.slots.has(cell)) continue;
      for (const [memory, { name }] of sheet.memories.entries()) {
        const said = reading(panel, memory, cell);
        const value = element("b");
        wear(value, said, said.short, palette);
        const which = ofCells ? `cell ${cell}, ` : "";
        spans.push(
          element("span", "", `${letterOf(panel)} `, element("em", "", which), name, value),
        );
        const line = `${letterOf(panel)} ${which}${name} ${said.short}`;
        // What one points at is spoken first.
        if (panel === point.panel && memory === point.memory) words.unshift(line);
        else words.push(line);
      }
    }
    readings.replaceChildren(...spans);
    if (pinned) spoken.textContent = `${called}, position ${position}. ${words.join(". ")}`;
    if (!table.hidden)
      table.replaceChildren(
        ...sheets.map((sheet, panel) => tableOf(sheet, panel, palette, reading, ofCells)),
      );
  };

  /**
   * @param {Sheet} sheet
   * @param {number} panel
   * @param {import("../base/colour.js").Palette} palette
   * @param {(panel: number, memory: number, cell: number) => Reading} reading
   * @param {boolean} ofCells
   */
  function tableOf(sheet, panel, palette, reading, ofCells) {
    const made = element("table");
    const head = made.createTHead().insertRow();
    head.append(element("th", "", `Model ${letterOf(panel)}`));
    for (const cell of sheet.cells) {
      const th = element("th", "", ofCells ? `cell ${cell}` : "");
      th.scope = "col";
      head.append(th);
    }
    const body = made.createTBody();
    for (const [memory, { name, symbol }] of sheet.memories.entries()) {
      const row = body.insertRow();
      const th = element("th", "", `${name} ${symbol}`);
      th.scope = "row";
      row.append(th);
      for (const cell of sheet.cells) {
        const said = reading(panel, memory, cell);
        wear(row.insertCell(), said, said.text, palette);
      }
    }
    return made;
  }
}
