// The page's side of one session: the text and the panels as the server should know them, and the
// columns it has told. Knows the protocol, not the screen.

import { countPoints, difference, firstPoints } from "../text/edits.js";
import { EMPTY, nextPassage } from "../text/passage.js";
import { Columns, EditLog } from "./columns.js";

/** @typedef {import("../base/memories.js").Card} Card */
/** @typedef {{ card: Card, cells: readonly number[] | "all", made?: readonly object[] }} Wanted `made`: the interventions it reads under */
/** @typedef {Wanted & { columns: Columns, since: number }} Panel */
/** @typedef {import("../state/state.js").Exact} Exact */

/** @typedef {(head: import("./frames.js").GatesHead, values: Float32Array) => void} Part takes a part of an answer */

/** Until the values of other interventions come, those of the old ones are shown, of texts that are read at once. */
const SHORT = 2000;
/** Code points in one edit: at six bytes each, the most that JSON takes, a message is not too large. */
const MOST_INSERT = 150_000;

/** @param {Wanted} one */
const changesOf = ({ made = [] }) => JSON.stringify(made);

/** Of the same weights: their file may have another name since. @param {Wanted} one @param {Wanted | undefined} other @returns {other is Wanted} */
const sameModel = (one, other) => one.card.sha256 === other?.card.sha256;

/** @param {Wanted} one @param {Wanted | undefined} other */
const same = (one, other) =>
  sameModel(one, other) &&
  changesOf(one) === changesOf(other) &&
  (one.cells === other.cells || String(one.cells) === String(other.cells));

export class Session {
  /**
   * @param {(message: object) => boolean} send false while there is no connection
   * @param {object} listeners
   * @param {(panel: number, from: number, to: number) => void} listeners.columns
   * @param {(exact: Exact) => void} listeners.exact
   */
  constructor(send, listeners) {
    this.send = send;
    this.listeners = listeners;
    this.passage = EMPTY;
    /** What the server reads of the passage. */
    this.text = "";
    this.length = 0;
    this.revision = 0;
    this.view = 0;
    this.limit = Number.POSITIVE_INFINITY;
    this.most = MOST_INSERT;
    /** @type {Panel[]} */
    this.panels = [];
    /** @type {[number, number]} part of the text on the screen, to be read first */
    this.visible = [0, 0];
    this.edits = new EditLog();
    this.asked = { request: 0, view: 0, pending: false, next: -1 };
    /** @type {Map<number, (message: any) => void>} */
    this.questions = new Map();
    /** The newest question for gates. @type {{ request: number, part: Part } | null} */
    this.gatesAsked = null;
  }

  /**
   * The text is this from now on; what is over the server's limit is not read.
   * @param {string} typed
   * @param {string} warmUp read before it
   */
  setText(typed, warmUp = "") {
    const before = this.passage;
    this.passage = nextPassage(before, warmUp, typed);
    const text = firstPoints(this.passage.text, this.limit);
    const cut = text !== this.passage.text || this.text !== before.text;
    const edit = cut ? difference(this.text, text) : this.passage.edit;
    if (!edit) return;
    this.text = text;
    this.length = cut ? countPoints(text) : this.passage.length;
    for (const { columns } of this.panels) columns.cut(edit.at, this.length);
    this.#tell(edit.at, edit.delete, edit.insert);
  }

  /**
   * An edit that made the text what it is now, in as many messages as it takes.
   * @param {number} at
   * @param {number | null} gone
   * @param {string} insert
   */
  #tell(at, gone, insert) {
    let place = at;
    let length = this.length - countPoints(insert);
    let rest = insert;
    for (let deleted = gone; deleted !== 0 || rest !== ""; deleted = 0) {
      const piece = firstPoints(rest, this.most);
      const points = countPoints(piece);
      length += points;
      rest = rest.slice(piece.length);
      this.revision += 1;
      this.edits.add(this.revision, place);
      const { revision } = this;
      this.send({ type: "edit", revision, at: place, delete: deleted, insert: piece, length });
      place += points;
    }
  }

  /**
   * These panels are shown from now on. Returns whether that is new.
   * @param {Wanted[]} wanted
   * @param {[number, number]} visible part of the text on the screen, to be read first
   */
  show(wanted, visible = [0, 0]) {
    this.visible = visible;
    if (wanted.length === this.panels.length && wanted.every((w, k) => same(w, this.panels[k]))) {
      const renamed = wanted.some(({ card }, k) => card.name !== this.panels[k]?.card.name);
      for (const [k, panel] of this.panels.entries()) panel.card = wanted[k]?.card ?? panel.card;
      if (!renamed) return false;
      // The same weights, under another name since their file was changed. A server that has started
      // anew does not know them any more, and must say so: it may have read others for them.
      this.view += 1;
      this.#sendShow();
      return false;
    }
    this.view += 1;
    this.panels = wanted.map((w, k) => {
      const old = this.panels[k];
      if (old && same(w, old)) return Object.assign(old, { card: w.card });
      const cells =
        w.cells === "all" ? Array.from({ length: w.card.hidden }, (_, c) => c) : w.cells;
      const columns = new Columns(w.card.memories.length, cells);
      columns.cut(0, this.length);
      const before =
        this.panels.find((p) => sameModel(w, p) && changesOf(w) === changesOf(p)) ??
        (sameModel(w, old) && this.length <= SHORT ? old : undefined);
      if (before) columns.borrow(before.columns);
      return { ...w, columns, since: this.view };
    });
    this.#sendShow();
    return true;
  }

  #sendShow() {
    if (this.panels.length === 0) return;
    this.send({
      type: "show",
      view: this.view,
      panels: this.panels.map(({ card, cells, made = [] }) => ({
        model: card.name,
        cells,
        visible: this.visible,
        ...(made.length > 0 ? { interventions: made } : {}),
      })),
    });
  }

  /** A fresh connection knows nothing: tell it all. @param {{ max_text: number }} hello */
  start(hello) {
    this.limit = hello.max_text;
    this.asked.pending = false;
    for (const answer of this.questions.values()) answer(null);
    this.questions.clear();
    this.view += 1;
    for (const panel of this.panels) panel.since = this.view;
    this.#sendShow();
    this.#sendWhole();
  }

  /** The server has lost step: send the text anew. */
  #sendWhole() {
    this.text = firstPoints(this.passage.text, this.limit);
    this.length = countPoints(this.text);
    for (const { columns } of this.panels) columns.cut(0, this.length);
    this.#tell(0, null, this.text);
  }

  /**
   * @param {import("./frames.js").FrameHead} head
   * @param {Int8Array} values
   */
  frame(head, values) {
    const panel = this.panels[head.panel];
    if (!panel || head.view < panel.since) return;
    const limit =
      head.revision === this.revision ? this.length : this.edits.trueUpTo(head.revision);
    const [from, to] = panel.columns.put(head.start, values, head.unknown ?? [], limit);
    this.listeners.columns(head.panel, from, to);
  }

  /** Ask for the exact values at a character; the newest question wins. @param {number} position */
  inspect(position) {
    if (this.asked.pending) {
      this.asked.next = position;
      return;
    }
    this.asked.request += 1;
    this.asked.view = this.view;
    this.asked.next = -1;
    this.asked.pending = this.send({ type: "inspect", request: this.asked.request, position });
  }

  /**
   * The logits after a character, by panel; null where they cannot be told.
   * @param {number} position
   * @returns {Promise<{ revision: number, panels: number[][] } | null>}
   */
  predict(position) {
    this.asked.request += 1;
    const { request } = this.asked;
    // The newest question counts: the older ones are not answered.
    for (const answer of this.questions.values()) answer(null);
    this.questions.clear();
    return new Promise((resolve) => {
      this.questions.set(request, resolve);
      if (!this.send({ type: "predict", request, position })) {
        this.questions.delete(request);
        resolve(null);
      }
    });
  }

  /**
   * The gates of one cell of each panel, of the characters start .. stop - 1 of the text as it is now, part by
   * part. The newest question counts.
   * @param {number[]} cells
   * @param {number} start
   * @param {number} stop
   * @param {Part} part
   */
  gates(cells, start, stop, part) {
    this.asked.request += 1;
    const { request } = this.asked;
    this.gatesAsked = { request, part };
    this.send({ type: "gates", request, cells, start, stop });
  }

  /** @param {import("./frames.js").GatesHead} head @param {Float32Array} values */
  gatesRead(head, values) {
    const { gatesAsked } = this;
    if (gatesAsked?.request === head.request && head.revision === this.revision)
      gatesAsked.part(head, values);
  }

  /**
   * A text message of the server.
   * @param {any} message
   */
  message(message) {
    if (message.type === "values") {
      const { asked } = this;
      asked.pending = false;
      if (
        asked.view === this.view &&
        message.panels.length > 0 &&
        message.revision === this.revision
      )
        this.listeners.exact({ ...message, view: asked.view });
      if (asked.next >= 0) this.inspect(asked.next);
    } else if (message.type === "predictions") {
      this.questions.get(message.request)?.(message.panels.length > 0 ? message : null);
      this.questions.delete(message.request);
    } else if (message.type === "error") {
      this.asked.pending = false;
      for (const answer of this.questions.values()) answer(null);
      this.questions.clear();
      if (message.code === "out_of_step") this.#sendWhole();
    }
  }
}
