// The change of the text that a view follows: which characters, and what stands there instead.

import { element, say } from "../base/dom.js";
import { glyphOf } from "../base/format.js";
import { wordAt } from "./forgetting/difference.js";

/** @typedef {import("../state/state.js").Change} Change */

const EXTENTS = { character: "character", word: "word", gap: "place before" };

export class ChangeField {
  /**
   * @param {string} view its name, for the ids
   * @param {(change: Change) => void} changed
   * @param {(Node | string)[]} more what else the view asks
   */
  constructor(view, changed, ...more) {
    this.changed = changed;
    /** @type {readonly string[]} */
    this.characters = [];
    /** @type {Change} */
    this.change = { at: 0, delete: 0, insert: "" };
    this.where = element("span", "changed");
    this.insert = element("input");
    this.insert.id = `${view}-insert`;
    this.insert.size = 10;
    this.insert.placeholder = "nothing";
    this.insert.autocomplete = "off";
    this.insert.spellcheck = false;
    this.insert.addEventListener("input", () => this.#set({ insert: this.insert.value }));
    this.extent = element("select");
    this.extent.append(...Object.entries(EXTENTS).map(([name, words]) => new Option(words, name)));
    this.extent.addEventListener("change", () => this.choose(this.change.at));
    this.element = element(
      "div",
      "change",
      element("label", "field", "Change the ", this.extent),
      this.where,
      element("label", "field", "to ", this.insert),
      ...more,
    );
  }

  /** @param {readonly string[]} characters of the text @param {Change} change */
  show(characters, change) {
    this.characters = characters;
    this.change = change;
    const { at, delete: gone, insert } = change;
    const old = characters.slice(at, at + Math.max(1, gone)).map(glyphOf);
    say(this.where, `“${old.join("")}” at ${at}`);
    if ((gone === 0) !== (this.extent.value === "gap"))
      this.extent.value = gone === 0 ? "gap" : gone === 1 ? "character" : "word";
    if (document.activeElement !== this.insert) this.insert.value = insert;
  }

  /** @param {Partial<Change>} change */
  #set(change) {
    this.changed({ ...this.change, ...change });
  }

  /** What stands at a character, or before it, is changed from now on. @param {number} position */
  choose(position) {
    if (this.extent.value === "gap") this.#set({ at: position, delete: 0 });
    else if (this.extent.value === "word") this.#set(wordAt(this.characters, position));
    else this.#set({ at: position, delete: 1 });
  }
}
