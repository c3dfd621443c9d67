// The page's views: one is shown. They share the blocks, one zoom and one palette, and light one character.

import { Atlases } from "../atlas/atlases.js";
import { $ } from "../base/dom.js";
import { PLACES } from "../base/places.js";
import { later } from "../base/schedule.js";
import { complaint } from "../state/complaint.js";
import { shownCards, warmUpOf } from "../state/state.js";
import { BEFORE, isQuatrain, readText } from "../text/poem.js";
import { requests } from "../wire/requests.js";
import { Axis } from "./axis.js";
import { Blocks } from "./blocks/blocks.js";
import { Colouring } from "./colouring.js";
import { drawn, isComplete } from "./drawn.js";
import { showHeads } from "./heads.js";
import { homesOf } from "./homes.js";
import { inspection, pointed } from "./inspection.js";
import { Lasting } from "./lasting.js";
import { Measuring } from "./measuring.js";
import { LOADING, Mounts } from "./mounts.js";
import { cellNote, showNotes } from "./notes.js";
import { Overview } from "./overview.js";
import { pageOf } from "./page.js";
import { inRow } from "./point.js";
import { listenersOf } from "./pressed.js";
import { showProgress } from "./progress.js";
import { questionOf } from "./question.js";
import { SHOWN, Sheets } from "./sheets.js";
import { changedSpans, lookedAt, placeOf, selectionOf } from "./typed.js";

/** @typedef {import("./view.js").State} State */
/** @typedef {import("./view.js").View} View */
/** @typedef {import("./view.js").Mounted} Mounted */
/** @typedef {import("./view.js").Point} Point */

export class Views {
  /**
   * @param {readonly [View, ...View[]]} list
   * @param {import("../state/store.js").Store<State>} store
   * @param {import("../wire/session.js").Session} session
   * @param {object} editor
   * @param {() => number} editor.caret code points of the typed text before the caret
   * @param {(text: string) => void} editor.replace put a text in place of all
   */
  constructor(list, store, session, editor) {
    this.store = store;
    this.session = session;
    this.editor = editor;
    this.homes = new Map(list.map((view) => [view, homesOf(view)]));
    this.list = list;
    this.view = list[0];
    const problem = (/** @type {string} */ words) => store.set({ problem: words });
    this.mounts = new Mounts(
      list,
      (view) => this.#pageOf(view),
      () => this.refresh(),
      (words) => {
        problem(words);
        this.#readAll();
      },
    );
    this.shown = LOADING;
    /** @type {import("./view.js").Sheet[]} */
    this.sheets = [];
    this.colouring = new Colouring(store, session, () => this);
    this.lasting = new Lasting(() => this.#measured(), problem);
    this.measuring = new Measuring(this.lasting, () => session.text);
    this.atlases = new Atlases(() => this.#measured());
    this.choice = new Sheets(session, this.lasting);
    this.axis = new Axis(() => this.#redraw(this.shown));
    this.overview = new Overview(this.axis);
    $("figure").before(this.overview.element);
    const homes = PLACES.map((_, panel) => $(`blocks-${panel}`));
    this.blocks = new Blocks(
      $("figure"),
      homes,
      listenersOf(this, (at, press) => this.#point(at, press)),
    );
    /** More is known: values, a report, an atlas. And: the colours mean something else. */
    this.known = () => {};
    this.explain = () => {};
    this.look = inspection(this, () => this);
    this.complain = complaint(store);
    this.ask = requests(() => questionOf(this));
  }

  /** The values of these characters have come. @param {number} panel @param {number} from @param {number} to */
  columns(panel, from, to) {
    this.colouring.apart.cut(from);
    this.blocks.recolour(panel, from, to);
    if (panel === 0 && this.colouring.differs(1)) this.blocks.recolour(1, from, to);
    for (const view of this.mounts.mounted.values()) view.columns?.(panel, from, to);
    later(`read ${panel}`, () => this.#read(panel));
  }

  /** A report of timescales has come, or an atlas. */
  #measured() {
    if (this.store.get().order === "lasting") this.refresh();
    this.known();
    this.#offerMeasuring();
    this.#redraw(this.shown);
    this.#readAll();
  }

  /** Where one cell's timescale would stand and is missing: elsewhere the figure needs the room. */
  #offerMeasuring() {
    later("measuring", () => {
      const wanted = this.view.controls.includes("pick");
      this.measuring.show(wanted ? shownCards(this.store.get()) : []);
    });
  }

  /** Tell the session what is shown, then show it. */
  refresh() {
    later("views", () => this.#refresh());
  }

  /** That of values. */
  get palette() {
    return this.colouring.palette;
  }

  /** From the state to the session and the screen. @param {State} state @param {ReadonlySet<keyof State>} changed */
  changed(state, changed) {
    /** @param {(keyof State)[]} keys */
    const any = (...keys) => keys.some((key) => changed.has(key));
    if (any("palette", "shade")) this.colouring.choose(state);
    if (any("palette", "shade", "scale")) {
      this.blocks.recolourAll();
      this.#redraw(this.shown);
      this.#readAll();
    }
    if (any("text", "start", "poem")) {
      this.setText(state, changed);
      this.store.set(changedSpans(this.store.get(), this.session.passage, changed));
    }
    if (any(...SHOWN)) this.refresh();
    if (any("span")) {
      this.blocks.select(state.span);
      later("selected", () => this.shown.selected?.());
    }
    if (any("point")) this.axis.lit = state.point?.position ?? null;
    if (any("point") && state.point) this.session.inspect(state.point.position);
    if (any("point", "exact", "palette", "shade", "pinned")) later("look", this.look);
    // What was asked in vain meanwhile is asked again.
    if (any("connection") && state.connection === "open") this.refresh();
  }

  /**
   * The warm-up and the text, to the server and to every view.
   * @param {State} state
   * @param {import("./typed.js").Anew} [anew]
   */
  setText(state, anew = new Set()) {
    const { session } = this;
    const { border } = session.passage;
    session.setText(readText(state), warmUpOf(state));
    const { text } = session;
    this.blocks.square(isQuatrain(text), text.startsWith(BEFORE) ? BEFORE : "");
    this.blocks.setText(session.passage);
    // The warm-up lies above: one begins with one's own text.
    if (session.passage.border !== border) this.blocks.follow(session.passage.border, "first");
    later("text", () => this.#show());
    this.#offerMeasuring();
    this.#readAll();
    this.store.set(lookedAt(state, session.passage, session.length, anew));
  }

  /** These characters of the typed text are selected. @param {import("../state/state.js").Span | null} span */
  select(span) {
    const { border } = this.session.passage;
    this.store.set({ span: selectionOf(this.store.get(), span, border) });
  }

  /** What was typed is seen where it stands. @param {number} typed code points of the typed text before it */
  follow(typed) {
    const { border } = this.session.passage;
    const caret = placeOf(this.store.get(), typed);
    if (caret === 0) return this.blocks.follow(border, "first");
    this.blocks.follow(border + caret - 1, "nearest");
    return later("follow", () => this.axis.reveal(border + caret - 1));
  }

  get complete() {
    return isComplete(this);
  }

  /** The blocks on the screen, as data for a file. */
  drawn() {
    return drawn(this, (panel, memory, cell) => cellNote(this, panel, memory, cell));
  }

  /** Scroll to a character, and where models are swiped to its model. @param {Point} point */
  reveal({ position, panel }) {
    this.blocks.reveal(position);
    this.blocks.pager.reveal(panel);
    this.axis.reveal(position);
  }

  /** @param {Point | null} at @param {boolean} press */
  #point(at, press) {
    if (press && at && this.shown.press?.(at)) return;
    this.store.set(pointed(this.store.get(), at, press));
  }

  /** @param {Mounted | undefined} view */
  #redraw(view) {
    if (view === this.shown) later("view", () => this.shown.draw?.());
  }

  /** What a view is given. @param {View} view @returns {import("./view.js").Page} */
  #pageOf(view) {
    return pageOf(this, /** @type {import("./homes.js").Homes} */ (this.homes.get(view)), {
      point: (at, press) => this.#point(at, press),
      redraw: () => this.#redraw(this.mounts.mounted.get(view)),
    });
  }

  #refresh() {
    const state = this.store.get();
    const cards = shownCards(state);
    if (cards.length === 0) return;
    this.view = this.list.find(({ name }) => name === state.view) ?? this.list[0];
    this.shown = this.mounts.of(this.view) ?? LOADING;
    for (const [view, { above, homes }] of this.homes)
      for (const home of [above, ...homes]) home.hidden = view !== this.view;
    this.overview.element.hidden = !this.view.controls.includes("overview");
    const needs = this.view.needs(state);
    this.session.show(this.choice.wanted(needs, state), this.blocks.visible());
    this.#showSheets();
  }

  #showSheets() {
    const state = this.store.get();
    const needs = this.view.needs(state);
    this.sheets = this.choice.of(needs, state);
    if (state.point) this.store.set({ point: inRow(state.point, this.sheets) });
    showHeads(shownCards(state), this.sheets, this.colouring.difference);
    this.#offerMeasuring();
    const none = needs.blocks === "none";
    this.blocks.root.classList.toggle("blockless", none);
    this.blocks.root.classList.toggle("of-values", !this.shown.source);
    this.blocks.setSheets(none ? this.sheets.map((s) => ({ ...s, cells: [] })) : this.sheets);
    this.#show();
    for (const panel of this.sheets.keys()) this.#read(panel);
  }

  #show() {
    const state = this.store.get();
    const { session, sheets } = this;
    const { border } = session.passage;
    this.axis.resize(session.length, border);
    const cards = shownCards(state);
    this.shown.show({ state, cards, sheets, border, characters: () => [...session.text] });
    this.explain();
    this.ask();
    this.look();
  }

  #readAll() {
    for (const panel of this.session.panels.keys()) later(`read ${panel}`, () => this.#read(panel));
  }

  /** How far a model has read, and what is known of its cells then. @param {number} panel */
  #read(panel) {
    const { session, store, blocks } = this;
    const { ownScale } = this.colouring;
    const whole = showProgress(session, blocks.root, panel, !this.mounts.awaited);
    if (whole) {
      this.known();
      void this.mounts.fetchAhead();
    }
    const state = store.get();
    const sheet = this.sheets[panel];
    const card = shownCards(state)[panel];
    if (!session.panels[panel] || !sheet || !card) return;
    // What stood beside the number of a cell is not of what another view colours.
    if (this.shown.source) return showNotes(this, blocks.all, panel);
    if (!whole) return;
    if (this.choice.isOutOfOrder(sheet, state, panel, card))
      return later("sheets", () => this.#showSheets());
    showNotes(this, blocks.all, panel);
    if (ownScale) {
      blocks.recolour(panel);
      ownScale
        .refine(panel, card, sheet, session.text)
        .then((any) => any && later(`read ${panel}`, () => this.#read(panel)))
        .catch((error) => store.set({ problem: String(error.message) }));
    }
    if (state.point) {
      session.inspect(state.point.position);
      later("look", this.look);
    }
  }
}
