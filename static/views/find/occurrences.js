// Where the corpus has what is asked for, with the cell's curves.

import { element, say } from "../../base/dom.js";
import { several } from "../../base/format.js";
import { showPlaces } from "./match.js";

/** How often it is there. @param {string} what @param {{ total: number, spans: object[] }} places */
const inWords = (what, { total, spans }) =>
  total === 0
    ? `${what}: nowhere in the corpus.`
    : `${what}: ${several(total, "place")}${total > spans.length ? `; the first ${spans.length}` : ""}, with the cell’s curves`;

export class Occurrences {
  /**
   * @param {number} context characters around each
   * @param {(found: { start: number, stop: number, text: string }) => void} read one is read on the page
   */
  constructor(context, read) {
    this.context = context;
    this.read = read;
    this.places = element("ol", "places");
    this.said = element("p", "find-said");
    this.element = element("section", "occurrences", this.said, this.places);
  }

  /** @param {string} what is asked for, in words @param {any} places what the corpus has answered */
  show(what, places) {
    say(this.said, places ? inWords(what, places) : "");
    showPlaces(this.places, places?.spans ?? [], this.context, this.read);
  }
}
