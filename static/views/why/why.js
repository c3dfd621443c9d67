// Which earlier characters a surprise, a prediction or a cell's value comes from: the text before the character
// looked at, coloured by how much each character counts; and how much lies how far back.

import { surprisePixels } from "../../base/colour.js";
import { element, say } from "../../base/dom.js";
import { several, signed } from "../../base/format.js";
import { madeIn, pickOf } from "../../state/state.js";
import { post } from "../../wire/post.js";
import { under } from "../../wire/requests.js";
import { Cost } from "./cost.js";
import { drawCurve, partsOf } from "./curve.js";
import { Fields } from "./fields.js";
import { Mean, placesOf } from "./mean.js";
import { BACK, bodyOf, bytesOf, cellIn, formatWhy, parseWhy, shownOf, stepsOf } from "./origin.js";
import { note, sentence } from "./words.js";

/** @typedef {import("../view.js").Scene} Scene */
/** @typedef {import("../view.js").Point} Point */
/** @typedef {import("./origin.js").Answer} Answer */
/** @typedef {import("./origin.js").Said} Said */

/** Milliseconds that the pointer rests before a character is asked about. */
const REST = 60;

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
    this.running = false;
    /** @type {AbortController | null} */
    this.asking = null;
    this.mean = new Mean();
    /** What the mean is of: all of the question but the character. */
    this.passage = "";
    this.fields = new Fields(
      () => this.#choose(),
      () => void this.#average(),
    );
    this.said = element("p", "sentences");
    this.said.id = "why-said";
    this.said.setAttribute("role", "status");
    this.note = element("p", "why-note");
    this.curves = page.homes.map((home) => home.appendChild(element("div", "why-curves")));
    this.above = page.above;
    this.above.append(this.fields.element, this.said, this.note);
    this.cost = new Cost(page);
    this.#showMean(0, 0);
  }

  /** What is chosen goes to the state, and from there to the address. */
  #choose() {
    const { target, method } = this.fields.chosen(this.text[this.position + 1] ?? " ");
    this.page.store.set({ why: formatWhy(target, method) });
  }

  leave() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.running = false;
    this.question = "";
    this.#endMean();
    this.cost.leave();
  }

  /** @param {Scene} scene */
  show(scene) {
    this.scene = scene;
    this.text = scene.characters();
    const { state, cards } = scene;
    const { target, method } = parseWhy(state.why);
    const [own, other] = [pickOf(state, 0), pickOf(state, 1)];
    const cells = cards.length > 1 && other !== own ? `${own} (of B ${other})` : `${own}`;
    this.fields.show(target, method, cards[0], cells);
    const passage = JSON.stringify([this.text, this.#bodies(this.text.length - 1), state.span]);
    if (passage !== this.passage) this.#endMean();
    this.passage = passage;
    this.#askSoon(0);
    this.cost.show(scene, this.text);
  }

  /** @param {Point | null} point */
  light(point) {
    this.position = point?.position ?? this.text.length - 1;
    // A pointer passes by; a click means this character.
    this.#askSoon(this.page.store.get().pinned ? 0 : REST);
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
    const { target } = parseWhy(state.why);
    return (this.scene?.cards ?? []).map((card, panel) => {
      const body = bodyOf(target, card, pickOf(state, panel), this.text, position);
      return body && { ...body, ...under(made[panel]) };
    });
  }

  async #ask() {
    if (this.page.above.hidden || !this.scene) return;
    if (this.position < 0 || this.position >= this.text.length)
      this.position = this.text.length - 1;
    const { method } = parseWhy(this.page.store.get().why);
    const bodies = this.#bodies(this.position);
    const question = JSON.stringify([method, bodies]);
    if (question === this.question) return;
    this.question = question;
    this.asking?.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    this.running = true;
    const waiting = window.setTimeout(() => this.above.classList.add("waiting"), 200);
    /** @type {(Answer | null)[]} */
    let answers = [];
    let trouble = "";
    for (const step of stepsOf(method)) {
      const exact = step.method === "occlusion" ? step.back : 0;
      const asked = bodies.map((body) => body && { ...body, ...step });
      const { said, problem } = await this.#learn(asked, signal);
      if (signal.aborted) break;
      const estimate = step.method !== method;
      answers = said.map((one, panel) => one && shownOf(one, estimate, answers[panel]));
      trouble ||= problem;
      this.#tell(answers, exact, trouble);
      // A model that cannot answer does not keep the others from going on.
      for (const [panel, one] of said.entries()) if (!one) bodies[panel] = null;
      if (answers.every((one) => !one || (exact > 0 && one.sizes.length <= exact))) break;
    }
    clearTimeout(waiting);
    if (signal.aborted) return;
    this.running = false;
    this.above.classList.remove("waiting");
    if (trouble) this.question = ""; // what was asked in vain is asked again
  }

  /**
   * @param {(object | null)[]} bodies
   * @param {AbortSignal} signal
   * @returns {Promise<{ said: (Said | null)[], problem: string }>}
   */
  async #learn(bodies, signal) {
    let problem = "";
    const said = await Promise.all(
      bodies.map((body) =>
        body === null
          ? null
          : post("api/attribution", body, signal).catch((error) => {
              if (!signal.aborted) problem ||= String(error.message);
              return null;
            }),
      ),
    );
    return { said, problem };
  }

  /** @param {(Answer | null)[]} answers @param {number} exact characters back that were left out @param {string} problem */
  #tell(answers, exact, problem) {
    this.answers = answers;
    this.bytes = answers.map((answer) => bytesOf(answer?.values ?? [], this.text.length));
    for (const panel of this.bytes.keys()) this.page.recolour(panel);
    const { target, method } = parseWhy(this.page.store.get().why);
    const nothing =
      this.position === 0 && target.kind === "surprise"
        ? "Nothing is expected before the first character: point at a later one."
        : problem;
    const state = this.page.store.get();
    const cells = (this.scene?.cards ?? []).map((card, panel) => {
      const { memory, cell } = cellIn(target, card, pickOf(state, panel));
      return `cell ${cell} (${memory?.name})`;
    });
    const here = this.text[this.position] ?? "";
    const found = sentence(target, here, this.position, answers, cells);
    say(this.said, found && problem ? `${found} ${problem}` : found || nothing);
    say(this.note, note(target, method, answers, exact));
    this.page.redraw();
  }

  draw() {
    if (!this.mean.running)
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

  /** The curve as a mean over many places; pressed again it ends. */
  async #average() {
    if (this.mean.running) return this.#endMean();
    const { span, why } = this.page.store.get();
    const [from, to] = span ? [span.from, span.to] : [this.scene?.border ?? 0, this.text.length];
    const where = span ? "the characters selected" : "the text";
    const places = placesOf(from, to);
    const { method } = parseWhy(why);
    this.#showMean(0, places.length);
    await this.mean.run(
      places,
      async (position, signal) => {
        const bodies = this.#bodies(position).map(
          (body) => body && { ...body, method, back: BACK },
        );
        return (await this.#learn(bodies, signal)).said;
      },
      (done, sizes) => {
        this.#showMean(done, places.length);
        this.#drawCurves(
          sizes,
          `How much comes from how far back, mean of ${several(done, "place")} of ${where}`,
        );
      },
    );
    if (!this.mean.running) this.#showMean(0, 0);
    return undefined;
  }

  #endMean() {
    this.mean.stop();
    this.#showMean(0, 0);
  }

  /** @param {number} done @param {number} of 0: none is being taken */
  #showMean(done, of) {
    const words = of > 0 ? `Stop (${done} of ${of} places)` : "Mean over the text";
    say(this.fields.mean, words);
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

  /** @returns {import("../view.js").Meaning} */
  meaning() {
    const { shade, why } = this.page.store.get();
    const label = "root of the share of the largest";
    const bar =
      parseWhy(why).method === "gradient"
        ? { pixels: surprisePixels(shade), words: ["0", "1"], label }
        : { pixels: this.page.palette().pixels, words: ["−1", "0", "+1"], label };
    return {
      title: this.said.textContent ?? "",
      about:
        "Colour at each character before the one explained: how much it counts, as the square root of its share of the one that counts most.",
      signal: "display",
      bars: [bar],
    };
  }

  pending() {
    return this.running || this.answers.length === 0;
  }

  parts() {
    return partsOf(this.curves);
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
