// The page: one state, one session, and the views that show them.

import { css } from "./base/colour.js";
import { $, say } from "./base/dom.js";
import { later } from "./base/schedule.js";
import { apply, inForce, remembered } from "./base/theme.js";
import { controls, count, heads, pickers, reflect, writingControls } from "./chrome/controls.js";
import { keyboard } from "./chrome/keyboard.js";
import { showLegend } from "./chrome/legend.js";
import { showConnection, toast } from "./chrome/notices.js";
import { exports } from "./export/export.js";
import { ADDRESSED } from "./state/address.js";
import { addressBar } from "./state/addressbar.js";
import { initialState, shownCards, VIEWS, warmUpOf } from "./state/state.js";
import { createStore } from "./state/store.js";
import { writer } from "./text/continuation.js";
import { editor } from "./text/editor.js";
import { normalise } from "./text/edits.js";
import { offers } from "./text/offer.js";
import { inspection, pointed } from "./views/inspection.js";
import { Lasting } from "./views/lasting.js";
import { noteBlocks, showProgress } from "./views/progress.js";
import { OwnScale } from "./views/scale.js";
import { SHOWN, Sheets, SURPRISAL } from "./views/sheets.js";
import { Views } from "./views/views.js";
import { keptText, openChannel } from "./wire/live.js";
import { extras } from "./wire/requests.js";
import { Session } from "./wire/session.js";
import { UNREACHABLE } from "./wire/trace.js";

/** @typedef {import("./state/state.js").State} State */
/** @typedef {import("./base/memories.js").Card} Card */

const theme = remembered();
const INITIAL = initialState(theme, inForce(theme));
const store = createStore(INITIAL);

// The server's side.

/** @type {ReturnType<typeof openChannel> | null} */
let channel = null;
const session = new Session((message) => channel?.send(message) ?? false, {
  columns(panel, from, to) {
    figure.recolour(panel, from, to);
    map.changed(panel, from);
    later(`read ${panel}`, () => reading(panel));
  },
  exact: (exact) => store.set({ exact }),
});
const scale = new OwnScale(session);
const lasting = new Lasting(
  () => later("panels", showPanels),
  (problem) => store.set({ problem }),
);

// The screen's side.

const sheets = new Sheets(session, lasting);
const views = new Views(store, session, scale, (at, press) =>
  store.set(pointed(store.get(), at, press)),
);
const { figure, map, cell, axis, predictions } = views;

const askMore = extras(
  () => {
    const state = store.get();
    return { view: state.view, cards: shownCards(state), text: session.text, pick: state.pick };
  },
  {
    begin({ view, cards }) {
      for (const panel of [0, 1]) if (!cards[panel]) cell.clear(panel);
      if (view === "predictions")
        predictions.begin([...session.text], cards.length, session.passage.border);
    },
    gates: (panel, gates, card) => cell.show(panel, gates, card),
    logits(panel, logits, card) {
      predictions.show(panel, logits, card.vocabulary);
      figure.recolour(panel);
    },
    problem: (problem) => store.set({ problem }),
    done: () => look(),
  },
);

exports(
  figure,
  () => {
    const state = store.get();
    const { ink, steps } = views.palette;
    const ground = css(steps[128] ?? [255, 255, 255]);
    const options = [
      `--palette ${state.palette}`,
      `--theme ${state.shade}`,
      `--scale ${state.scale}`,
    ];
    return { cards: shownCards(state), text: session.text, ink: css(ink), ground, options };
  },
  toast,
);
keyboard(session, figure, map, axis, store);
const look = inspection(store, session, views);

const theEditor = editor($("editor"), $("text"), (text) => store.set({ text }), toast);
const theAddress = addressBar(store, VIEWS);
const offerSoon = offers(store, theEditor.replace);
controls(store, theEditor, theAddress.write);
writingControls(
  store,
  writer({
    text: () => store.get().text,
    length: () => session.length,
    predict: (position) => session.predict(position),
    append: theEditor.append,
  }),
);

// From the state to the session and the screen.

/** The warm-up and the text, to the server and to every view. @param {State} state */
function read(state) {
  session.setText(state.text, warmUpOf(state));
  views.setText(session.passage);
}

/** Tell the session what is shown, then show it. */
function showPanels() {
  const state = store.get();
  if (shownCards(state).length === 0) return;
  session.visible = figure.visible();
  session.show(sheets.wanted(state));
  heads(state, state.view === "predictions" ? [SURPRISAL] : null);
  showSheets();
}

function showSheets() {
  const state = store.get();
  views.show(sheets.of(state));
  if (state.view === "cell" || state.view === "predictions") askMore();
  for (const panel of shownCards(state).keys()) reading(panel);
  look();
}

/** How far a model has read, and what is known of its cells then. @param {number} panel */
function reading(panel) {
  const whole = showProgress(session, figure, panel);
  const state = store.get();
  const sheet = figure.sheets[panel];
  const card = shownCards(state)[panel];
  if (!session.panels[panel] || !sheet || !card || !whole || state.view === "predictions") return;
  if (sheets.isOutOfOrder(sheet, state, panel, card)) return later("sheets", showSheets);
  noteBlocks(session, figure, panel, state.scale === "cell" ? scale : null);
  cell.schedule();
  if (state.scale === "cell") {
    figure.recolour(panel);
    scale
      .refine(panel, card, sheet, session.text)
      .then((any) => any && later(`read ${panel}`, () => reading(panel)))
      .catch((error) => store.set({ problem: String(error.message) }));
  }
  if (state.point) {
    session.inspect(state.point.position);
    later("look", look);
  }
}

function readAll() {
  for (const panel of session.panels.keys()) later(`read ${panel}`, () => reading(panel));
}

store.subscribe((state, changed) => {
  /** @param {(keyof State)[]} keys */
  const any = (...keys) => keys.some((key) => changed.has(key));
  if (any("theme")) {
    apply(state.theme);
    store.set({ shade: inForce(state.theme) });
  }
  if (any("palette", "shade")) views.mix(state);
  if (any("palette", "shade", "scale", "view"))
    showLegend($("legend"), views.palette, state.view === "map" ? "fixed" : state.scale);
  if (any("palette", "shade", "scale")) {
    views.recolour();
    readAll();
  }
  if (any("text", "start")) {
    read(state);
    if (state.view !== "figure") later("sheets", showSheets);
    readAll();
    if (state.point && state.point.position >= session.length)
      store.set({ point: null, held: false });
  }
  if (any("text", "start", "limit")) count(state);
  if (any("text", "cards", "a", "b")) offerSoon();
  if (any(...SHOWN)) later("panels", showPanels);
  if (any("point") && state.point) session.inspect(state.point.position);
  if (any("point", "exact", "palette", "shade", "held")) later("look", look);
  if (any("problem")) say($("problem"), state.problem);
  if (any("connection")) {
    showConnection(state.connection);
    if (state.connection === "open") {
      // What was asked in vain meanwhile is asked again.
      later("panels", showPanels);
      if (state.problem === UNREACHABLE) store.set({ problem: "" });
    }
  }
  reflect(state);
  if (any(...ADDRESSED)) theAddress.writeSoon();
});

// The beginning.

/** @param {Card[]} cards */
function begin(cards) {
  const readers = cards.filter((card) => card.task === "charlm");
  if (readers.length === 0)
    return store.set({
      problem:
        "This server has no model that reads text: put a checkpoint into its folder and start it again.",
    });
  pickers(store, readers);
  const wanted = theAddress.wanted(readers);
  const text = theEditor.typed() ?? normalise(keptText() ?? wanted.text ?? store.get().text);
  theEditor.start(text);
  read({ ...store.get(), ...wanted, text });
  store.set({ ...wanted, cards: readers, text });
  channel = openChannel(session, store);
}

apply(INITIAL.theme);
showLegend($("legend"), views.palette, INITIAL.scale);
read(INITIAL);
count(INITIAL);
reflect(INITIAL);
addEventListener("hashchange", () => {
  const wanted = theAddress.wanted(store.get().cards);
  const text = wanted.text === undefined ? store.get().text : normalise(wanted.text);
  theEditor.load(text);
  store.set({ start: "", ...wanted, text });
});

try {
  const answer = await fetch("/api/models");
  if (!answer.ok) throw new Error(String(answer.status));
  begin(await answer.json());
} catch (error) {
  store.set({ problem: "The list of models did not come. Load the page again in a moment." });
  console.warn(error);
}
