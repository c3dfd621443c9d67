// What a corpus says of one cell: whether it marks the feature there too, where it is highest and lowest, how its
// values are spread, and where else it is like here.

import { element, say } from "../../base/dom.js";
import { counted } from "../../base/format.js";
import { offerIn } from "../../base/options.js";
import { ask, corpora, NO_LIST, textOf } from "../../wire/corpora.js";
import { UNREACHABLE } from "../../wire/post.js";
import { checkOf, histogramOf } from "./check.js";
import { Match } from "./match.js";
import { besideOf, inCorpus, placeIn } from "./network.js";
import { Occurrences } from "./occurrences.js";
import { Passages } from "./passages.js";
import { Waiting } from "./waiting.js";

/** @typedef {import("../view.js").Card} Card */
/** @typedef {import("../../wire/corpora.js").Corpus} Corpus */
/** @typedef {import("../../state/question.js").Wanted} Wanted */
/** @typedef {import("../../state/state.js").Span} Span */
/**
 * @typedef {object} Asked
 * @property {Card} card
 * @property {number} memory
 * @property {number} cell
 * @property {Wanted | null} wanted null: the characters selected
 * @property {string} what in words
 * @property {Span | null} span
 * @property {number | null} here AUC on the page's text
 * @property {boolean} changed the model reads the text under interventions: a corpus was read without
 * @property {boolean} eager a corpus that is not indexed is, without another word
 */

const PASSAGES = 5;
/** Characters around a passage, as it is read on the page. */
const READ = 300;
const CONTEXT = 60;

/** @param {Asked} asked */
const keyOf = ({ card: { name, sha256 }, memory, cell, wanted, span, changed, eager }) =>
  JSON.stringify([name, sha256, memory, cell, wanted, wanted ? null : span, changed, eager]);

export class Answer {
  /**
   * @param {HTMLElement} home
   * @param {number} panel
   * @param {object} page
   * @param {() => import("../../base/colour.js").Palette} page.palette
   * @param {() => import("../../wire/columns.js").Columns | undefined} page.columns
   * @param {(text: string, position: number) => void} page.read
   */
  constructor(home, panel, page) {
    this.page = page;
    this.panel = panel;
    this.key = "";
    this.failed = false;
    /** @type {Map<string, string>} the corpus chosen, by model */
    this.chosen = new Map();
    this.controller = new AbortController();
    this.title = element("h3");
    this.choice = element("select");
    this.choice.setAttribute("aria-label", "Corpus");
    this.choice.addEventListener("change", () => {
      if (this.asked) this.chosen.set(this.asked.card.name, this.choice.value);
      this.#begin();
    });
    this.waiting = new Waiting();
    this.start = element("button", "go");
    this.start.type = "button";
    this.start.addEventListener("click", () => this.#begin(true));
    this.problem = element("p", "problem");
    this.problem.setAttribute("role", "alert");
    this.check = element("div");
    this.spread = element("div");
    this.passages = new Passages(
      () => this.#begin(),
      (text, position) => this.page.read(text, position),
    );
    const query = (/** @type {string} */ question, /** @type {object} */ body) =>
      this.#ask(question, body);
    this.match = new Match(query, (found) => this.#read(found));
    this.occurrences = new Occurrences(CONTEXT, (found) => this.#read(found));
    this.body = element(
      "div",
      "answer-body",
      this.check,
      element("section", "", element("h4", "", "Its values over the corpus"), this.spread),
      this.passages.element,
      this.match.element,
      this.occurrences.element,
    );
    this.element = element(
      "section",
      "answer",
      element("header", "", this.title, this.choice),
      this.waiting.element,
      this.start,
      this.problem,
      this.body,
    );
    home.append(this.element);
    /** @type {Asked | null} */
    this.asked = null;
    /** @type {Corpus | null} */
    this.corpus = null;
    /** What stands on the page. @type {Record<string, any> | null} */
    this.painted = null;
    /** What was answered of this cell. @type {{ passages?: any, counts?: number[], ranking?: any, places?: any }} */
    this.known = {};
  }

  /** @param {Asked | null} asked */
  show(asked) {
    this.asked = asked;
    this.element.hidden = asked === null;
    const key = asked ? keyOf(asked) : "";
    // What was asked in vain is asked again.
    if (key === this.key && !this.failed) return;
    this.key = key;
    this.#begin();
  }

  /** Nobody waits for it: what is not answered yet is asked again. */
  leave() {
    this.controller.abort();
    this.key = "";
  }

  /** Colours are new. */
  repaint() {
    this.#draw();
  }

  /** @param {boolean} [wanted] to be indexed where it is not */
  async #begin(wanted = false) {
    this.controller.abort();
    this.controller = new AbortController();
    this.failed = false;
    const { signal } = this.controller;
    const { asked } = this;
    if (!asked) return;
    this.waiting.show("", null);
    this.start.hidden = true;
    this.element.ariaBusy = "true";
    say(this.problem, "");
    try {
      const { card } = asked;
      const mine = (await corpora(signal)).filter(({ model }) => model === card.name);
      signal.throwIfAborted();
      const corpus =
        mine.find(({ name }) => name === this.chosen.get(card.name)) ?? mine[0] ?? null;
      this.#show(mine, corpus);
      if (!corpus) return;
      if (corpus.status !== "ready" && corpus.status !== "indexing" && !asked.eager && !wanted) {
        this.start.hidden = false;
        say(this.start, `Check it on ${textOf(corpus)}: ${counted(corpus.characters)} characters`);
        return;
      }
      await this.#answer(asked, signal);
      this.waiting.show("", null);
    } catch (error) {
      if (signal.aborted) return;
      const { message } = /** @type {Error} */ (error);
      // A refusal would be the same again.
      this.failed = message === UNREACHABLE || message === NO_LIST;
      this.waiting.show("", null);
      say(this.problem, message);
    } finally {
      if (!signal.aborted) this.element.ariaBusy = "false";
    }
  }

  /** @param {Corpus[]} mine @param {Corpus | null} corpus */
  #show(mine, corpus) {
    const { asked } = this;
    if (!asked) return;
    const { card, memory, cell } = asked;
    if (this.corpus?.name !== corpus?.name || this.shown !== this.key) this.known = {};
    this.shown = this.key;
    this.corpus = corpus;
    this.choice.hidden = mine.length < 2;
    offerIn(
      this.choice,
      mine.map((each) => new Option(textOf(each), each.name)),
    );
    if (corpus) this.choice.value = corpus.name;
    const which = `${card.memories[memory]?.name} cell ${cell}`;
    say(
      this.title,
      corpus
        ? `${which}, checked on ${textOf(corpus)}${asked.changed ? " as the untouched network read it" : ""}`
        : `${which}: no corpus was read with ${card.name}`,
    );
    this.passages.press();
    this.match.element.hidden = asked.wanted !== null;
    this.occurrences.element.hidden = asked.wanted === null;
    this.#draw();
  }

  /** @param {string} question @param {object} body @returns {Promise<any>} null where another question has come */
  async #ask(question, body) {
    const { corpus, controller } = this;
    if (!corpus) return null;
    const { signal } = controller;
    try {
      return await ask(corpus, question, body, {
        signal,
        progress: ({ words, share }) => signal.aborted || this.waiting.show(words, share),
      });
    } catch (error) {
      if (!signal.aborted) throw error;
      return null;
    }
  }

  /** Quick answers first. @param {Asked} asked @param {AbortSignal} signal */
  async #answer({ card, memory, cell, wanted, span }, signal) {
    const place = placeIn(card, memory, cell);
    const beside = besideOf(card, memory).map((other) => placeIn(card, other, cell));
    const body = {
      ...place,
      end: this.passages.end,
      count: PASSAGES,
      context: READ,
      others: beside,
    };
    this.waiting.show("Asking the corpus", null);
    this.known.passages = await this.#ask("passages", body);
    if (signal.aborted) return;
    this.#draw();
    this.known.counts = (await this.#ask("histogram", place))?.counts;
    if (signal.aborted) return;
    this.#draw();
    if (!wanted) {
      const columns = this.page.columns();
      if (columns && span) await this.match.show(card, columns, inCorpus(card), span);
      return;
    }
    const show = [memory, ...besideOf(card, memory)].map((m) => placeIn(card, m, cell));
    this.known.places = await this.#ask("search", { ...wanted, count: 12, context: CONTEXT, show });
    if (signal.aborted) return;
    this.#draw();
    this.waiting.show("Comparing all cells with chance", null);
    this.known.ranking = await this.#ask("selectivity", { ...wanted, cells: [place] });
    if (!signal.aborted) this.#draw();
  }

  /** What is known by now. */
  #draw() {
    const { asked, known } = this;
    if (!asked) return;
    const palette = this.page.palette();
    const { card, memory, here, what } = asked;
    const [row] = known.ranking?.rows ?? [];
    const cells = inCorpus(card).length * card.hidden;
    const signed = row && here !== null ? (row.sign > 0 ? here : 1 - here) : null;
    this.check.replaceChildren(...(row ? [checkOf(row, known.ranking, signed, cells)] : []));
    this.body.classList.toggle("empty", !known.passages);
    // What stands already stays, and with it what is focused there.
    const painted = { ...known, palette };
    const before = this.painted;
    const anew = before?.palette !== palette;
    this.painted = painted;
    if (anew || before?.counts !== known.counts)
      this.spread.replaceChildren(...(known.counts ? [histogramOf(known.counts, palette)] : []));
    if (anew || before?.passages !== known.passages)
      this.passages.show(card, memory, known.passages?.passages ?? [], palette);
    if (anew || before?.places !== known.places) this.occurrences.show(what, known.places);
  }

  /** @param {{ start: number, stop: number, text: string }} found */
  #read({ start, text }) {
    this.page.read(text, Math.min(CONTEXT, start));
  }
}
