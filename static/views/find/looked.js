// Where the text has what: asked of the server once a text and question, the newest counts.

import { marks } from "../../wire/marks.js";
import { UNREACHABLE } from "../../wire/post.js";

/** @typedef {import("../../wire/marks.js").Mark} Mark */
/** @typedef {import("../../state/question.js").Wanted} Wanted */

/** Milliseconds that a text rests before it is looked through again. */
const REST = 150;

export class Looked {
  /** @param {() => void} came there are other marks, or there is a problem */
  constructor(came) {
    this.came = came;
    /** Of every kind. @type {Mark[]} */
    this.marks = [];
    /** Of what is written. @type {Mark | null} */
    this.written = null;
    this.problem = "";
    this.key = "";
    this.timer = 0;
    this.controller = new AbortController();
  }

  /** @param {string} text @param {Wanted | null} wanted */
  look(text, wanted) {
    const key = JSON.stringify([text, wanted]);
    if (key === this.key) return;
    this.key = key;
    clearTimeout(this.timer);
    this.controller.abort();
    this.controller = new AbortController();
    const { signal } = this.controller;
    const rest = this.marks.length === 0 ? 0 : REST;
    this.timer = window.setTimeout(() => this.#ask(text, wanted, signal), rest);
  }

  /** Nobody waits for them: they are asked for again. */
  leave() {
    clearTimeout(this.timer);
    this.controller.abort();
    this.key = "";
  }

  /** @param {string} text @param {Wanted | null} wanted @param {AbortSignal} signal */
  async #ask(text, wanted, signal) {
    try {
      const named = await marks(text, null, signal);
      const own = wanted && !("feature" in wanted) ? await marks(text, wanted, signal) : [];
      if (signal.aborted) return;
      this.marks = named;
      this.written = own[0] ?? null;
      this.problem = "";
    } catch (error) {
      if (signal.aborted) return;
      this.written = null;
      this.problem = /** @type {Error} */ (error).message;
      if (this.problem === UNREACHABLE) this.key = ""; // what was asked in vain is asked again
    }
    this.came();
  }
}
