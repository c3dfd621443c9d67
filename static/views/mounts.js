// The views' code and style sheets: loaded when a view is first opened, or once the page has nothing else to do.

import { link } from "./styles.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {import("./view.js").Mounted} Mounted */
/** @typedef {import("./view.js").Page} Page */

/** What is shown until the view's code is here: no colours, for they might be of something else. @type {Mounted} */
export const LOADING = {
  show() {},
  source: () => ({
    values: new Int8Array(0),
    offset: 0,
    stride: 0,
    colours: new Uint32Array(256),
  }),
};

const UNLOADED = "This view did not load. Load the page again: your text is kept.";

export class Mounts {
  /**
   * @param {readonly View[]} list
   * @param {(view: View) => Page} pageOf what a view is given
   * @param {() => void} come the view that was waited for can be shown
   * @param {(words: string) => void} failed or it cannot be loaded; "": another one can be shown
   */
  constructor(list, pageOf, come, failed) {
    this.list = list;
    this.pageOf = pageOf;
    this.come = come;
    this.failed = failed;
    /** @type {Map<View, Promise<(page: Page) => Mounted>>} */
    this.loading = new Map();
    /** Those whose code is here. @type {Map<View, (page: Page) => Mounted>} */
    this.ready = new Map();
    /** @type {Map<View, Mounted>} */
    this.mounted = new Map();
    /** That which is chosen, and whose code is on its way. @type {View | null} */
    this.awaited = null;
    /** That which was asked for last. @type {View | null} */
    this.last = null;
    this.ahead = false;
    this.lost = false;
  }

  /** What a view does, which is shown from now on; null while its code is on its way. @param {View} view @returns {Mounted | null} */
  of(view) {
    if (this.last && this.last !== view) this.mounted.get(this.last)?.leave?.();
    this.last = view;
    const known = this.mounted.get(view);
    const mount = this.ready.get(view);
    this.awaited = known || mount ? null : view;
    if (!this.awaited && this.lost) this.#say("");
    if (known) return known;
    if (!mount) {
      this.fetch(view).then(
        () => this.awaited === view && this.come(),
        () => this.awaited === view && this.#gaveUp(),
      );
      return null;
    }
    const made = mount(this.pageOf(view));
    this.mounted.set(view, made);
    return made;
  }

  /** The view of this name is opened first, or else the first one. @param {string} name */
  expect(name) {
    const view = this.list.find((each) => each.name === name) ?? this.list[0];
    if (view) this.fetch(view).catch(() => {}); // said when it is opened
  }

  #gaveUp() {
    this.awaited = null;
    this.#say(UNLOADED);
  }

  /** @param {string} words */
  #say(words) {
    this.lost = words !== "";
    this.failed(words);
  }

  /** Load a view's code and styles, once. @param {View} view */
  fetch(view) {
    const known = this.loading.get(view);
    if (known) return known;
    const loading = Promise.all([view.load(), link(view.styles)]).then(([mount]) => {
      this.ready.set(view, mount);
      return mount;
    });
    this.loading.set(view, loading);
    // What did not come is asked for again when it is next wanted.
    loading.catch(() => this.loading.delete(view));
    return loading;
  }

  /** All the others, one after another, before they are wanted. */
  async fetchAhead() {
    if (this.ahead) return;
    this.ahead = true;
    for (const view of this.list) {
      await rest();
      await this.fetch(view).catch(() => {}); // said when it is opened
    }
  }
}

/** Until the browser has nothing else to do. @returns {Promise<void>} */
const rest = () =>
  new Promise((done) => {
    if ("requestIdleCallback" in globalThis) requestIdleCallback(() => done(), { timeout: 1000 });
    else setTimeout(done, 50);
  });
