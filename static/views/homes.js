// Where each view stands: over the models, and under the blocks of each.

import { $, element } from "../base/dom.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {{ above: HTMLElement, homes: HTMLElement[] }} Homes */

/** @param {View} view @param {string} place @param {HTMLElement} parent @param {Node | null} before */
function home({ name }, place, parent, before) {
  const made = element("div", "home");
  made.id = `${name}-${place}`;
  made.dataset.home = name;
  made.hidden = true;
  made.translate = false; // it quotes the text and what the models make of it
  parent.insertBefore(made, before);
  return made;
}

/** A view's homes, hidden. @param {View} view @returns {Homes} */
export function homesOf(view) {
  const figure = $("figure");
  const sheets = /** @type {HTMLElement[]} */ ([...figure.querySelectorAll(".sheet")]);
  return {
    above: home(view, "above", /** @type {HTMLElement} */ (figure.parentElement), figure),
    homes: sheets.map((sheet, panel) => home(view, String(panel), sheet, null)),
  };
}
