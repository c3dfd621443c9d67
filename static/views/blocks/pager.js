// Where the models are swiped: which one is in sight, and a button for each.

import { element, say } from "../../base/dom.js";
import { letterOf, PLACES } from "../../base/places.js";

export class Pager {
  /** @param {HTMLElement} figure what is swiped @param {HTMLElement[]} sheets one a place */
  constructor(figure, sheets) {
    this.figure = figure;
    this.sheets = sheets;
    this.buttons = PLACES.map((_, panel) => {
      const button = element(
        "button",
        "",
        element("b", "badge", letterOf(panel)),
        element("span", "called"),
      );
      button.type = "button";
      button.addEventListener("click", () => this.to(panel));
      return button;
    });
    this.element = element("div", "pager", ...this.buttons);
    this.element.setAttribute("role", "group");
    this.element.setAttribute("aria-label", "Models: swipe the figure sideways, or choose");
    this.element.hidden = true;
    figure.before(this.element);
    figure.addEventListener("scroll", () => this.#say(), { passive: true });
  }

  /** @param {readonly string[]} names of the models @param {boolean} swiped */
  show(names, swiped) {
    this.element.hidden = !swiped;
    for (const [panel, button] of this.buttons.entries()) {
      button.hidden = panel >= names.length;
      say(/** @type {Element} */ (button.lastElementChild), names[panel] ?? "");
    }
    this.#say();
  }

  /** Bring a model into sight. @param {number} panel */
  to(panel) {
    const sheet = this.sheets[panel];
    if (this.element.hidden || !sheet) return;
    this.figure.scrollTo({ left: sheet.offsetLeft - (this.sheets[0]?.offsetLeft ?? 0) });
  }

  /** Bring a model into sight that is not. @param {number} panel */
  reveal(panel) {
    const sheet = this.sheets[panel];
    if (this.element.hidden || !sheet) return;
    const left = sheet.offsetLeft - (this.sheets[0]?.offsetLeft ?? 0) - this.figure.scrollLeft;
    if (left < -1 || left + sheet.offsetWidth > this.figure.clientWidth + 1) this.to(panel);
  }

  #say() {
    if (this.element.hidden) return;
    const { left, right } = this.figure.getBoundingClientRect();
    for (const [panel, button] of this.buttons.entries()) {
      const box = this.sheets[panel]?.getBoundingClientRect();
      const middle = box ? (box.left + box.right) / 2 : -1;
      button.setAttribute("aria-pressed", String(middle > left && middle < right));
    }
  }
}
