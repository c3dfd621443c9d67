// That a question is on its way, and how far it is.

import { element, say } from "../../base/dom.js";
import { percent } from "../../base/format.js";

export class Waiting {
  constructor() {
    this.bar = element("progress");
    this.bar.max = 1;
    this.bar.setAttribute("aria-label", "Progress of the question to the corpus");
    this.words = element("span");
    this.element = element("p", "waiting-for", this.bar, this.words);
    this.element.setAttribute("role", "status");
  }

  /** @param {string} words "" for nothing @param {number | null} share null: not known */
  show(words, share) {
    say(this.words, words && share !== null ? `${words}: ${percent(share)}` : words);
    this.element.hidden = words === "";
    if (share === null) this.bar.removeAttribute("value");
    else this.bar.value = share;
  }
}
