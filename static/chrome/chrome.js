// The frame around the views, wired: tabs, controls, keyboard, export, notices.

import { $, say } from "../base/dom.js";
import { PLACES } from "../base/places.js";
import { apply, inForce } from "../base/theme.js";
import { showsDifference } from "../state/state.js";
import { writer } from "../text/continuation.js";
import { offers } from "../text/offer.js";
import { namedCells } from "./atlas.js";
import { CAPTIONED, caption } from "./caption.js";
import { cellFields, nameCells, offerListOfB, wrongCells } from "./cellfields.js";
import { controls, reflect } from "./controls.js";
import { count } from "./count.js";
import { coloursOf, exports } from "./exports.js";
import { keyboard } from "./keyboard.js";
import { showLegend, showMeaning } from "./legend.js";
import { menus } from "./menus.js";
import { showConnection, toast } from "./notices.js";
import { offerModels, pickers, showPlaces } from "./pickers.js";
import { printing } from "./printing.js";
import { projector } from "./projector.js";
import { share } from "./share.js";
import { showTab, tabs } from "./tabs.js";
import { tour } from "./tour.js";
import { whatIf } from "./whatif/strip.js";
import { writing } from "./writing.js";

/** @typedef {import("../state/state.js").State} State */

/** What decides whether the cells asked for can be shown, and the line that says so. */
const CELLS = /** @type {const} */ ([
  ...[...PLACES, "cards", "beside", "view"],
  ...["cells", "cellsB", "pick", "pickB", "scope", "why", "problem"],
]);

/**
 * @param {import("../views/views.js").Views} views
 * @param {ReturnType<typeof import("../text/editor.js").editor>} editor
 * @param {ReturnType<typeof import("../state/addressbar.js").addressBar>} address
 * @returns {(state: State, changed: ReadonlySet<keyof State>) => void} shows what has changed
 */
export function chrome(views, editor, address) {
  const { store, session, list } = views;
  tabs(list, store);
  pickers(store);
  keyboard(views);
  controls(store, editor);
  share(store, address.write);
  menus();
  cellFields(store);
  const showWhatIf = whatIf(views);
  const offerSoon = offers(store, editor.replace);
  const showNamed = namedCells(views);
  const showProjector = projector(views);
  const showTour = tour(views, address);
  const showCaption = caption(views);
  printing(views);
  views.known = () => {
    showCaption();
    showNamed();
    showTour();
    showProjector(store.get());
  };
  /** @param {State} state */
  const viewOf = ({ view }) => list.find(({ name }) => name === view) ?? list[0];
  /** @param {import("../views/view.js").Control} control */
  const has = (control) => viewOf(store.get()).controls.includes(control);
  /** What a model wrote, marked until the text is another. @type {import("../state/state.js").Span | null} */
  let written = null;
  writing(
    store,
    () => has("completion"),
    writer({
      text: () => store.get().text,
      // Of a longer text the end is not read: nothing can follow it.
      length: () => (session.passage.length > session.length ? 0 : session.length),
      predict: (position) => session.predict(position),
      append: editor.append,
      wrote: (span) => {
        written = span;
        store.set({ span });
      },
    }),
  );
  exports(views, () => coloursOf(store.get(), viewOf(store.get())), toast);

  function showColours() {
    const state = store.get();
    const { source, meaning } = views.shown;
    const own = source && meaning?.call(views.shown);
    if (own) return showMeaning($("legend"), own);
    const other = showsDifference(state) && has("whatif") ? views.colouring.other : null;
    return showLegend($("legend"), views.palette, has("scale") ? state.scale : "fixed", other);
  }
  views.explain = showColours;

  /** What is wrong with the cells. */
  let wrong = "";
  return function changed(state, keys) {
    /** @param {(keyof State)[]} some */
    const any = (...some) => some.some((key) => keys.has(key));
    if (any("theme")) {
      apply(state.theme);
      store.set({ shade: inForce(state.theme) });
    }
    if (any("view")) showTab(list, state.view);
    if (any("cards", "refused")) offerModels(state);
    // What may be chosen is listed anew, and with it what is chosen.
    if (any("cards", "refused", "a", "b", "c", "d", "beside")) showPlaces(state);
    if (any(...CELLS) && state.cards.length > 0) {
      const said = wrong;
      wrong = wrongCells(state);
      // It is said as long as it holds, unless something else is.
      if (state.problem === "" || state.problem === said) store.set({ problem: wrong });
    }
    if (any("palette", "shade", "scale", "view", "beside", "difference", "interventions"))
      showColours();
    if (any("order")) nameCells(state);
    if (any("cards", "a", "b", "c", "d", "beside")) offerListOfB(state);
    if (any("text") && written && state.span === written) store.set({ span: null });
    if (any("text", "start", "limit", "poem")) count(state);
    if (any("text", "poem", "cards", "a", "b", "c", "d")) offerSoon();
    if (any("cards", "a", "b", "c", "d", "palette")) showNamed();
    if (any(...CAPTIONED)) showCaption();
    if (any("projector")) showProjector(state);
    if (any("tour", "cards", "a", "b")) showTour();
    if (any("problem")) say($("problem"), store.get().problem);
    if (any("connection", "obstacle")) showConnection(state);
    if (any("connection") && state.connection === "open") views.atlases.again();
    showWhatIf(state, keys);
    reflect(state, viewOf(state).needs(state));
  };
}
