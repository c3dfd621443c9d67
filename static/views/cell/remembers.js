// How long one cell of a model remembers: by the report shipped with the model, and measured here on the text
// that is shown.

import { element, say } from "../../base/dom.js";
import { counted, inCharacters } from "../../base/format.js";
import { statesOf } from "../../base/memories.js";
import { ROLE_COLOURS, roleOf } from "../../base/roles.js";
import { seeded } from "../../base/surprisal.js";
import { rowOf } from "../../wire/timescales.js";
import { trace } from "../../wire/trace.js";
import { eFold } from "../forgetting/difference.js";
import { drawLasting } from "./lastingchart.js";
import {
  distances,
  interval,
  outlasts,
  passagesOf,
  pooled,
  SHORTEST_TEXT,
  swapped,
} from "./swap.js";

/** @typedef {import("../view.js").Card} Card */
/** @typedef {import("../view.js").Memory} Memory */
/** @typedef {import("./lastingchart.js").Lasts} Lasts */
/**
 * What is measured of one memory on this text.
 * @typedef {object} Measured
 * @property {Float64Array | null} curve
 * @property {number | null} tau
 * @property {[number | null, number | null]} interval
 */

/** A text that is being typed is not measured at every key. */
const REST = 1500;
/** So often one memory has to last longer than another, over passages drawn anew, to be said to. */
const SURE = 0.95;

/** @param {Memory} memory */
const hasCells = ({ state, level }) => state === "c" && level !== null;

/** @param {number | null} tau */
const characters = (tau) => (tau === null ? "longer than could be measured" : inCharacters(tau));

/** @param {number | null} low @param {number | null} high */
const between = (low, high) =>
  low === null ? "" : ` [${inCharacters(low)}, ${high === null ? "…" : inCharacters(high)}]`;

export class Remembers {
  /** @param {import("../view.js").Page} page */
  constructor(page) {
    this.page = page;
    this.key = "";
    /** @type {Card | null} */
    this.card = null;
    this.cell = 0;
    this.text = "";
    /** What the drawing there is was made of. @type {unknown[]} */
    this.drawn = [];
    /** @type {Measured[]} by memory with cells */
    this.measured = [];
    this.timer = 0;
    this.running = new AbortController();
    this.frame = element("div", "lasting-frame");
    this.said = element("p", "lasting-said");
    this.progress = element("progress", "lasting-progress");
    this.progress.setAttribute("aria-label", "Measuring on this text");
    this.progress.hidden = true;
    this.node = element(
      "figure",
      "curve lasting",
      element(
        "figcaption",
        "",
        element("b", "", "remembers"),
        " what is left of a difference, after n characters",
      ),
      this.frame,
      this.progress,
      this.said,
    );
  }

  /** @param {Card | undefined} card @param {number} cell @param {string} text @param {boolean} changed the model is under interventions */
  show(card, cell, text, changed) {
    const key = JSON.stringify([card?.sha256, cell, text, changed]);
    this.node.hidden = !card || card.memories.filter(hasCells).length === 0;
    if (this.node.hidden || !card) return this.stop();
    if (key === this.key) return this.draw();
    this.stop();
    this.key = key;
    this.measured = [];
    Object.assign(this, { card, cell: Math.min(cell, card.hidden - 1), text });
    const length = [...text].length;
    if (changed) this.#say("Measured of the untouched model only.");
    else if (length < SHORTEST_TEXT)
      this.#say(
        `Measuring on this text needs ${counted(SHORTEST_TEXT)} characters; it has ${counted(length)}.`,
      );
    else {
      this.#say("");
      this.timer = window.setTimeout(() => this.#measure(), REST);
    }
    return this.draw();
  }

  /** What is measured is not wanted any more. */
  stop() {
    clearTimeout(this.timer);
    this.running.abort();
    this.progress.hidden = true;
    this.key = "";
  }

  /** Nobody waits for what is not measured yet. */
  leave() {
    if (this.measured.length === 0) this.stop();
  }

  async #measure() {
    const { card, cell, text } = this;
    if (!card) return;
    this.running = new AbortController();
    const { signal } = this.running;
    const letters = [...text];
    const passages = passagesOf(letters.length);
    /** @param {string} read */
    const values = async (read) => {
      const asked = { model: card.name, text: read, signal: /** @type {const} */ ("display") };
      return (await trace({ ...asked, cells: [cell] }, signal)).values;
    };
    this.progress.hidden = false;
    this.progress.max = passages.length + 1;
    this.progress.value = 0;
    try {
      const own = await values(text);
      /** @type {Float32Array[]} */
      const others = [];
      for (const passage of passages) {
        this.progress.value += 1;
        others.push(await values(swapped(letters, passage)));
      }
      const stride = card.layers * card.depth;
      const apart = card.memories
        .filter(hasCells)
        .map(({ layer, level }) =>
          passages.map((passage, k) =>
            distances(own, others[k] ?? [], passage, stride, layer * card.depth + (level ?? 0)),
          ),
        );
      const chance = seeded(1);
      this.measured = apart.map((each) => {
        const curve = pooled(each);
        return { curve, tau: curve && eFold(curve), interval: interval(each, eFold, chance) };
      });
      const [inner, outer] = card.depth > 1 ? [apart[0], apart.at(-1)] : [];
      const share = inner && outer ? outlasts(inner, outer, eFold, chance) : null;
      this.#say(this.#words(share));
    } catch (error) {
      if (!signal.aborted) {
        this.#say(/** @type {Error} */ (error).message);
        this.key = ""; // what was asked in vain is asked again
      }
    }
    if (!signal.aborted) this.progress.hidden = true;
    this.draw();
  }

  /** @param {number | null} share how often inner lasts longer than outer */
  #words(share) {
    const memories = this.card?.memories.filter(hasCells) ?? [];
    const each = memories.map(({ name }, k) => {
      const { curve, tau = null, interval: ends } = this.measured[k] ?? {};
      if (!curve) return `${name}: no difference`;
      return `${name} ${characters(tau)}${between(...(ends ?? [null, null]))}`;
    });
    const verdict =
      share === null
        ? ""
        : share >= SURE
          ? " The inner memory lasts longer."
          : share <= 1 - SURE
            ? " The outer memory lasts longer."
            : " Which of the two lasts longer cannot be told from this text.";
    return `On this text: ${each.join(", ")} characters.${verdict}`;
  }

  /** @param {string} words */
  #say(words) {
    say(this.said, words);
  }

  draw() {
    const { card, cell } = this;
    if (!card || this.node.hidden) return;
    const report = this.page.report(card);
    const { shade } = this.page.store.get();
    const drawn = [card, cell, report, shade, this.frame.clientWidth, ...this.measured];
    if (drawn.length === this.drawn.length && drawn.every((each, k) => each === this.drawn[k]))
      return;
    this.drawn = drawn;
    const states = statesOf(card.memories);
    const rows = card.memories.filter(hasCells).map((memory, k) => {
      const row = report ? rowOf(report, memory) : undefined;
      const ok = row?.status[cell] === "ok";
      const shares = row?.each?.shares[cell];
      const told = ok || row?.status[cell] === "censored";
      /** @type {Lasts} */
      const lasts = {
        name: memory.name,
        colour: ROLE_COLOURS[shade][roleOf(memory, states)],
        all: row?.curves ?? null,
        tau: ok ? (row?.tau[cell] ?? null) : null,
        low: row?.low[cell] ?? null,
        high: row?.high[cell] ?? null,
        measured: row?.each && shares && told ? { lags: row.each.lags, shares } : null,
        curve: this.measured[k]?.curve ?? null,
      };
      return lasts;
    });
    this.frame.replaceChildren(drawLasting(rows, this.frame.clientWidth, report?.text ?? null));
  }
}
