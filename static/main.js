// The page: one state, one session, and the views that show them.

import { formatAddress, parseAddress } from "./address.js";
import { Axis, overview } from "./axis.js";
import { CellView } from "./cell.js";
import { parseCells } from "./cells.js";
import { css, makePalette, PALETTES, surprisePixels } from "./colour.js";
import { isSaturated, PENDING } from "./columns.js";
import {
  controls,
  count,
  heads,
  offer,
  pickers,
  reflect,
  toast,
  writingControls,
} from "./controls.js";
import { $, say } from "./dom.js";
import { editor } from "./editor.js";
import { countPoints, normalise } from "./edits.js";
import { exports } from "./export.js";
import { extras, refine } from "./extras.js";
import { Figure } from "./figure.js";
import { keyboard } from "./keyboard.js";
import { Lasting } from "./lasting.js";
import { showLegend } from "./legend.js";
import { MapView } from "./map.js";
import { memoriesOf } from "./memories.js";
import { needsValues, ORDERS, ranking } from "./order.js";
import { Predictions } from "./predictions.js";
import { readingOf, readout } from "./readout.js";
import { SAMPLES } from "./samples.js";
import { OwnScale } from "./scale.js";
import { Session } from "./session.js";
import { connect, PROTOCOL } from "./socket.js";
import { addressOf, shownCards, stateOf, VIEWS, warmUpOf } from "./state.js";
import { createStore } from "./store.js";
import { apply, inForce, remembered } from "./theme.js";
import { UNREACHABLE } from "./trace.js";
import { glyphOf } from "./values.js";
import { writer } from "./writer.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./memories.js").Card} Card */
/** @typedef {import("./figure.js").Point} Point */

const KEPT = "nestscope-text";
/** So many characters of curves can be told apart. */
const READABLE = 72;
const theme = remembered();
/** @type {State} */
const INITIAL = {
  cards: [],
  a: "none",
  b: "none",
  view: "figure",
  cells: "0-6",
  order: "index",
  pick: 0,
  palette: "paper",
  scale: "fixed",
  theme,
  shade: inForce(theme),
  start: "",
  text: SAMPLES[0]?.text ?? "",
  point: null,
  held: false,
  exact: null,
  limit: Number.POSITIVE_INFINITY,
  connection: "connecting",
  problem: "",
};
const store = createStore(INITIAL);
let palette = makePalette(INITIAL.palette, INITIAL.shade);
let surprise = surprisePixels(INITIAL.shade);
/** @type {import("./memories.js").Memory} */
const SURPRISAL = {
  layer: 0,
  level: 0,
  state: "h",
  name: "surprisal",
  symbol: "−log₂ p",
  innermost: false,
};

// The server's side.

const session = new Session((message) => channel?.send(message) ?? false, {
  columns(panel, from, to) {
    figure.recolour(panel, from, to);
    map.changed(panel, from);
    later(`read ${panel}`, () => reading(panel));
  },
  exact: (exact) => store.set({ exact }),
});
const scale = new OwnScale(session);
/** @type {ReturnType<typeof connect> | null} */
let channel = null;

function openChannel() {
  const url = new URL("/api/live", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  channel = connect(url.href, {
    hello(hello) {
      store.set({ limit: hello.max_text });
      session.start(hello);
    },
    frame: (head, values) => session.frame(head, values),
    message(message) {
      session.message(message);
      if (message.type === "error" && message.code !== "out_of_step")
        store.set({ problem: message.message });
    },
    connection: (connection) => store.set({ connection }),
    outdated() {
      // A newer server: keep the text, and load the page that belongs to it, once.
      if (sessionStorage.getItem("nestscope-reloaded") === String(PROTOCOL)) return;
      sessionStorage.setItem("nestscope-reloaded", String(PROTOCOL));
      sessionStorage.setItem(KEPT, store.get().text);
      location.reload();
    },
  });
}

const lasting = new Lasting(
  () => later("panels", showPanels),
  (problem) => store.set({ problem }),
);

/** The warm-up and the text, to every view and to the server. @param {State} state */
function read(state) {
  const before = warmUpOf(state);
  figure.border = countPoints(before);
  axis.border = figure.border;
  session.setText(before + state.text);
  figure.setText(before + state.text);
}

// Work for the next frame, each kind once.

/** @type {Map<string, () => void>} */
const waiting = new Map();
/** @param {string} name @param {() => void} work */
function later(name, work) {
  if (waiting.size === 0)
    requestAnimationFrame(() => {
      const works = [...waiting.values()];
      waiting.clear();
      for (const each of works) each();
    });
  waiting.set(name, work);
}

// What is shown.

/** All cells of a model in the order chosen. @param {number} panel @param {Card} card @returns {number[]} */
function orderOf(panel, card) {
  const { order, pick } = store.get();
  const columns = session.panels[panel]?.columns;
  const lasts = order === "lasting" ? lasting.order(card) : null;
  if (lasts) return lasts;
  if (!needsValues(order) || !columns || columns.cells.length !== card.hidden)
    return Array.from({ length: card.hidden }, (_, cell) => cell);
  return ranking(order, columns, Math.min(pick, card.hidden - 1));
}

/** The figure's rows of one model: places in the order, or the one cell looked at. @param {Card} card @param {readonly number[]} order */
function rowsOf(card, order) {
  const state = store.get();
  if (state.view === "cell" || state.view === "predictions")
    return [Math.min(state.pick, card.hidden - 1)];
  const { cells } = parseCells(state.cells, card.hidden);
  const places = cells.length > 0 ? cells : order.slice(0, 7).map((_, k) => k);
  return places.map((place) => order[place] ?? place);
}

/** Tell the session what is shown, then show it. */
function showPanels() {
  const state = store.get();
  const cards = shownCards(state);
  if (cards.length === 0) return;
  const all = state.view === "map" || (state.view === "figure" && needsValues(state.order));
  session.visible = figure.visible();
  session.show(
    cards.map((card, panel) => ({ card, cells: all ? "all" : rowsOf(card, orderOf(panel, card)) })),
  );
  heads(state, state.view === "predictions" ? [SURPRISAL] : null);
  sheets();
}

function sheets() {
  const { view } = store.get();
  const cards = shownCards(store.get());
  const made = cards.map((card, panel) => {
    const order = orderOf(panel, card);
    const memories = view === "predictions" ? [SURPRISAL] : memoriesOf(card);
    return { memories, cells: rowsOf(card, order), order };
  });
  figure.setSheets(made);
  map.active = view === "map";
  cellView.active = view === "cell";
  const glyphs = map.active || cellView.active ? [...session.text].map(glyphOf) : [];
  if (glyphs.length > 0) axis.resize(glyphs.length);
  if (map.active)
    map.show(
      made.flatMap(({ memories, order }, panel) => {
        const columns = session.panels[panel]?.columns;
        return columns ? [{ memories, columns, order }] : [];
      }),
      glyphs,
    );
  if (cellView.active) {
    if (axis.whole && axis.length > 2 * READABLE) {
      const centre = store.get().point?.position ?? figure.border + READABLE / 2;
      axis.look(centre - READABLE / 2, centre + READABLE / 2);
    }
    cellView.cell = store.get().pick;
    cellView.glyphs = glyphs;
  }
  if (view === "cell" || view === "predictions") askMore();
  for (const panel of cards.keys()) reading(panel);
  lookAt();
}

const figure = new Figure($("figure"), [$("blocks-0"), $("blocks-1")], {
  point,
  cell: (_, cell) => store.set({ pick: cell, view: "cell" }),
  source(panel, memory, cell) {
    if (store.get().view === "predictions")
      return {
        values: predictions.bytes[panel] ?? new Int8Array(0),
        offset: 0,
        stride: 1,
        colours: surprise,
      };
    const columns = session.panels[panel]?.columns;
    const slot = columns?.slots.get(cell);
    if (!columns || slot === undefined)
      return { values: new Int8Array(0), offset: 0, stride: 0, colours: palette.pixels };
    const own = store.get().scale === "cell" ? scale.source(panel, memory, slot, palette) : null;
    const offset = memory * columns.cells.length + slot;
    return (
      own ?? { values: columns.values, offset, stride: columns.width, colours: palette.pixels }
    );
  },
  unknown: (panel) => session.panels[panel]?.columns.unknown ?? new Set(),
});

const axis = new Axis(() => {
  map.move();
  cellView.schedule();
});
const drawOverview = overview(axis, {
  mini: $("mini"),
  window: $("mini-window"),
  range: $("range"),
});
const map = new MapView($("figure"), [$("maps-0"), $("maps-1")], axis, drawOverview, {
  point(at, press) {
    point(at, press);
    if (press && at) store.set({ pick: at.cell });
  },
  colours: () => palette.pixels,
});
const cellView = new CellView(
  $("figure"),
  [$("curves-0"), $("curves-1")],
  axis,
  drawOverview,
  point,
);
cellView.strip = (pixels, width, height) => {
  const row = session.panels[0]?.columns.row(0, 0) ?? [];
  for (let k = 0; k < width * height; k += 1) {
    const t = Math.floor(((k % width) / width) * row.length);
    pixels[k] = palette.pixels[(row[t] ?? PENDING) + 128] ?? 0;
  }
};
const predictions = new Predictions([$("next-0"), $("next-1")], $("verdict"));

const askMore = extras(
  () => {
    const state = store.get();
    return { view: state.view, cards: shownCards(state), text: session.text, pick: state.pick };
  },
  {
    begin({ view, cards }) {
      for (const panel of [0, 1]) if (!cards[panel]) cellView.clear(panel);
      if (view === "predictions") predictions.begin([...session.text], cards.length, figure.border);
    },
    gates: (panel, gates, card) => cellView.show(panel, gates, card),
    logits(panel, logits, card) {
      predictions.show(panel, logits, card.vocabulary);
      figure.recolour(panel);
    },
    problem: (problem) => store.set({ problem }),
    done: lookAt,
  },
);
$("zoom-in").addEventListener("click", () => axis.zoom(0.5));
$("zoom-out").addEventListener("click", () => axis.zoom(2));
$("zoom-all").addEventListener("click", () => axis.reset());

/** How far a model has read, and what is flat in it. @param {number} panel */
function reading(panel) {
  const columns = session.panels[panel]?.columns;
  const progress = /** @type {HTMLProgressElement} */ ($(`progress-${panel}`));
  const share = columns && columns.length > 0 ? columns.done / columns.length : 1;
  progress.value = share;
  progress.classList.toggle("done", share >= 1);
  const busy = session.panels.some(({ columns: c }) => c.done < c.length);
  figure.root.setAttribute("aria-busy", String(busy));
  const state = store.get();
  const sheet = figure.sheets[panel];
  const card = shownCards(state)[panel];
  if (!columns || !sheet || !card || share < 1 || state.view === "predictions") return;
  if (needsValues(state.order) && orderOf(panel, card).join() !== sheet.order.join())
    return later("sheets", sheets);
  for (const block of figure.blocks) {
    const slot = columns.slots.get(block.cell);
    if (block.panel !== panel || slot === undefined) continue;
    const innermost = sheet.memories[block.memory]?.innermost ?? false;
    const flat = innermost && isSaturated(columns.row(block.memory, slot));
    const own =
      state.scale === "cell" ? `±${scale.largest(panel, block.memory, slot).toPrecision(2)}` : "";
    say(block.note, flat ? `saturated ${own}` : own);
    const why = "Beyond 0.99 for more than 95 % of this text: one flat colour is not a memory";
    if (flat !== Boolean(block.note.title)) block.note.title = flat ? why : "";
  }
  cellView.schedule();
  if (state.scale === "cell") {
    figure.recolour(panel);
    refine(scale, panel, card, sheet, session.text)
      .then((any) => any && later(`read ${panel}`, () => reading(panel)))
      .catch((error) => store.set({ problem: String(error.message) }));
  }
  if (state.point) {
    session.inspect(state.point.position);
    later("look", lookAt);
  }
}

// The character looked at.

/** @param {Point | null} at @param {boolean} press */
function point(at, press) {
  const { held, point: old } = store.get();
  if (press) {
    const again =
      held &&
      at &&
      old &&
      at.position === old.position &&
      at.cell === old.cell &&
      at.panel === old.panel &&
      at.memory === old.memory;
    store.set(again ? { held: false } : { point: at, held: at !== null });
  } else if (!held) store.set({ point: at });
}

const showReadout = readout({
  glyph: $("glyph"),
  where: $("where"),
  readings: $("readings"),
  table: $("table"),
  spoken: $("spoken"),
});

/** The character before the caret. */
function caret() {
  const area = /** @type {HTMLTextAreaElement} */ ($("text"));
  const end = area.selectionStart || area.value.length;
  return figure.border + countPoints(normalise(area.value.slice(0, end))) - 1;
}

function lookAt() {
  const state = store.get();
  const position = state.point?.position ?? -1;
  const { offsets, text } = figure;
  const inside = position >= 0 && position < offsets.length - 1;
  const character = inside ? text.slice(offsets[position], offsets[position + 1]) : "";
  figure.light(inside ? position : -1);
  figure.root.classList.toggle("held", state.held);
  if (map.active) map.light(inside ? state.point : null);
  if (cellView.active) cellView.light(inside ? state.point : null);
  for (const block of figure.blocks) {
    if (!block.visible && character) continue;
    if (state.view === "predictions") {
      say(block.reading, character ? predictions.reading(block.panel, position) : "");
      continue;
    }
    const value = character
      ? readingOf(session, state.exact, position, block.panel, block.memory, block.cell)
      : { text: "", exact: false };
    say(block.reading, value.text);
    block.reading.classList.toggle("exact", value.exact);
  }
  if (state.view === "predictions") predictions.at(inside ? position : caret());
  const surprise = state.view === "predictions" ? predictions : null;
  showReadout(session, figure.sheets, character, state, palette, surprise);
}

document.addEventListener("selectionchange", () => {
  if (store.get().view === "predictions" && !store.get().point) later("look", lookAt);
});
exports(
  figure,
  () => {
    const state = store.get();
    const { ink, steps } = palette;
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
keyboard(figure, map, axis, store);
$("table-button").addEventListener("click", () => {
  const table = $("table");
  table.hidden = !table.hidden;
  $("table-button").setAttribute("aria-expanded", String(!table.hidden));
  lookAt();
});

// The text and the address.

const theEditor = editor($("editor"), $("text"), (text) => store.set({ text }), toast);
controls(store, theEditor.replace, writeAddress);

writingControls(
  store,
  writer({
    text: () => store.get().text,
    length: () => session.length,
    predict: (position) => session.predict(position),
    append: theEditor.append,
  }),
);

let addressTimer = 0;
let offerTimer = 0;
function writeAddress() {
  const state = store.get();
  if (state.cards.length > 0) history.replaceState(null, "", formatAddress(addressOf(state)));
}
const KNOWN = { orders: ORDERS, palettes: Object.keys(PALETTES), views: VIEWS };
const ADDRESSED = /** @type {(keyof State)[]} */ ([
  "a",
  "b",
  "view",
  "cells",
  "order",
  "pick",
  "palette",
  "scale",
  "start",
  "text",
  "held",
  "point",
]);
const PANELS = /** @type {(keyof State)[]} */ ([
  "cards",
  "a",
  "b",
  "cells",
  "order",
  "pick",
  "view",
]);

store.subscribe((state, changed) => {
  /** @param {(keyof State)[]} keys */
  const any = (...keys) => keys.some((key) => changed.has(key));
  if (any("theme")) {
    apply(state.theme);
    store.set({ shade: inForce(state.theme) });
  }
  if (any("palette", "shade")) {
    palette = makePalette(state.palette, state.shade);
    surprise = surprisePixels(state.shade);
  }
  if (any("palette", "shade", "scale", "view"))
    showLegend($("legend"), palette, state.view === "map" ? "fixed" : state.scale);
  if (any("palette", "shade", "scale")) {
    figure.recolourAll();
    map.schedule();
    cellView.schedule();
    for (const panel of session.panels.keys()) later(`read ${panel}`, () => reading(panel));
  }
  if (any("text", "start")) {
    read(state);
    if (state.view !== "figure") later("sheets", sheets);
    for (const panel of session.panels.keys()) later(`read ${panel}`, () => reading(panel));
    if (state.point && state.point.position >= countPoints(session.text))
      store.set({ point: null, held: false });
  }
  if (any("text", "start", "limit")) count(state);
  if (any("text", "cards", "a", "b")) {
    clearTimeout(offerTimer);
    offerTimer = window.setTimeout(() => offer(store.get(), theEditor.replace), 250);
  }
  if (any(...PANELS)) later("panels", showPanels);
  if (any("point") && state.point) session.inspect(state.point.position);
  if (any("point", "exact", "palette", "shade", "held")) later("look", lookAt);
  if (any("problem")) say($("problem"), state.problem);
  if (any("connection")) {
    $("lost").hidden = state.connection !== "lost";
    say(
      $("lost"),
      state.connection === "lost"
        ? "The connection to the server is lost. Your text is kept; trying again…"
        : "",
    );
    if (state.connection === "open") {
      // What was asked in vain meanwhile is asked again.
      later("panels", showPanels);
      if (state.problem === UNREACHABLE) store.set({ problem: "" });
    }
  }
  reflect(state);
  if (any(...ADDRESSED)) {
    clearTimeout(addressTimer);
    addressTimer = window.setTimeout(writeAddress, 400);
  }
});

/** @param {Card[]} cards */
function begin(cards) {
  const readers = cards.filter((card) => card.task === "charlm");
  if (readers.length === 0)
    return store.set({
      problem:
        "This server has no model that reads text: put a checkpoint into its folder and start it again.",
    });
  pickers(store, readers);
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  const wanted = stateOf(parseAddress(location.hash), readers, KNOWN);
  const text = normalise(kept ?? wanted.text ?? store.get().text);
  theEditor.start(text);
  read({ ...store.get(), ...wanted, text });
  store.set({ ...wanted, cards: readers, text });
  openChannel();
}

apply(INITIAL.theme);
showLegend($("legend"), palette, INITIAL.scale);
figure.setText(INITIAL.text);
count(INITIAL);
reflect(INITIAL);
addEventListener("hashchange", () => {
  const wanted = stateOf(parseAddress(location.hash), store.get().cards, KNOWN);
  const text = wanted.text === undefined ? store.get().text : normalise(wanted.text);
  if (text !== store.get().text) theEditor.start(text);
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
