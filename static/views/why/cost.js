// Which memory a model needs from a character on: a bar a memory, beside what random cells cost.

import { element, say } from "../../base/dom.js";
import { letterOf } from "../../base/places.js";
import { complaint } from "../../state/complaint.js";
import { post, UNREACHABLE } from "../../wire/post.js";
import { AFTER, axisOf, inBits, nameOf, OPERATIONS, placeOf, SETS, sentence } from "./loss.js";

/** @typedef {import("../view.js").Card} Card */
/** @typedef {import("./loss.js").Answer} Answer */

/** Milliseconds that all rests before it is asked. */
const REST = 350;

export class Cost {
  /** @param {import("../view.js").Page} page */
  constructor(page) {
    this.page = page;
    this.complain = complaint(page.store);
    this.operation = element("select");
    this.operation.id = "cost-operation";
    this.operation.append(...OPERATIONS.map(([value, words]) => new Option(words, value)));
    this.operation.addEventListener("change", () => this.ask());
    this.where = element("span", "cost-where");
    /** One under each model; what is done is chosen under the first. */
    this.parts = page.homes.map((home, panel) => {
      const said = element("p", "cost-said");
      said.setAttribute("role", "status");
      const chart = element("div", "cost-chart");
      const asked =
        panel === 0 ? [element("label", "field", "Each is ", this.operation), this.where] : [];
      const head = element(
        "div",
        "why-asks",
        element("b", "", "Which memory is needed?"),
        ...asked,
      );
      const node = element("section", "cost", head, said, chart);
      home.append(node);
      return { node, said, chart };
    });
    /** @type {Card[]} */
    this.cards = [];
    /** Whether each model reads under interventions. @type {boolean[]} */
    this.changed = [];
    this.text = "";
    this.question = "";
    this.timer = 0;
    /** @type {AbortController | null} */
    this.asking = null;
  }

  /** @param {import("../view.js").Scene} scene @param {readonly string[]} text */
  show({ cards, sheets, border }, text) {
    const { point, pinned } = this.page.store.get();
    const from = placeOf(text.length, border, pinned && point ? point.position : null);
    this.cards = cards;
    this.changed = sheets.map(({ made }) => made.length > 0);
    this.from = from;
    // What comes after is not looked at: neither is it sent.
    this.text = from === null ? "" : text.slice(0, from + AFTER + 1).join("");
    say(
      this.where,
      from === null
        ? "There is too little text: type two characters."
        : `from character ${from} on${pinned ? "" : " (pin another)"}`,
    );
    this.ask();
  }

  ask() {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.#ask(), REST);
  }

  /** Nobody looks at it any more. */
  leave() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.question = "";
    this.complain("");
  }

  async #ask() {
    const { from, cards, changed, text } = this;
    const operation = this.operation.value;
    const hashes = cards.map(({ sha256 }) => sha256);
    const question = JSON.stringify([hashes, changed, from, operation, text]);
    if (this.page.above.hidden || question === this.question) return;
    this.question = question;
    this.asking?.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    for (const { node } of this.parts) node.classList.add("waiting");
    this.complain("");
    if (from === null || from === undefined) return this.#draw([]);
    const answers = await Promise.all(
      cards.map(({ name: model }, panel) => {
        if (changed[panel]) return null;
        return post(
          "api/effects",
          { model, text, from, operation, random: SETS, after: AFTER },
          signal,
        ).catch((error) => {
          if (!signal.aborted) {
            if (error.message === UNREACHABLE) this.question = ""; // and is asked again
            this.complain(String(error.message));
          }
          return null;
        });
      }),
    );
    if (!signal.aborted) this.#draw(answers);
    return undefined;
  }

  /** @param {(Answer | null)[]} answers */
  #draw(answers) {
    const known = answers.flatMap((answer) => answer ?? []);
    const most = axisOf(known);
    /** @param {number} bits */
    const at = (bits) => `${(100 * Math.max(0, bits)) / most}%`;
    for (const [panel, { node, said, chart }] of this.parts.entries()) {
      const answer = answers[panel];
      const card = this.cards[panel];
      node.classList.remove("waiting");
      node.hidden = !card;
      const untold = this.changed[panel] ? "Measured of the untouched model only." : "";
      say(said, answer && card ? sentence(card, letterOf(panel), answer) : untold);
      if (!answer || !card) {
        chart.replaceChildren();
        continue;
      }
      const { low, high } = answer.groups[0]?.random ?? {};
      const rows = answer.groups.map((group) => {
        const bar = element("i", "cost-bar");
        bar.style.width = at(group.total);
        const band = element("i", "cost-band");
        band.style.left = at(low ?? 0);
        band.style.width = `calc(${at(high ?? 0)} - ${at(low ?? 0)})`;
        return element(
          "li",
          "",
          element("b", "", nameOf(card, group)),
          element("span", "cost-track", band, bar),
          element("span", "cost-bits", `${inBits(group.total)} bits`),
        );
      });
      chart.replaceChildren(
        element("ul", "", ...rows),
        element("p", "", "bits lost · band: 90 % of random sets of as many cells"),
      );
    }
  }
}
