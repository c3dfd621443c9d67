// The menu of files that the figure can be saved as. What writes them is loaded when it is first wanted.

import { $ } from "../base/dom.js";
import { now } from "../base/schedule.js";
import { shut } from "./menus.js";

/** @typedef {"png" | "svg" | "csv" | "npz"} Kind */

/**
 * The colours of a view as options of the command that draws the figure.
 * @param {import("../state/state.js").State} state
 * @param {import("../views/view.js").View} view one without a choice of the scale keeps to the fixed one
 */
export const coloursOf = ({ palette, shade, scale }, { controls }) => [
  `--palette ${palette}`,
  `--theme ${shade}`,
  `--scale ${controls.includes("scale") ? scale : "fixed"}`,
];

/** Milliseconds between two looks at an answer that is on its way, and after which nobody waits for it any more. */
const STEP = 150;
const LONGEST = 20_000;
const LATE = "The file holds what has come: not all of the answer has.";

const pause = () => new Promise((done) => setTimeout(done, STEP));

/**
 * Take something of the page as it is in light colours, on white: the page is as before when the next frame comes.
 * @template T
 * @param {import("../state/store.js").Store<import("../state/state.js").State>} store
 * @param {() => T} take what it can without waiting
 * @returns {T}
 */
function inLight(store, take) {
  const { shade } = store.get();
  if (shade === "light") return take();
  const { dataset } = document.documentElement;
  const { theme } = dataset;
  dataset.theme = "light";
  store.set({ shade: "light" });
  now();
  try {
    return take();
  } finally {
    if (theme === undefined) delete dataset.theme;
    else dataset.theme = theme;
    store.set({ shade });
    now();
  }
}

/**
 * @param {import("../views/views.js").Views} views
 * @param {() => string[]} options of the command that draws it again, besides the cells
 * @param {(words: string) => void} say
 */
export function exports(views, options, say) {
  const load = () => import("../export/export.js");
  const menu = /** @type {HTMLDetailsElement} */ ($("export"));
  menu.addEventListener("toggle", () => {
    load().catch(() => {}); // said when a file is chosen
    // Numbers are those of the cells in sight: of a map or of another view's colours there is the picture.
    const { meaning, blocks } = views.drawn();
    for (const kind of ["csv", "npz"]) {
      const button = /** @type {HTMLElement} */ (document.querySelector(`[data-export=${kind}]`));
      button.hidden = meaning !== null || blocks.length === 0;
    }
  });

  /** Until all that the view shows has come, or will not: a model can overflow. @throws {Error} in words */
  async function whole() {
    const { view } = views;
    const until = performance.now() + LONGEST;
    if (!views.complete) say("The file follows when the answer has come.");
    while (!views.complete) {
      if (performance.now() > until) return say(LATE);
      await pause();
      if (views.view !== view) throw new Error("Nothing was saved: another view is shown now.");
    }
  }

  /** @param {Kind} kind */
  async function save(kind) {
    const wide = Number(/** @type {HTMLInputElement} */ ($("export-width")).value);
    const { saveAs } = await load().catch(() => {
      throw new Error("Could not load the export. Reload the page: your text is kept.");
    });
    await whole();
    now(); // what has come is drawn
    const take = () => saveAs(kind, views.drawn(), options(), wide);
    await (kind === "svg" ? inLight(views.store, take) : take());
  }
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (
    document.querySelectorAll("[data-export]")
  ))
    button.addEventListener("click", () => {
      shut(menu);
      save(/** @type {Kind} */ (button.dataset.export)).catch((error) => say(error.message));
    });
}
