// The menu of files that the figure can be saved as. What writes them is loaded when it is first wanted.

import { $ } from "../base/dom.js";

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

/**
 * @param {() => ReturnType<import("../views/views.js").Views["drawn"]>} shown
 * @param {() => string[]} options of the command that draws it again, besides the cells
 * @param {(words: string) => void} say
 */
export function exports(shown, options, say) {
  const load = () => import("../export/export.js");
  const menu = /** @type {HTMLDetailsElement} */ ($("export"));
  menu.addEventListener("toggle", () => {
    load().catch(() => {}); // said when a file is chosen
    // Numbers are those of the cells in sight: of a map or of another view's colours there is the picture.
    const { meaning, blocks } = shown();
    for (const kind of ["csv", "npz"]) {
      const button = /** @type {HTMLElement} */ (document.querySelector(`[data-export=${kind}]`));
      button.hidden = meaning !== null || blocks.length === 0;
    }
  });
  /** @param {Kind} kind */
  async function save(kind) {
    const wide = Number(/** @type {HTMLInputElement} */ ($("export-width")).value);
    const drawn = shown();
    const { saveAs } = await load().catch(() => {
      throw new Error("Could not load the export. Reload the page: your text is kept.");
    });
    await saveAs(kind, drawn, options(), wide);
  }
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (
    document.querySelectorAll("[data-export]")
  ))
    button.addEventListener("click", () => {
      menu.open = false;
      save(/** @type {Kind} */ (button.dataset.export)).catch((error) => say(error.message));
    });
}
