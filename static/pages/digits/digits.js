// The page of digits: a drawing, read by two classifiers glimpse after glimpse.

import { parseCell } from "../../base/cells.js";
import { css, makePalette, PALETTES } from "../../base/colour.js";
import { $, say } from "../../base/dom.js";
import { nameOf } from "../../base/memories.js";
import { later } from "../../base/schedule.js";
import { inForce, onSystemChange, remembered } from "../../base/theme.js";
import { createStore } from "../../state/store.js";
import { exportButtons } from "../exports.js";
import { RECOLOURED } from "../frame.js";
import { formatDigits, parseDigits } from "./address.js";
import { answerInWords } from "./decision.js";
import { saveCsv, saveSvg } from "./files.js";
import { GLIMPSES, glimpse } from "./glimpses.js";
import { heldInWords } from "./held.js";
import { holdFields } from "./hold.js";
import { cellOf } from "./network.js";
import { showNumbers } from "./numbers.js";
import { paintImage } from "./paint.js";
import { makePanel } from "./panel.js";
import { makePlayer } from "./player.js";
import { imageOf, SIDE } from "./raster.js";
import { makeReader } from "./reader.js";
import { sampleButtons } from "./samplebuttons.js";
import { sampleOf } from "./samples.js";
import { simplified } from "./strokes.js";
import { listen, paintDrawing } from "./surface.js";

/** @typedef {import("../../base/memories.js").Card} Card */
/** @typedef {import("./address.js").Shown} Shown */
/** @typedef {import("./address.js").State} State */
/** @typedef {Pick<State, "strokes" | "sample" | "held">} Kept what can be undone */

const FIRST = "3";

/** @type {Card[]} */
const cards = (await (await fetch("api/models")).json()).filter(
  (/** @type {Card} */ { task }) => task === "glimpses",
);
const drawing = /** @type {HTMLCanvasElement} */ ($("drawing"));
const image = /** @type {HTMLCanvasElement} */ ($("image"));

/** What the address says, where it makes sense. @returns {Shown} */
function addressed() {
  const said = parseDigits(location.hash);
  const known = cards.map(({ name }) => name);
  const usual = [known.find((name) => name.startsWith("nested")) ?? known[0] ?? "", ""];
  usual[1] = known.find((name) => name !== usual[0]) ?? usual[0] ?? "";
  const strokes = said.strokes ?? sampleOf(said.sample ?? FIRST)?.strokes ?? [];
  const a = said.a && known.includes(said.a) ? said.a : (usual[0] ?? "");
  const b = said.b && known.includes(said.b) ? said.b : (usual[1] ?? "");
  const shown = cards.filter(({ name }) => name === a || name === b);
  const cellIn = (/** @type {number} */ cell) =>
    Math.max(0, ...shown.map((card) => cellOf(card, cell)));
  return {
    ...{ a, b },
    strokes,
    sample: said.strokes ? "" : (sampleOf(said.sample ?? FIRST)?.name ?? ""),
    step: said.step ?? GLIMPSES,
    pick: cellIn(said.pick ?? 0),
    held: said.held ? { ...said.held, cell: cellIn(said.held.cell) } : null,
    palette: said.palette ?? "paper",
  };
}

const store = createStore(/** @type {State} */ ({ ...addressed(), hover: null, playing: false }));
/** @type {Kept[]} */
const past = [];
const kept = () => {
  const { strokes, sample, held } = store.get();
  return { strokes, sample, held };
};
let placed = imageOf(store.get().strokes);

const panels = [0, 1].map((index) =>
  makePanel(index, {
    hover: (place) => store.set({ hover: place }),
    choose: ({ step, cell }) =>
      store.set({ step: step + 1, playing: false, ...(cell === null ? {} : { pick: cell }) }),
  }),
);
/** @param {number} k */
const cardOf = (k) => {
  const { a, b } = store.get();
  return cards.find(({ name }) => name === (k === 0 ? a : b));
};

const readers = panels.map((panel, k) =>
  makeReader({
    answer({ card, held }, answer, untouched) {
      if (card !== cardOf(k)) return;
      const hold = held && { words: heldInWords(card, held), untouched };
      panel.show(card, placed && answer, hold);
      say($("problem"), "");
      later(`panel ${k}`, () => panel.paint(store.get()));
      later("numbers", numbers);
      settle();
    },
    failed(message) {
      say($("problem"), message);
      settle();
    },
  }),
);

/** Both have answered. */
function settle() {
  if (readers.some((reader) => reader.busy())) return;
  $("main").removeAttribute("aria-busy");
  const answers = panels.map((panel, k) =>
    answerInWords("AB"[k] ?? "", panel.steps(), panel.untouched()),
  );
  say($("spoken"), answers.filter(Boolean).join("; "));
}

/** Have both networks read the drawing. */
function read() {
  const { held } = store.get();
  for (const [k, reader] of readers.entries()) {
    const card = cardOf(k);
    if (!card) continue;
    if (placed) {
      $("main").setAttribute("aria-busy", "true");
      reader.read({ card, image: placed.image, held });
    } else {
      panels[k]?.show(card, null, null);
      for (const id of ["digit", "sure", "since", "held"]) say($(`${id}-${k}`), "");
    }
  }
  if (placed) return;
  say($("spoken"), "");
  $("main").removeAttribute("aria-busy");
}

/** The glimpse looked at, from 0. */
const here = () => {
  const { hover, step } = store.get();
  return hover?.step ?? step - 1;
};

function paintDesk() {
  const { strokes } = store.get();
  const k = here();
  const seen = placed && glimpse(k);
  const theme = inForce(remembered());
  const { ink } = makePalette("paper", theme);
  const light = theme === "light" ? [10, 95, 196] : [125, 180, 255];
  const lit = seen &&
    placed && {
      x: (seen.x - placed.x) / placed.scale,
      y: (seen.y - placed.y) / placed.scale,
      side: seen.side / placed.scale,
    };
  paintDrawing(drawing, strokes, lit);
  paintImage(
    image,
    placed?.image ?? new Float32Array(SIDE * SIDE),
    ink,
    seen,
    /** @type {[number, number, number]} */ (light),
  );
  const shades = makePalette(store.get().palette, theme).steps.slice(1).map(css);
  $("ramp").style.backgroundImage = `linear-gradient(to right, ${shades.join(", ")})`;
  $("hint").hidden = strokes.length > 0;
  say($("where"), `Glimpse ${k + 1} of ${GLIMPSES}: ${glimpse(k).words}`);
  const undo = /** @type {HTMLButtonElement} */ ($("undo"));
  undo.disabled = past.length === 0;
  /** @type {HTMLButtonElement} */ ($("clear")).disabled = strokes.length === 0;
}

const numbers = () => showNumbers(panels, store.get().pick);

/** Another drawing, or another cell held, which can be undone. @param {Partial<Kept>} next */
function draw(next) {
  past.push(kept());
  store.set(next);
}

function undo() {
  const before = past.pop();
  if (before) store.set(before);
}

store.subscribe((state, changed) => {
  if (changed.has("strokes")) placed = imageOf(state.strokes);
  if (["strokes", "a", "b", "held"].some((key) => changed.has(/** @type {keyof State} */ (key))))
    read();
  if (changed.has("playing")) play();
  if (changed.has("palette"))
    later("all", () => panels.forEach((panel) => void panel.paint(store.get())));
  if (changed.has("pick")) later("numbers", numbers);
  fill();
  for (const button of document.querySelectorAll("[data-sample]"))
    button.setAttribute(
      "aria-pressed",
      String(/** @type {HTMLElement} */ (button).dataset.sample === state.sample),
    );
  later("desk", paintDesk);
  later("point", () => panels.forEach((panel) => void panel.point(store.get())));
  if (!changed.has("hover") || changed.size > 1) remember();
});

/** The fields say what is shown; not the one that is being typed in. */
function fill() {
  const { step, pick, palette, a, b } = store.get();
  const values = { step, pick, palette, "model-0": a, "model-1": b };
  for (const [id, value] of Object.entries(values)) {
    const field = /** @type {HTMLInputElement} */ ($(id));
    if (id !== "pick" || document.activeElement !== field) field.value = String(value);
  }
  showHold([0, 1].flatMap((k) => cardOf(k) ?? []));
}

let resting = 0;
function remember() {
  clearTimeout(resting);
  resting = window.setTimeout(() => history.replaceState(null, "", formatDigits(store.get())), 200);
}

// The drawing: a stroke on a sample begins a new drawing.
/** @type {Kept | null} */
let before = null;
listen(drawing, {
  draw(stroke, begun) {
    if (begun) {
      before = kept();
      past.push(before);
    }
    const old = before?.sample ? [] : (before?.strokes ?? []);
    store.set({ strokes: [...old, simplified(stroke)], sample: "", playing: false });
  },
  cancel: undo,
});
$("undo").addEventListener("click", undo);
$("clear").addEventListener("click", () => draw({ strokes: [], sample: "" }));
$("samples").append(
  ...sampleButtons(store.get().sample, (name, strokes) => draw({ strokes, sample: name })),
);
const play = makePlayer(store, undo);
const pick = /** @type {HTMLInputElement} */ ($("pick"));
pick.addEventListener("input", () => {
  const most = Math.min(...[0, 1].map((k) => cardOf(k)?.hidden ?? 1));
  const { cell, error } = parseCell(pick.value, most);
  pick.toggleAttribute("aria-invalid", error !== null);
  say($("problem"), error ?? "");
  if (cell !== null) store.set({ pick: cell });
});
const showHold = holdFields(store, (held) => {
  const now = store.get().held;
  // What is typed into the same field is one step of undo.
  if (held && now && held.cell === now.cell && held.memory === now.memory) store.set({ held });
  else draw({ held });
});
const palette = /** @type {HTMLSelectElement} */ ($("palette"));
palette.addEventListener("change", () => {
  if (palette.value in PALETTES)
    store.set({
      palette: /** @type {import("../../base/colour.js").PaletteName} */ (palette.value),
    });
});
for (const k of [0, 1]) {
  const select = /** @type {HTMLSelectElement} */ ($(`model-${k}`));
  select.append(...cards.map((card) => new Option(nameOf(card), card.name)));
  select.addEventListener("change", () =>
    store.set(k === 0 ? { a: select.value } : { b: select.value }),
  );
}
$("numbers").addEventListener("toggle", numbers);
exportButtons($("exports"), {
  SVG: () => saveSvg(panels, store.get()),
  CSV: () => saveCsv(panels),
});

const again = () => {
  paintDesk();
  for (const panel of panels) panel.paint(store.get());
};
document.addEventListener(RECOLOURED, again);
onSystemChange(again);
new ResizeObserver(() => later("all", again)).observe($("main"));
addEventListener("hashchange", () => {
  // A fragment that asks for nothing, as of a place on the page, leaves all as it is.
  if (Object.keys(parseDigits(location.hash)).length === 0) return remember();
  store.set({ ...addressed(), hover: null, playing: false });
});
if (cards.length === 0) {
  say(
    $("problem"),
    "No digit classifier is served here. Train one with python -m experiments.glimpses and put its file into the folder of the checkpoints.",
  );
  $("main").removeAttribute("aria-busy");
}
fill();
paintDesk();
read();
