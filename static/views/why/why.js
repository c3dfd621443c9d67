// Which earlier characters a surprise, a prediction or a cell's value comes from: the text before the character
// looked at, coloured by how much each character counts; and how much lies how far back.

import { surprisePixels } from "../../base/colour.js";
import { element, say } from "../../base/dom.js";
import { glyphOf, signed } from "../../base/format.js";
import { letterOf } from "../../base/places.js";
import { madeIn, pickOf } from "../../state/state.js";
import { post } from "../../wire/post.js";
import { under } from "../../wire/requests.js";
import { Cost } from "./cost.js";
import { drawCurve } from "./curve.js";
import {
  BACK,
  bodyOf,
  byDistance,
  bytesOf,
  formatWhy,
  isShut,
  meanByDistance,
  NEAR,
  parseWhy,
  within,
} from "./origin.js";

/** @typedef {import("../view.js").Scene} Scene */
/** @typedef {import("../view.js").Point} Point */
/** @typedef {import("./origin.js").Target} Target */
/** @typedef {{ value: number, values: (number | null)[], sizes: number[] }} Answer */

/** Milliseconds that the pointer rests before a character is asked about. */
const REST = 60;
/** Places of a passage that a mean is taken over. */
const PLACES = 24;

export class Why {
  /** @param {import("../view.js").Page} page */
  constructor(page) {
    this.page = page;
    /** @type {Scene | null} */
    this.scene = null;
    /** @type {string[]} */
    this.text = [];
    /** @type {(Answer | null)[]} by panel */
    this.answers = [];
    /** @type {Int8Array[]} */
    this.bytes = [];
    this.position = -1;
    this.question = "";
    this.timer = 0;
    /** @type {AbortController | null} */
    this.asking = null;
    /** @type {AbortController | null} */
    this.averaging = null;
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
    this.mean = element("button", "toggle", "Mean over the text");
    this.mean.type = "button";
    this.mean.id = "why-mean";
    this.said = element("p", "sentences");
    this.said.id = "why-said";
    this.said.setAttribute("role", "status");
    this.note = element("p", "why-note");
    this.curves = page.homes.map((home) => home.appendChild(element("div", "why-curves")));
    this.above = page.above;
    this.above.append(
      element(
        "div",
        "why-asks",
        element("label", "field", "Explain ", this.target),
        this.symbol,
        element("label", "field", "by ", this.method),
        this.mean,
      ),
      this.said,
      this.note,
    );
    this.cost = new Cost(page);
    for (const field of [this.target, this.symbol, this.method])
      field.addEventListener("change", () => this.#choose());
    this.mean.addEventListener("click", () => this.#average());
  }

  /** What is chosen goes to the state, and from there to the address. */
  #choose() {
    const [kind, column] = this.target.value.split(" ");
    const { position } = this;
    /** @type {Target} */
    const target =
      kind === "symbol"
        ? { kind, symbol: this.symbol.value || (this.text[position + 1] ?? " ") }
        : kind === "cell"
          ? { kind, column: Number(column) }
          : { kind: "surprise" };
    const method = /** @type {import("./origin.js").Method} */ (this.method.value);
    this.page.store.set({ why: formatWhy(target, method) });
  }

  /** @param {Scene} scene */
  show(scene) {
    const before = this.text;
    this.scene = scene;
    this.text = scene.characters();
    if (before.length !== this.text.length || before.some((c, k) => c !== this.text[k])) {
      this.averaging?.abort();
      this.question = "";
    }
    const { state, cards } = scene;
    const { target, method } = parseWhy(state.why);
    const [first] = cards;
    const options = [
      new Option("the surprise at a character", "surprise"),
      new Option("the probability, after a character, of", "symbol"),
      ...(first?.memories ?? []).map(
        ({ name, symbol }, k) =>
          new Option(`cell ${pickOf(state, 0)}, ${name} ${symbol}`, `cell ${k}`),
      ),
    ];
    if (options.map((o) => o.text).join() !== [...this.target.options].map((o) => o.text).join())
      this.target.replaceChildren(...options);
    this.target.value = target.kind === "cell" ? `cell ${target.column}` : target.kind;
    this.symbol.hidden = target.kind !== "symbol";
    if (target.kind === "symbol" && document.activeElement !== this.symbol)
      this.symbol.value = target.symbol;
    this.method.value = method;
    this.#askSoon(0);
    this.cost.show(scene, this.text);
  }

  /** @param {Point | null} point */
  light(point) {
    this.position = point?.position ?? this.text.length - 1;
    this.#askSoon(REST);
    if (this.scene) this.cost.show(this.scene, this.text);
  }

  /** @param {number} rest */
  #askSoon(rest) {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.#ask(), rest);
  }

  /** What is asked of every model about a character. @param {number} position */
  #bodies(position) {
    const state = this.page.store.get();
    const made = madeIn(state);
    const { target, method } = parseWhy(state.why);
    return (this.scene?.cards ?? []).map((card, panel) => {
      const body = bodyOf(target, card, pickOf(state, panel), this.text, position);
      return body && { ...body, method, ...under(made[panel]) };
    });
  }

  async #ask() {
    if (this.page.above.hidden || !this.scene) return;
    if (this.position < 0 || this.position >= this.text.length)
      this.position = this.text.length - 1;
    const bodies = this.#bodies(this.position);
    const question = JSON.stringify(bodies);
    if (question === this.question) return;
    this.question = question;
    this.asking?.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    const waiting = window.setTimeout(() => this.above.classList.add("waiting"), 200);
    const { method } = parseWhy(this.page.store.get().why);
    for (const back of method === "occlusion" ? [NEAR, BACK] : [BACK]) {
      if (back === BACK && this.position < NEAR && method === "occlusion") break;
      await this.#learn(bodies, back, signal);
      if (signal.aborted) break;
    }
    clearTimeout(waiting);
    if (!signal.aborted) this.above.classList.remove("waiting");
  }

  /** @param {(object | null)[]} bodies @param {number} back @param {AbortSignal} signal */
  async #learn(bodies, back, signal) {
    /** @type {string[]} */
    const problems = [];
    const answers = await Promise.all(
      bodies.map((body) =>
        body === null
          ? null
          : post("api/attribution", { ...body, back }, signal).catch((error) => {
              if (!signal.aborted) problems.push(String(error.message));
              return null;
            }),
      ),
    );
    if (signal.aborted) return;
    if (problems.length > 0) this.question = ""; // what was asked in vain is asked again
    this.answers = answers.map(
      (answer) => answer && { ...answer, sizes: byDistance(answer.values) },
    );
    this.bytes = this.answers.map((answer) => bytesOf(answer?.values ?? [], this.text.length));
    for (const panel of this.bytes.keys()) this.page.recolour(panel);
    this.#say(problems);
    this.page.redraw();
  }

  /** @param {string[]} problems */
  #say(problems) {
    const { target, method } = parseWhy(this.page.store.get().why);
    const here = this.text[this.position] ?? "";
    const what = {
      surprise: `Surprise at “${glyphOf(here)}” (position ${this.position})`,
      symbol: `Probability of “${glyphOf(target.kind === "symbol" ? target.symbol : "")}” after “${glyphOf(here)}” (position ${this.position})`,
      cell: `The cell after “${glyphOf(here)}” (position ${this.position})`,
    }[target.kind];
    const parts = this.answers.flatMap((answer, panel) => {
      if (!answer) return [];
      const value =
        target.kind === "surprise"
          ? `${answer.value.toFixed(2)} bits`
          : target.kind === "symbol"
            ? `${(100 * 2 ** answer.value).toPrecision(2)} %`
            : signed(answer.value, 2);
      const [half, most] = [within(answer.sizes, 0.5), within(answer.sizes, 0.9)];
      return [
        `${letterOf(panel)} ${value}; half of what counts lies in the last ${half === 1 ? "character" : `${half} characters`}, nine tenths in the last ${most}`,
      ];
    });
    const nothing =
      this.position === 0 && target.kind === "surprise"
        ? "Nothing is expected before the first character: point at a later one."
        : (problems[0] ?? "");
    say(this.said, parts.length > 0 ? `${what}: ${parts.join(". ")}.` : nothing);
    const shut = this.answers.some((a) => a && isShut(target, a.value, a.sizes));
    say(
      this.note,
      method === "gradient" && shut
        ? "A gradient of zero is not “no memory”: where gates or tanh are saturated no small change gets through. Leave each character out to see what a large one does."
        : "",
    );
  }

  draw() {
    if (!this.averaging)
      this.#drawCurves(
        this.answers.map((answer) => answer?.sizes ?? []),
        "How much comes from how far back",
      );
  }

  /** One under each model, with the other one beside it. @param {readonly (readonly number[])[]} sizes @param {string} caption */
  #drawCurves(sizes, caption) {
    for (const [panel, home] of this.curves.entries())
      home.replaceChildren(
        ...((sizes[panel]?.length ?? 0) > 0 ? [drawCurve(sizes, panel, caption)] : []),
      );
  }

  /** The curve as a mean over many places, one after another; pressed again it ends. */
  async #average() {
    if (this.averaging) return this.averaging.abort();
    const averaging = new AbortController();
    this.averaging = averaging;
    const { span } = this.page.store.get();
    const [from, to] = span ? [span.from, span.to] : [this.scene?.border ?? 0, this.text.length];
    const count = Math.min(PLACES, to - from);
    /** @type {number[][][]} by panel */
    const found = (this.scene?.cards ?? []).map(() => []);
    const where = span ? "the characters selected" : "the text";
    for (let k = 0; k < count && !averaging.signal.aborted && !this.above.hidden; k += 1) {
      say(this.mean, `Stop (${k} of ${count} places)`);
      const position = from + Math.floor(((k + 0.5) * (to - from)) / count);
      const answers = await Promise.all(
        this.#bodies(position).map(
          (body) =>
            body &&
            post("api/attribution", { ...body, back: BACK }, averaging.signal).catch(() => null),
        ),
      );
      for (const [panel, answer] of answers.entries())
        if (answer) found[panel]?.push(byDistance(answer.values));
      this.#drawCurves(
        found.map(meanByDistance),
        `How much comes from how far back, mean of ${k + 1} places of ${where}`,
      );
    }
    this.averaging = null;
    say(this.mean, "Mean over the text");
    return undefined;
  }

  /** @param {number} panel */
  source(panel) {
    const { shade, why } = this.page.store.get();
    const gradient = parseWhy(why).method === "gradient";
    return {
      values: this.bytes[panel] ?? new Int8Array(0),
      offset: 0,
      stride: 1,
      colours: gradient ? surprisePixels(shade) : this.page.palette().pixels,
    };
  }

  /** In words. @param {number} panel @param {number} _memory @param {number} position */
  reading(panel, _memory, position) {
    const value = this.answers[panel]?.values[position];
    if (value === undefined || value === null) return "";
    return parseWhy(this.page.store.get().why).method === "gradient"
      ? value.toPrecision(2)
      : signed(value, 3);
  }
}
