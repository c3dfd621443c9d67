// The question: a row of kinds, the characters selected, or what is written.

import { element, say } from "../../base/dom.js";
import { several } from "../../base/format.js";
import { askFor, SELECTED, wantedBy } from "../../state/question.js";

/** @typedef {{ key: string, label: string, share: number }} Kind share of the text's characters */

/** Milliseconds after the last key. */
const REST = 450;

export class Question {
  /** @param {HTMLElement} home @param {(ask: string) => void} asked */
  constructor(home, asked) {
    this.asked = asked;
    this.kinds = element("div", "kinds");
    this.kinds.setAttribute("role", "radiogroup");
    this.kinds.setAttribute("aria-label", "What the cells should mark");
    this.kind = element("select");
    this.kind.setAttribute("aria-label", "Kind of what is written");
    this.kind.append(new Option("text", "literal"), new Option("expression", "pattern"));
    this.written = element("input");
    this.written.type = "text";
    this.written.id = "find-written";
    this.written.maxLength = 1000;
    this.written.size = 14;
    this.written.autocomplete = "off";
    this.written.spellcheck = false;
    this.written.setAttribute("aria-label", "A text, or a regular expression");
    let timer = 0;
    const ask = () => {
      clearTimeout(timer);
      asked(askFor(/** @type {"literal" | "pattern"} */ (this.kind.value), this.written.value));
    };
    this.written.addEventListener("input", () => {
      clearTimeout(timer);
      timer = window.setTimeout(ask, REST);
    });
    this.written.addEventListener("change", ask);
    this.kind.addEventListener("change", () => this.written.value && ask());
    this.said = element("p", "find-said");
    this.said.setAttribute("role", "status");
    home.append(
      element(
        "div",
        "question",
        element("h2", "", "Find cells that mark"),
        this.kinds,
        element("span", "field", this.kind, this.written),
      ),
      this.said,
    );
    /** @type {Map<string, { label: HTMLElement, input: HTMLInputElement }>} */
    this.made = new Map();
  }

  /** @param {string} key @param {string} label @param {string} title @param {boolean} absent */
  #show(key, label, title, absent) {
    let kind = this.made.get(key);
    if (!kind) {
      const input = element("input");
      input.type = "radio";
      input.name = "find-kind";
      input.value = key;
      // Also where it stands for a question that nobody has asked yet.
      input.addEventListener("click", () => this.asked(key));
      kind = { input, label: element("label", "kind", input, element("span")) };
      this.made.set(key, kind);
      this.kinds.append(kind.label);
    }
    say(/** @type {Element} */ (kind.label.lastElementChild), label);
    kind.label.title = title;
    kind.label.classList.toggle("absent", absent);
    return kind;
  }

  /**
   * @param {string} ask what is asked, or stands for it
   * @param {readonly Kind[]} kinds
   * @param {import("../../state/state.js").Span | null} span
   */
  show(ask, kinds, span) {
    const size = span ? span.to - span.from : 0;
    const selected = this.#show(
      SELECTED,
      size > 0 ? `the ${several(size, "character")} selected` : "characters I select",
      "Select characters in the text or on the figure",
      size === 0,
    );
    selected.input.disabled = size === 0;
    for (const { key, label, share } of kinds)
      this.#show(
        key,
        label,
        share === 0
          ? "No character of this text"
          : `${(100 * share).toFixed(share < 0.01 ? 2 : 0)} % of the characters`,
        share === 0,
      );
    // One of them can always be reached by Tab.
    for (const [key, { input }] of this.made) input.checked = key === ask;
    const wanted = wantedBy(ask);
    if (document.activeElement === this.written) return;
    if (wanted && "literal" in wanted)
      [this.kind.value, this.written.value] = ["literal", wanted.literal];
    else if (wanted && "pattern" in wanted)
      [this.kind.value, this.written.value] = ["pattern", wanted.pattern];
    else this.written.value = "";
  }
}
