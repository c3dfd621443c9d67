// Which cell knows it? A question to all cells of all memories of the models shown, answered on the text of the page, and
// checked on a corpus.

import { say } from "../../base/dom.js";
import { percent } from "../../base/format.js";
import { SELECTED, wantedBy } from "../../state/question.js";
import { namesOf, pickOf } from "../../state/state.js";
import { labelOf } from "../../wire/marks.js";
import { Answer } from "./answer.js";
import { kindsOf, questionOf, spansOf } from "./asked.js";
import { RankedList } from "./list.js";
import { Looked } from "./looked.js";
import { inCorpus, otherLayersOf } from "./network.js";
import { Picked } from "./picked.js";
import { Question } from "./question.js";
import { Ranker } from "./ranker.js";
import { byChance, ranked } from "./ranking.js";
import { inRanking, trouble, unreadBy } from "./trouble.js";

/** @typedef {import("../view.js").Scene} Scene */
/** @typedef {import("./ranking.js").Told} Told */

/** Between two looks at a text that is still being read. */
const PAUSE = 400;

export class Find {
  /** @param {import("../view.js").Page} page */
  constructor(page) {
    this.page = page;
    /** @type {Scene | null} */
    this.scene = null;
    this.wait = 0;
    this.label = new Uint8Array(0);
    this.what = "";
    /** @type {(Told | null)[]} */
    this.told = [];
    /** @type {import("./ranking.js").Ranked[]} */
    this.rows = [];
    /** AUC that the best cell reaches by chance. */
    this.chance = 0.5;
    /** The question that the cells found answer. */
    this.answered = "";
    this.looked = new Looked(() => this.#rank());
    this.question = new Question(page.above, (ask) => page.store.set({ ask }));
    this.picked = new Picked(page.above, page.store, () => this.list.focus());
    this.list = new RankedList(page.above, ({ panel, memory, cell }) =>
      this.#choose(panel, memory, cell),
    );
    this.ranker = new Ranker(
      (panel, told) => this.#came(panel, told),
      (_, share) => share < 1 && this.#say(`Comparing all cells: ${percent(share)}`),
    );
    this.answers = page.homes.map(
      (home, panel) =>
        new Answer(home, panel, {
          palette: page.palette,
          columns: () => page.session.panels[panel]?.columns,
          read: (text, position) => this.#read(panel, text, position),
        }),
    );
    page.above.classList.add("find");
  }

  /** @param {Scene} scene */
  show(scene) {
    this.scene = scene;
    this.looked.look(this.page.session.text, wantedBy(scene.state.ask));
    this.#stand();
    this.picked.show();
    this.#rank();
  }

  /** The characters selected are others. */
  selected() {
    this.#rank();
  }

  leave() {
    clearTimeout(this.wait);
    this.ranker.drop();
    this.looked.leave();
    for (const answer of this.answers) answer.leave();
  }

  /** Values have come. @param {number} _panel @param {number} from @param {number} to */
  columns(_panel, from, to) {
    if (!this.scene || to <= from || this.page.above.hidden) return;
    clearTimeout(this.wait);
    const { panels } = this.page.session;
    const whole = panels.every(({ columns }) => columns.done >= columns.length);
    this.wait = window.setTimeout(() => this.#rank(), whole ? 0 : PAUSE);
  }

  draw() {
    this.#list();
    for (const answer of this.answers) answer.repaint();
  }

  #ask() {
    return questionOf(this.page.store.get(), this.looked.marks, this.page.session.length);
  }

  /** The label of the question, and all cells by it. */
  #rank() {
    const { scene, looked } = this;
    if (!scene || this.page.above.hidden) return;
    const { session, store } = this.page;
    const { span } = store.get();
    const ask = this.#ask();
    const { length } = session;
    const { border } = scene;
    this.question.show(ask, kindsOf(looked.marks, border, length), span);
    const { spans, what, known } = spansOf(ask, span, looked.marks, looked.written);
    this.what = what;
    this.label = labelOf(spans, length);
    const inside = this.label.subarray(border).reduce((a, b) => a + b, 0);
    const whole = session.panels.every(
      ({ columns }) => columns.done >= length && columns.length === length,
    );
    const all = session.panels.every(({ card, columns }) => columns.cells.length === card.hidden);
    const words = trouble({
      ...{ ask, inside, length: length - border, what, problem: looked.problem },
      looked: looked.marks.length > 0,
    });
    this.list.element.hidden = words !== "";
    if (words || !whole || !all || session.panels.length === 0) {
      this.rows = [];
      this.ranker.drop();
      this.#say(words || "Reading the text…");
      // What the text does not have, the corpus may have.
      if (words && inside === 0 && known && wantedBy(ask)) {
        this.told = [];
        this.#answer();
      } else if (words) for (const answer of this.answers) answer.show(null);
      return;
    }
    this.told = session.panels.map(() => null);
    for (const [panel, { columns }] of session.panels.entries())
      this.ranker.rank({
        panel,
        values: () => columns.values.slice(0, length * columns.width),
        width: columns.width,
        label: this.label.slice(),
        from: border,
      });
  }

  /** @param {string} words */
  #say(words) {
    say(this.question.said, words);
  }

  /** @param {number} panel @param {Told} told */
  #came(panel, told) {
    const { scene } = this;
    if (!scene || this.page.above.hidden) return;
    this.told[panel] = told;
    const { session, store } = this.page;
    if (this.told.length !== session.panels.length || this.told.some((each) => each === null))
      return;
    const models = scene.cards.map((card) => ({ memories: inCorpus(card), hidden: card.hidden }));
    this.rows = ranked(this.told, models);
    const state = store.get();
    const { inside, outside } = told;
    const chance = byChance(this.told);
    this.chance = chance ?? 0.5;
    const unread = unreadBy(scene.cards, [...session.text], this.label, scene.border);
    this.#say(inRanking(inside, outside, chance, this.rows.length) + unread);
    const key = this.#key();
    // What the address brings stays, and with it what is picked; so does what is picked where nobody has asked.
    const first = this.answered === "" && state.found.some((_, k) => this.#found(k));
    if (key !== this.answered || scene.cards.some((_, k) => !this.#found(k))) {
      const found = scene.cards.map((_, k) =>
        first && this.#found(k) ? this.#found(k) : (this.#best(k) ?? null),
      );
      this.answered = key;
      store.set({ found, ...(first || state.ask === "" ? {} : this.picked.pick(found)) });
    }
    this.page.redraw();
    this.#answer();
  }

  /** What the cells found answer. */
  #key() {
    const state = this.page.store.get();
    const ask = this.#ask();
    return JSON.stringify([ask, state.ask !== "", namesOf(state), ask === SELECTED && state.span]);
  }

  /** @param {number} panel */
  #best(panel) {
    const row = this.rows.find((each) => each.panel === panel);
    return row && { memory: row.memory, cell: row.cell };
  }

  /** The cell shown of a model, where there is such a cell. @param {number} panel */
  #found(panel) {
    const found = this.page.store.get().found[panel];
    const card = this.scene?.cards[panel];
    return found && card && inCorpus(card).includes(found.memory) && found.cell < card.hidden
      ? found
      : null;
  }

  /** Where no cell was found: the one picked. @param {import("../view.js").Card} card @param {number} panel */
  #any(card, panel) {
    const [memory] = inCorpus(card);
    const pick = pickOf(this.page.store.get(), panel);
    return memory === undefined ? null : { memory, cell: Math.min(pick, card.hidden - 1) };
  }

  /** @param {number} panel @param {number} memory @param {number} cell */
  #choose(panel, memory, cell) {
    const { store } = this.page;
    const chosen = { memory, cell };
    const found = [...store.get().found];
    found[panel] = chosen;
    const picks = this.picked.pick(found.map((_, k) => (k === panel ? chosen : null)));
    store.set({ found, ask: store.get().ask || this.#ask(), ...picks });
    this.answered = this.#key();
    this.#answer();
    this.#list();
  }

  #list() {
    const { scene, rows, what, label } = this;
    if (!scene || rows.length === 0) return;
    this.list.show({
      rows,
      cards: scene.cards,
      found: this.page.store.get().found,
      what,
      label,
      chance: this.chance,
      border: scene.border,
      session: this.page.session,
      palette: this.page.palette(),
    });
  }

  /** A cell of the same number in another layer is another cell: its block stands back. */
  #stand() {
    for (const [panel, card] of (this.scene?.cards ?? []).entries()) {
      const found = this.#found(panel);
      const others = found ? otherLayersOf(card, found.memory) : [];
      const blocks = document.querySelectorAll(`#blocks-${panel} .block`);
      for (const [memory, block] of blocks.entries())
        block.classList.toggle("other-layer", others.includes(memory));
    }
  }

  pending() {
    return !this.list.element.hidden && this.rows.length === 0;
  }

  /** The ranking, for a file. */
  parts() {
    return this.rows.length > 0 ? this.list.parts() : [];
  }

  /** Each model's cell to its corpus. */
  #answer() {
    this.#stand();
    const { scene } = this;
    const state = this.page.store.get();
    const ask = this.#ask();
    for (const [panel, answer] of this.answers.entries()) {
      const card = scene?.cards[panel];
      const found =
        this.#found(panel) ?? (card && this.rows.length === 0 ? this.#any(card, panel) : null);
      if (!card || !found || ask === "") {
        answer.show(null);
        continue;
      }
      const { memory, cell } = found;
      answer.show({
        ...{ card, memory, cell, span: state.span, what: this.what },
        wanted: wantedBy(ask),
        changed: (scene?.sheets[panel]?.made.length ?? 0) > 0,
        here: this.told[panel]?.auc[memory * card.hidden + cell] ?? null,
        eager: state.ask !== "",
      });
    }
  }

  /** A passage of the corpus as the text of the page, its character pinned in the cell it was asked of. @param {number} panel @param {string} text @param {number} position */
  #read(panel, text, position) {
    this.page.read(text);
    const { border } = this.page.session.passage;
    const card = this.scene?.cards[panel];
    const asked = this.#found(panel) ?? (card ? this.#any(card, panel) : null);
    const { memory, cell } = asked ?? { memory: 0, cell: 0 };
    this.page.store.set({
      span: null,
      point: { position: border + position, panel, memory, rank: 0, cell },
      pinned: true,
    });
  }
}
