// What the page of digits shows, as the fragment of its address. Pure.

import { PALETTES } from "../../base/colour.js";
import { GLIMPSES } from "./glimpses.js";
import { formatHeld, parseHeld } from "./held.js";
import { formatDrawing, parseDrawing } from "./strokes.js";

/**
 * @typedef {object} Shown
 * @property {string} a the networks, by name
 * @property {string} b
 * @property {readonly import("./strokes.js").Stroke[]} strokes
 * @property {string} sample the sample they are, "" of a drawing
 * @property {number} step glimpses that are read, 1 .. 20
 * @property {number} pick a cell
 * @property {import("./held.js").Held | null} held a cell that is held while the networks read
 * @property {import("../../base/colour.js").PaletteName} palette
 */
/** @typedef {Shown & { hover: import("./panel.js").Place | null, playing: boolean }} State */

/** @param {Shown} shown */
export function formatDigits({ a, b, strokes, sample, step, pick, held, palette }) {
  const parts = [
    `a=${encodeURIComponent(a)}`,
    `b=${encodeURIComponent(b)}`,
    sample ? `sample=${sample}` : `drawing=${formatDrawing(strokes)}`,
  ];
  if (step < GLIMPSES) parts.push(`step=${step}`);
  if (pick > 0) parts.push(`pick=${pick}`);
  if (held) parts.push(`hold=${formatHeld(held)}`);
  if (palette !== "paper") parts.push(`palette=${palette}`);
  return `#${parts.join("&")}`;
}

/**
 * What of it makes sense.
 * @param {string} fragment
 * @returns {Partial<Shown>}
 */
export function parseDigits(fragment) {
  const said = new URLSearchParams(fragment.replace(/^#/, ""));
  /** @type {Partial<Shown>} */
  const shown = {};
  for (const name of /** @type {const} */ (["a", "b", "sample"])) {
    const value = said.get(name);
    if (value) shown[name] = value;
  }
  const drawing = said.get("drawing");
  if (drawing !== null) shown.strokes = parseDrawing(drawing);
  const step = Number(said.get("step") ?? Number.NaN);
  if (Number.isInteger(step) && step >= 1 && step <= GLIMPSES) shown.step = step;
  const pick = said.get("pick") ?? "";
  if (/^\d{1,5}$/.test(pick)) shown.pick = Number(pick);
  const held = parseHeld(said.get("hold") ?? "");
  if (held) shown.held = held;
  const palette = said.get("palette") ?? "";
  if (Object.hasOwn(PALETTES, palette))
    shown.palette = /** @type {import("../../base/colour.js").PaletteName} */ (palette);
  return shown;
}
