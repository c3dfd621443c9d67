// What is asked: the target, the symbol it may be of, and the method, as fields of the page.

import { element } from "../../base/dom.js";
import { offerIn } from "../../base/options.js";

/** @typedef {import("./origin.js").Target} Target */
/** @typedef {import("./origin.js").Method} Method */

export class Fields {
  /** @param {() => void} chosen @param {() => void} average */
  constructor(chosen, average) {
    this.target = element("select");
    this.target.id = "why-target";
    this.symbol = element("input");
    Object.assign(this.symbol, { size: 3, maxLength: 8, autocomplete: "off", id: "why-symbol" });
    this.symbol.setAttribute("aria-label", "The symbol whose probability is explained");
    this.method = element("select");
    this.method.id = "why-method";
    this.method.append(
      new Option("small changes (gradient)", "gradient"),
      new Option("leaving each out (exact)", "occlusion"),
    );
    this.mean = element("button", "toggle");
    this.mean.type = "button";
    this.mean.id = "why-mean";
    this.element = element(
      "div",
      "why-asks",
      element("label", "field", "Explain ", this.target),
      this.symbol,
      element("label", "field", "by ", this.method),
      this.mean,
    );
    for (const field of [this.target, this.symbol, this.method])
      field.addEventListener("change", chosen);
    this.mean.addEventListener("click", average);
  }

  /** @param {string} next the character that follows the one looked at @returns {{ target: Target, method: Method }} */
  chosen(next) {
    const [kind, column] = this.target.value.split(" ");
    const method = /** @type {Method} */ (this.method.value);
    if (kind === "symbol") return { target: { kind, symbol: this.symbol.value || next }, method };
    if (kind === "cell") return { target: { kind, column: Number(column) }, method };
    return { target: { kind: "surprise" }, method };
  }

  /**
   * @param {Target} target
   * @param {Method} method
   * @param {import("../../base/memories.js").Card | undefined} card of the first model
   * @param {string} cells those picked, in words
   */
  show(target, method, card, cells) {
    const options = [
      new Option("the surprise at a character", "surprise"),
      new Option("the probability, after a character, of", "symbol"),
      ...(card?.memories ?? []).map(
        ({ name, symbol }, k) => new Option(`cell ${cells}, ${name} ${symbol}`, `cell ${k}`),
      ),
    ];
    offerIn(this.target, options);
    this.target.value = target.kind === "cell" ? `cell ${target.column}` : target.kind;
    this.symbol.hidden = target.kind !== "symbol";
    if (target.kind === "symbol" && document.activeElement !== this.symbol)
      this.symbol.value = target.symbol;
    this.method.value = method;
  }
}
