// The gates of the picked cells, from the live channel: those on the screen at once, the others after them.

/** @typedef {import("../../wire/session.js").Session} Session */
/** @typedef {import("../../wire/frames.js").GatesHead} GatesHead */
/** @typedef {{ cells: number[], of: string, onScreen: [number, number] }} Wanted cells by panel, `of` what models, and the characters on the screen */

/** A text that is being typed is not asked about at every key. */
const REST = 150;

export class GatesAsked {
  /**
   * @param {Pick<Session, "gates" | "length" | "revision" | "view">} session
   * @param {(panel: number, head: GatesHead, values: Float32Array, first: boolean) => void} came `first` of an answer
   */
  constructor(session, came) {
    this.session = session;
    this.came = came;
    this.key = "";
    this.timer = 0;
    this.revision = -1;
  }

  /** Ask, unless that is asked already. @param {Wanted} wanted @returns {boolean} whether it is new */
  want({ cells, of, onScreen }) {
    const { length, revision, view } = this.session;
    const nothing = cells.length === 0 || length === 0;
    const key = nothing ? "" : JSON.stringify([cells, of, revision, view]);
    if (key === this.key) return false;
    clearTimeout(this.timer);
    this.key = key;
    if (nothing) return false;
    const typed = revision !== this.revision && this.revision >= 0;
    this.revision = revision;
    this.timer = Number(setTimeout(() => this.#ask(cells, onScreen), typed ? REST : 0));
    return true;
  }

  /** @param {number[]} cells @param {[number, number]} onScreen */
  #ask(cells, [from, to]) {
    const { session } = this;
    const { length } = session;
    if (length === 0) return;
    const begun = cells.map(() => false);
    /** Characters from..until of all panels, and then what is next. @param {number} start @param {number} until @param {() => void} next */
    const stretch = (start, until, next) => {
      const read = cells.map(() => false);
      session.gates(cells, start, until, (head, values) => {
        const { panel, stop } = head;
        this.came(panel, head, values, !begun[panel]);
        begun[panel] = true;
        read[panel] ||= stop >= until;
        if (read.every(Boolean)) next();
      });
    };
    const rest = () => {
      if (from > 0 || to < length) stretch(0, length, () => {});
    };
    // What was on the screen may lie beyond a text that has become shorter since.
    if (from < length) stretch(from, to, rest);
    else stretch(0, length, () => {});
  }
}
