// The page: one state, one session, and the views that show them.

import { formatAddress, parseAddress } from "./address.js";
import { formatCells, parseCells } from "./cells.js";
import { makePalette, PALETTES, scaledPixels } from "./colour.js";
import { isSaturated, PENDING } from "./columns.js";
import { $, element, say } from "./dom.js";
import { editor } from "./editor.js";
import { countPoints, normalise } from "./edits.js";
import { Figure } from "./figure.js";
import { showLegend } from "./legend.js";
import { factsOf, kindOf, memoriesOf, readAs, titleOf } from "./memories.js";
import { ORDERS, ranking } from "./order.js";
import { readingOf, readout } from "./readout.js";
import { legibility, SAMPLES, sampleOf } from "./samples.js";
import { Session } from "./session.js";
import { connect, PROTOCOL } from "./socket.js";
import { addressOf, stateOf } from "./state.js";
import { createStore } from "./store.js";
import { apply, inForce, onSystemChange, remembered } from "./theme.js";
import { counted } from "./values.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./memories.js").Card} Card */

const KEPT = "nestscope-text";
const VIEWS = ["figure"];

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
  theme: remembered(),
  shade: inForce(remembered()),
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

// The server's side.

const session = new Session((message) => channel?.send(message) ?? false, {
  columns(panel, from, to) {
    figure.recolour(panel, from, to);
    later(`read ${panel}`, () => reading(panel));
  },
  exact: (exact) => store.set({ exact }),
});
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

// Work for the next frame, once.

/** @type {Map<string, () => void>} */
const waiting = new Map();
let frame = 0;
/** @param {string} name @param {() => void} work */
function later(name, work) {
  waiting.set(name, work);
  frame ||= requestAnimationFrame(() => {
    frame = 0;
    const works = [...waiting.values()];
    waiting.clear();
    for (const w of works) w();
  });
}

// What is shown.

/** @param {State} state @returns {Card[]} */
const shownCards = (state) =>
  [state.a, state.b].flatMap((name) => state.cards.find((card) => card.name === name) ?? []);

/** The rows of the figure for one model: cells by their place in the order. @param {number} panel @returns {number[]} */
function rowsOf(panel) {
  const state = store.get();
  const card = shownCards(state)[panel];
  if (!card) return [];
  const { cells } = parseCells(state.cells, card.hidden);
  const places =
    cells.length > 0
      ? cells
      : parseCells("0-6", Math.max(card.hidden, 7)).cells.filter((c) => c < card.hidden);
  if (state.order === "index") return places;
  const columns = session.panels[panel]?.columns;
  if (!columns || columns.cells.length !== card.hidden) return places;
  const ranks = ranking(state.order, columns, Math.min(state.pick, card.hidden - 1));
  return places.map((place) => ranks[place] ?? place);
}

const figure = new Figure($("figure"), [$("blocks-0"), $("blocks-1")], {
  point(point, press) {
    const { held, point: old } = store.get();
    if (press) {
      const again =
        held &&
        point &&
        old &&
        old.position === point.position &&
        old.panel === point.panel &&
        old.memory === point.memory &&
        old.rank === point.rank;
      store.set(again ? { held: false } : { point, held: point !== null });
    } else if (!held) store.set({ point });
  },
  cell: (_, cell) => store.set({ pick: cell }),
  source(panel, memory, cell) {
    const columns = session.panels[panel]?.columns;
    const slot = columns?.slots.get(cell);
    if (!columns || slot === undefined)
      return { values: new Int8Array(0), offset: 0, stride: 0, colours: palette.pixels };
    const offset = memory * columns.cells.length + slot;
    const colours =
      store.get().scale === "fixed"
        ? palette.pixels
        : scaledPixels(palette, largest(panel, memory, slot));
    return { values: columns.values, offset, stride: columns.width, colours };
  },
  unknown: (panel) => session.panels[panel]?.columns.unknown ?? new Set(),
});

/** The largest magnitude of a cell over the text, as a byte, at least 1. @param {number} panel @param {number} memory @param {number} slot */
function largest(panel, memory, slot) {
  let most = 1;
  for (const value of session.panels[panel]?.columns.row(memory, slot) ?? [])
    if (value !== PENDING) most = Math.max(most, Math.abs(value));
  return most;
}

/** Tell the session what is shown, and build the figure. */
function showPanels() {
  const state = store.get();
  const cards = shownCards(state);
  if (cards.length === 0) return;
  session.visible = figure.visible();
  session.show(
    cards.map((card, panel) => ({ card, cells: state.order === "index" ? rowsOf(panel) : "all" })),
  );
  sheets();
}

function sheets() {
  const cards = shownCards(store.get());
  const made = cards.map((card, panel) => ({ memories: memoriesOf(card), cells: rowsOf(panel) }));
  figure.setSheets(made);
  for (const panel of [0, 1]) {
    const card = cards[panel];
    const sheet = /** @type {HTMLElement} */ ($(`blocks-${panel}`).closest(".sheet"));
    sheet.classList.toggle("absent", !card);
    $(`title-${panel}`).textContent = card ? kindOf(card) : "No second model";
    $(`facts-${panel}`).textContent = card ? factsOf(card).join(" · ") : "";
    const heads = (made[panel]?.memories ?? []).map(({ name, symbol }) =>
      element("h3", "", element("b", "", name), element("i", "", symbol)),
    );
    $(`memories-${panel}`).style.setProperty("--columns", String(heads.length || 1));
    $(`memories-${panel}`).replaceChildren(...heads);
    reading(panel);
  }
  lookAt();
}

/** How far a model has read, and what is flat in it. @param {number} panel */
function reading(panel) {
  const columns = session.panels[panel]?.columns;
  const progress = /** @type {HTMLProgressElement} */ ($(`progress-${panel}`));
  const share = columns && columns.length > 0 ? columns.done / columns.length : 1;
  progress.value = share;
  progress.classList.toggle("done", share >= 1);
  const busy = session.panels.some(({ columns: c }) => c.done < c.length);
  figure.root.setAttribute("aria-busy", String(busy));
  if (!columns || share < 1) return;
  const state = store.get();
  if (state.order !== "index") {
    const rows = rowsOf(panel).join();
    if (rows !== figure.sheets[panel]?.cells.join()) return later("sheets", sheets);
  }
  const memories = figure.sheets[panel]?.memories ?? [];
  for (const block of figure.blocks) {
    if (block.panel !== panel) continue;
    const slot = columns.slots.get(block.cell) ?? 0;
    const flat =
      (memories[block.memory]?.innermost ?? false) && isSaturated(columns.row(block.memory, slot));
    const own =
      state.scale === "cell" ? `±${(largest(panel, block.memory, slot) / 127).toFixed(2)}` : "";
    say(block.note, flat ? "saturated" : own);
    const why = "Beyond 0.99 for more than 95 % of this text: one flat colour is not a memory";
    if (flat !== Boolean(block.note.title)) block.note.title = flat ? why : "";
  }
  if (state.scale === "cell") figure.recolour(panel);
  if (state.point) later("look", lookAt);
}

// The character looked at.

const showReadout = readout({
  glyph: $("glyph"),
  where: $("where"),
  readings: $("readings"),
  table: $("table"),
  spoken: $("spoken"),
});

function lookAt() {
  const state = store.get();
  const position = state.point?.position ?? -1;
  const offsets = figure.offsets;
  const character =
    position >= 0 && position < offsets.length - 1
      ? figure.text.slice(offsets[position], offsets[position + 1])
      : "";
  figure.light(character ? position : -1);
  figure.root.classList.toggle("held", state.held);
  for (const block of figure.blocks) {
    if (!block.visible && character) continue;
    const value = character
      ? readingOf(session, state.exact, position, block.panel, block.memory, block.cell)
      : { text: "", exact: false };
    say(block.reading, value.text);
    block.reading.classList.toggle("exact", value.exact);
  }
  showReadout(session, figure.sheets, character, state, palette);
}

// The frame around it.

const theEditor = editor(
  $("editor"),
  $("text"),
  (text) => store.set({ text }),
  (problem) => toast(problem),
);

let toasting = 0;
/** @param {string} words */
function toast(words) {
  const node = $("toast");
  node.textContent = words;
  node.hidden = false;
  clearTimeout(toasting);
  toasting = window.setTimeout(() => {
    node.hidden = true;
  }, 4000);
}

/** Characters and the limit, in words. */
function count() {
  const { text, limit } = store.get();
  const characters = countPoints(text);
  const node = $("count");
  const known = Number.isFinite(limit);
  const over = known && characters > limit;
  node.textContent = over
    ? `${counted(characters)} characters: the first ${counted(limit)} are read`
    : `${counted(characters)}${known ? ` of at most ${counted(limit)}` : ""} characters`;
  node.classList.toggle("near", known && characters > 0.9 * limit);
}

let strangerTimer = 0;
/** Say which model cannot read the text, and offer one that suits it. */
function strangers() {
  const { text } = store.get();
  const node = $("offer");
  /** @type {(Node | string)[]} */
  const parts = [];
  for (const [panel, card] of shownCards(store.get()).entries()) {
    const alphabet = new Set(card.vocabulary);
    const known = (/** @type {string} */ c) => readAs(alphabet, c) !== null;
    const share = legibility(text, known);
    if (share > 0.8 || text === "") continue;
    const sample = SAMPLES.map((s) => ({ s, read: legibility(s.text, known) })).sort(
      (x, y) => y.read - x.read,
    )[0];
    parts.push(
      `Model ${"AB"[panel]} knows ${Math.round(100 * share)} % of these characters; the others are underlined and read as nothing. `,
    );
    if (sample && sample.read > share) {
      const button = element("button", "", `Try “${sample.s.label}”`);
      button.type = "button";
      button.addEventListener("click", () => theEditor.replace(sample.s.text));
      parts.push(button, " ");
    }
  }
  node.replaceChildren(...parts);
  node.hidden = parts.length === 0;
}

/** @param {Card[]} cards */
function pickers(cards) {
  for (const panel of [0, 1]) {
    const select = /** @type {HTMLSelectElement} */ ($(`model-${panel}`));
    const options = cards.map((card) => {
      const option = new Option(titleOf(card, cards), card.name);
      return option;
    });
    if (panel === 1) options.push(new Option("No second model", "none"));
    select.replaceChildren(...options);
    select.addEventListener("change", () =>
      store.set(panel === 0 ? { a: select.value } : { b: select.value }),
    );
  }
}

/** The two models a sample is written for, as far as they are served. @param {string[]} names */
const pairFor = (names) => {
  const { cards } = store.get();
  return names.every((name) => cards.some((card) => card.name === name))
    ? { a: names[0] ?? "", b: names[1] ?? "" }
    : {};
};

function frameOfPage() {
  const home = $("samples");
  for (const sample of SAMPLES) {
    const button = element("button", "", sample.label);
    button.type = "button";
    button.dataset.sample = sample.name;
    button.addEventListener("click", () => {
      store.set({ point: null, held: false, ...pairFor(sample.models) });
      theEditor.replace(sample.text);
    });
    home.append(button);
  }
  const own = element("button", "own", "Write your own");
  own.type = "button";
  own.addEventListener("click", () => {
    store.set({ point: null, held: false, ...pairFor(sampleOf("prose")?.models ?? []) });
    theEditor.replace("");
  });
  home.append(own);

  $("order").append(...Object.entries(ORDERS).map(([value, label]) => new Option(label, value)));
  $("palette").append(
    ...Object.entries(PALETTES).map(([value, { label }]) => new Option(label, value)),
  );
  for (const id of /** @type {const} */ (["order", "palette", "scale"])) {
    const select = /** @type {HTMLSelectElement} */ ($(id));
    select.addEventListener("change", () =>
      store.set(/** @type {Partial<State>} */ ({ [id]: select.value })),
    );
  }
  const cells = /** @type {HTMLInputElement} */ ($("cells"));
  cells.addEventListener("input", () => {
    const most = Math.min(...shownCards(store.get()).map((card) => card.hidden));
    const { cells: list, error } = parseCells(cells.value, most);
    cells.setAttribute("aria-invalid", String(error !== null));
    store.set({ problem: error ?? "", ...(error === null ? { cells: formatCells(list) } : {}) });
  });

  $("theme").addEventListener("click", () => {
    const { theme, shade } = store.get();
    // From the system's theme to the other one, to its like, and back to the system's.
    const next =
      theme === "auto"
        ? shade === "dark"
          ? "light"
          : "dark"
        : inForce("auto") !== theme
          ? inForce("auto")
          : "auto";
    store.set({ theme: next });
  });
  onSystemChange(() => store.set({ shade: inForce(store.get().theme) }));

  $("share").addEventListener("click", async () => {
    writeAddress();
    try {
      await navigator.clipboard.writeText(location.href);
      toast(
        parseAddress(location.hash).text === undefined && !parseAddress(location.hash).sample
          ? "Copied; the text is too long for a link and stays here."
          : "Copied: the link opens this very view.",
      );
    } catch {
      toast("The address bar holds the link to this view.");
    }
  });

  const table = $("table");
  $("table-button").addEventListener("click", (event) => {
    table.hidden = !table.hidden;
    /** @type {HTMLElement} */ (event.currentTarget).setAttribute(
      "aria-expanded",
      String(!table.hidden),
    );
    lookAt();
  });
  $("figure").addEventListener("keydown", keys);
}

/** @param {KeyboardEvent} event */
function keys(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLSelectElement)
    return;
  const { point } = store.get();
  const last = figure.boxes.count - 1;
  if (last < 0) return;
  const from = point ?? { position: -1, panel: 0, memory: 0, rank: 0 };
  const sheet = figure.sheets[from.panel];
  if (!sheet) return;
  const to = { ...from };
  if (event.key === "ArrowRight") to.position += 1;
  else if (event.key === "ArrowLeft") to.position -= 1;
  else if (event.key === "ArrowDown") to.rank += 1;
  else if (event.key === "ArrowUp") to.rank -= 1;
  else if (event.key === "Home") to.position = 0;
  else if (event.key === "End") to.position = last;
  else if (event.key === "[" || event.key === "]")
    to.panel = event.key === "[" ? 0 : figure.sheets.length - 1;
  else if (event.key === "i") to.memory = 0;
  else if (event.key === "o") to.memory = sheet.memories.length - 1;
  else if (event.key === "Escape") return store.set({ point: null, held: false });
  else return;
  event.preventDefault();
  to.position = Math.max(0, Math.min(last, to.position));
  to.rank = Math.max(0, Math.min(sheet.cells.length - 1, to.rank));
  to.memory = Math.min(to.memory, (figure.sheets[to.panel]?.memories.length ?? 1) - 1);
  store.set({ point: to, held: true });
  figure.reveal(to.position);
}

let addressTimer = 0;
function writeAddress() {
  const state = store.get();
  if (state.cards.length > 0) history.replaceState(null, "", formatAddress(addressOf(state)));
}

const KNOWN = { orders: Object.keys(ORDERS), palettes: Object.keys(PALETTES), views: VIEWS };
const ADDRESSED = /** @type {(keyof State)[]} */ ([
  "a",
  "b",
  "view",
  "cells",
  "order",
  "pick",
  "palette",
  "scale",
  "text",
  "held",
  "point",
]);

store.subscribe((state, changed) => {
  if (changed.has("theme")) {
    apply(state.theme);
    store.set({ shade: inForce(state.theme) });
  }
  if (changed.has("palette") || changed.has("shade")) {
    palette = makePalette(state.palette, state.shade);
    figure.recolourAll();
  }
  if (changed.has("palette") || changed.has("shade") || changed.has("scale"))
    showLegend($("legend"), palette, state.scale);
  if (changed.has("scale")) {
    figure.recolourAll();
    for (const panel of [0, 1]) later(`read ${panel}`, () => reading(panel));
  }
  if (changed.has("text")) {
    session.setText(state.text);
    figure.setText(state.text);
    for (const panel of session.panels.keys()) later(`read ${panel}`, () => reading(panel));
    if (state.point && state.point.position >= countPoints(state.text))
      store.set({ point: null, held: false });
    clearTimeout(strangerTimer);
    strangerTimer = window.setTimeout(strangers, 250);
  }
  if (changed.has("text") || changed.has("limit")) count();
  if (
    ["cards", "a", "b", "cells", "order", "pick"].some((key) =>
      changed.has(/** @type {keyof State} */ (key)),
    )
  ) {
    later("panels", showPanels);
    strangerTimer = window.setTimeout(strangers, 250);
  }
  if (
    changed.has("point") ||
    changed.has("exact") ||
    changed.has("palette") ||
    changed.has("shade") ||
    changed.has("held")
  ) {
    if (changed.has("point") && state.point) session.inspect(state.point.position);
    later("look", lookAt);
  }
  if (changed.has("problem")) $("problem").textContent = state.problem;
  if (changed.has("connection")) {
    const lost = $("lost");
    lost.hidden = state.connection !== "lost";
    lost.textContent =
      state.connection === "lost"
        ? "The connection to the server is lost. Your text is kept; trying again…"
        : "";
  }
  controls(state);
  if (ADDRESSED.some((key) => changed.has(key))) {
    clearTimeout(addressTimer);
    addressTimer = window.setTimeout(writeAddress, 400);
  }
});

/** The controls say what the state says. @param {State} state */
function controls(state) {
  for (const [id, value] of Object.entries({
    order: state.order,
    palette: state.palette,
    scale: state.scale,
    "model-0": state.a,
    "model-1": state.b,
  })) {
    const select = /** @type {HTMLSelectElement} */ ($(id));
    if (select.value !== value) select.value = value;
  }
  const cells = /** @type {HTMLInputElement} */ ($("cells"));
  if (document.activeElement !== cells && cells.value !== state.cells) cells.value = state.cells;
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (
    $("samples").querySelectorAll("[data-sample]")
  ))
    button.setAttribute(
      "aria-pressed",
      String(sampleOf(button.dataset.sample)?.text === state.text),
    );
  $("theme").setAttribute(
    "aria-label",
    `Theme: ${state.theme === "auto" ? "as the system" : state.theme}`,
  );
}

/** A server without a model that reads text can show nothing. @param {Card[]} cards */
function begin(cards) {
  const reading = cards.filter((card) => card.task === "charlm");
  if (reading.length === 0)
    return store.set({
      problem:
        "This server has no model that reads text. Put a checkpoint into its folder and start it again.",
    });
  pickers(reading);
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  const wanted = stateOf(parseAddress(location.hash), reading, KNOWN);
  if (kept !== null) wanted.text = kept;
  const text = normalise(wanted.text ?? store.get().text);
  theEditor.start(text);
  store.set({ ...wanted, cards: reading, text });
  session.setText(text);
  figure.setText(text);
  showPanels();
  openChannel();
}

frameOfPage();
apply(INITIAL.theme);
showLegend($("legend"), palette, INITIAL.scale);
figure.setText(INITIAL.text);
theEditor.start(INITIAL.text);
count();
addEventListener("hashchange", () => {
  const wanted = stateOf(parseAddress(location.hash), store.get().cards, KNOWN);
  if (wanted.text !== undefined && wanted.text !== store.get().text)
    theEditor.start(normalise(wanted.text));
  store.set({ ...wanted, ...(wanted.text === undefined ? {} : { text: normalise(wanted.text) }) });
});

try {
  const answer = await fetch("/api/models");
  if (!answer.ok) throw new Error(String(answer.status));
  begin(await answer.json());
} catch (error) {
  store.set({ problem: "The list of models did not come. Load the page again in a moment." });
  console.warn(error);
}
