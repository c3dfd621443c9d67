// The cells found become those that the other views show: that is said, and undone at a press.

import { element, say } from "../../base/dom.js";
import { letterOf } from "../../base/places.js";
import { pickedEach } from "../../state/panels.js";
import { pickOf, shownCards } from "../../state/state.js";

/** @typedef {import("../../state/state.js").State} State */
/** @typedef {Pick<State, "pick" | "pickB">} Picks */

/** @param {readonly string[]} words */
const listed = (words) => words.join(" and ");

/** Which cells are picked now that were not; "" none. @param {State} state as it was @param {Picks} picks */
export function pickedWords(state, picks) {
  const cells = shownCards(state)
    .slice(0, 2)
    .flatMap((_, panel) => {
      const cell = pickOf({ ...state, ...picks }, panel);
      return cell === pickOf(state, panel) ? [] : [`${letterOf(panel)}’s cell ${cell}`];
    });
  return cells.length > 0 ? `Cell, Why, Forgetting and Pair are on ${listed(cells)} now.` : "";
}

export class Picked {
  /**
   * @param {HTMLElement} home
   * @param {import("../view.js").Page["store"]} store
   * @param {() => void} undone the button is gone: the focus has to go somewhere
   */
  constructor(home, store, undone) {
    this.store = store;
    /** @type {Picks | null} */
    this.before = null;
    /** @type {Picks | null} */
    this.after = null;
    this.words = element("span");
    this.undo = element("button", "quiet", "Undo");
    this.undo.type = "button";
    this.undo.addEventListener("click", () => {
      if (this.before) store.set(this.before);
      undone();
    });
    this.element = element("p", "find-picked", this.words, " ", this.undo);
    this.element.setAttribute("role", "status");
    this.element.hidden = true;
    home.append(this.element);
  }

  /** @param {readonly (import("../../state/state.js").Found | null | undefined)[]} found by panel @returns {Partial<State>} */
  pick(found) {
    const state = this.store.get();
    const picks = pickedEach(state, found);
    const words = pickedWords(state, picks);
    if (words === "") return {};
    this.before = { pick: state.pick, pickB: state.pickB };
    this.after = picks;
    say(this.words, words);
    return picks;
  }

  /** It is said as long as it holds. */
  show() {
    const { pick, pickB } = this.store.get();
    this.element.hidden = pick !== this.after?.pick || pickB !== this.after.pickB;
  }
}
