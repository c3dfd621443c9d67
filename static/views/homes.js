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
  parent.insertBefore(made, before);
  return made;
}

/** Link the view's style sheets and make its homes, hidden. @param {View} view @returns {Homes} */
export function homesOf(view) {
  for (const href of view.styles) {
    if (document.head.querySelector(`link[href="${href}"]`)) continue; // shared with another view
    const link = element("link");
    link.rel = "stylesheet";
    link.href = href;
    document.head.append(link);
  }
  const figure = $("figure");
  const sheets = /** @type {HTMLElement[]} */ ([...figure.querySelectorAll(".sheet")]);
  return {
    above: home(view, "above", /** @type {HTMLElement} */ (figure.parentElement), figure),
    homes: sheets.map((sheet, panel) => home(view, String(panel), sheet, null)),
  };
}
