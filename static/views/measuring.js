// Where a model's timescales would stand and nobody has measured them: an offer to do it now, and how far it is.

import { $, element, say } from "../base/dom.js";
import { counted } from "../base/format.js";
import { PLACES } from "../base/places.js";
import { countPoints } from "../text/edits.js";
import { corpora, textOf } from "../wire/corpora.js";
import { LEAST_TEXT, measure } from "../wire/measuring.js";

/** @typedef {import("./view.js").Card} Card */
/** @typedef {import("../wire/corpora.js").Corpus} Corpus */

export class Measuring {
  /**
   * @param {import("./lasting.js").Lasting} lasting
   * @param {() => string} text what is read now
   */
  constructor(lasting, text) {
    this.lasting = lasting;
    this.text = text;
    /** @type {Promise<Corpus[]> | null} */
    this.corpora = null;
    this.running = new AbortController();
    /** The model that is being measured. @type {Card | null} */
    this.card = null;
    this.places = PLACES.map((_, panel) => {
      const here = element("button", "", "Measure it on this text");
      const there = element("span");
      const offer = element("span", "", here, there);
      const bar = element("progress");
      bar.setAttribute("aria-label", "Progress of the measurement");
      const doing = element("span");
      const stop = element("button", "", "Stop");
      const busy = element("span", "", bar, " ", doing, " ", stop);
      const said = element("span", "warn");
      said.setAttribute("role", "status");
      // The words are for those who hear the page: over the blocks one sees "not measured".
      const place = element(
        "p",
        "measuring",
        element("span", "hidden"),
        " ",
        offer,
        busy,
        " ",
        said,
      );
      here.type = stop.type = "button";
      stop.addEventListener("click", () => this.running.abort());
      place.hidden = true;
      $(`facts-${panel}`).after(place);
      const card = /** @type {Card | null} */ (null);
      const made = { place, offer, here, there, busy, bar, doing, said, card, listed: false };
      here.addEventListener(
        "click",
        () => made.card && this.#run(made.card, { text: this.text() }),
      );
      return made;
    });
  }

  /** @param {Card[]} cards those shown */
  show(cards) {
    for (const [panel, at] of this.places.entries()) {
      const card = cards[panel] ?? null;
      const report = card && this.lasting.report(card);
      const offered = card !== null && report?.memories.length === 0 && card !== cards[panel - 1];
      at.place.hidden = !offered;
      if (!offered || !card) continue;
      const busy = this.card?.sha256 === card.sha256;
      const length = countPoints(this.text());
      const words =
        "How long its cells remember has not been measured." +
        (busy || length >= LEAST_TEXT
          ? ""
          : ` Measuring needs a text of ${counted(LEAST_TEXT)} characters.`);
      say(/** @type {Element} */ (at.place.firstElementChild), words);
      at.offer.hidden = this.card !== null;
      at.busy.hidden = !busy;
      at.here.hidden = length < LEAST_TEXT;
      if (at.card !== card) {
        Object.assign(at, { card, listed: false });
        at.there.replaceChildren();
        say(at.said, "");
      }
      if (!at.listed) this.#offerCorpora(at, card);
      fold(at);
    }
  }

  /** @param {Measuring["places"][number]} at @param {Card} card */
  async #offerCorpora(at, card) {
    at.listed = true;
    this.corpora ??= corpora();
    const found = await this.corpora.catch(() => null);
    if (!found) this.corpora = null; // what was asked in vain is asked again
    if (at.card !== card) return;
    at.listed = found !== null;
    if (!found) return;
    const fitting = found.filter(
      ({ model, status, characters }) =>
        model === card.name && status !== "damaged" && characters >= LEAST_TEXT,
    );
    at.there.replaceChildren(
      ...fitting.flatMap((corpus) => {
        const button = element("button", "", `Measure it on ${textOf(corpus)}`);
        button.type = "button";
        button.addEventListener("click", () => this.#run(card, { corpus: corpus.name }));
        return [" ", button];
      }),
    );
    fold(at);
  }

  /** @param {Card} card @param {import("../wire/measuring.js").Source} source */
  async #run(card, source) {
    this.card = card;
    this.running = new AbortController();
    const { signal } = this.running;
    const mine = () => this.places.filter((at) => at.card?.sha256 === card.sha256);
    for (const { said, doing, bar } of mine()) {
      say(said, "");
      say(doing, "");
      bar.removeAttribute("value");
    }
    this.lasting.changed();
    try {
      const { cells } = await measure(card.name, source, signal, ({ doing, done, of }) => {
        for (const at of mine()) {
          at.bar.max = of;
          at.bar.value = done;
          say(at.doing, doing);
        }
      });
      this.card = null;
      this.lasting.take(card, cells);
    } catch (error) {
      this.card = null;
      const words = signal.aborted ? "Stopped." : /** @type {Error} */ (error).message;
      for (const at of mine()) {
        say(at.said, words);
        fold(at);
      }
      this.lasting.changed();
    }
  }
}

/** Without anything to press or to tell it takes no room: it is for those who hear the page. @param {Measuring["places"][number]} at */
function fold({ place, here, there, busy, said }) {
  const idle = here.hidden && there.childElementCount === 0 && busy.hidden;
  place.classList.toggle("hidden", idle && said.textContent === "");
}
