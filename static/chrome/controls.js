// The controls over the views: texts to begin with, selects and theme.

import { $, say } from "../base/dom.js";
import { inForce, onSystemChange } from "../base/theme.js";
import { panelsOf } from "../state/panels.js";
import { SAMPLES, sampleOf } from "../state/samples.js";
import { shownCards } from "../state/state.js";
import { UNTOUCHED } from "../state/whatif.js";
import { fieldsOf } from "./cellfields.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../state/store.js").Store<State>} Store */
/** @typedef {import("../views/view.js").Needs} Needs */

/** @param {string} name */
const sampleButton = (name) => document.querySelector(`[data-sample="${name}"]`);

/**
 * @param {Store} store
 * @param {ReturnType<typeof import("../text/editor.js").editor>} editor
 */
export function controls(store, editor) {
  // The models stay: where they cannot read the text, others are offered. The paper's figures are whole.
  const begin = (/** @type {string} */ text) => {
    store.set({ point: null, pinned: false });
    editor.replace(text);
  };
  for (const { name, text, models, whole } of SAMPLES)
    sampleButton(name)?.addEventListener("click", () => {
      if (whole) {
        const figures = {
          view: "figure",
          cells: "0-6",
          cellsB: "",
          order: /** @type {const} */ ("index"),
        };
        store.set({
          ...figures,
          ...UNTOUCHED,
          feature: "",
          ...panelsOf(store.get().cards, models),
        });
      }
      begin(text);
    });
  $("own").addEventListener("click", () => {
    editor.edit();
    begin("");
  });

  $("start").append(...SAMPLES.map(({ name, label }) => new Option(label, name)));
  for (const id of ["order", "palette", "scale", "start"]) {
    const select = /** @type {HTMLSelectElement} */ ($(id));
    select.addEventListener("change", () =>
      store.set(/** @type {Partial<State>} */ ({ [id]: select.value, problem: "" })),
    );
  }

  const by = /** @type {HTMLSelectElement} */ ($("by"));
  by.addEventListener("change", () => store.set({ by: Number(by.value) }));

  $("theme").addEventListener("click", () => {
    const { theme, shade } = store.get();
    // From the system's theme to the other one, to its like, and back to the system's.
    const system = inForce("auto");
    if (theme === "auto") store.set({ theme: shade === "dark" ? "light" : "dark" });
    else store.set({ theme: theme === system ? "auto" : system });
  });
  onSystemChange(() => store.set({ shade: inForce(store.get().theme) }));
}

/** What an order follows from: a column of the models, and the cell picked. @param {State} state @param {Needs} needs */
function sorted(state, needs) {
  const columns = shownCards(state).map(({ memories }) => memories.map(({ name }) => name));
  const most = Math.max(0, ...columns.map(({ length }) => length));
  const names = Array.from({ length: most }, (_, k) =>
    [...new Set(columns.map((each) => each[Math.min(k, each.length - 1)]))].join(", "),
  );
  const by = /** @type {HTMLSelectElement} */ ($("by"));
  if ([...by.options].map(({ text }) => text).join("|") !== names.join("|"))
    by.replaceChildren(...names.map((name, k) => new Option(name, String(k))));
  by.value = String(Math.min(state.by, most - 1));
  const orders = !(/** @type {HTMLElement} */ ($("order").closest("[data-control]")).hidden);
  $("by-field").hidden = !orders || state.order === "index" || most < 2;
  const named = needs.pick !== false && "named" in $("picked").dataset;
  $("picked").hidden = !named && !(orders && state.order === "correlation");
}

/** The controls say what the state says, as far as the view needs them. @param {State} state @param {Needs} needs */
export function reflect(state, needs) {
  const selects = {
    order: state.order,
    palette: state.palette,
    scale: state.scale,
    start: state.start,
  };
  for (const [id, value] of Object.entries(selects)) {
    const select = /** @type {HTMLSelectElement} */ ($(id));
    if (select.value !== value) select.value = value;
  }
  sorted(state, needs);
  const warmUp = sampleOf(state.start);
  say($("start-name"), warmUp ? `Warm-up: ${warmUp.label}` : "Warm-up");
  for (const [id, value] of Object.entries(fieldsOf(state))) {
    const input = /** @type {HTMLInputElement} */ ($(id));
    if (document.activeElement !== input && input.value !== value) input.value = value;
  }
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
