// The frame around the views: texts to begin with, selects, theme, link, counts.

import { $, say } from "../base/dom.js";
import { counted } from "../base/format.js";
import { inForce, onSystemChange } from "../base/theme.js";
import { LONGEST_TEXT } from "../state/fields.js";
import { LONGEST_PACKED } from "../state/packed.js";
import { panelsOf } from "../state/panels.js";
import { SAMPLES, sampleOf } from "../state/samples.js";
import { shownCards, warmUpOf } from "../state/state.js";
import { UNTOUCHED } from "../state/whatif.js";
import { MOST } from "../text/continuation.js";
import { countPoints } from "../text/edits.js";
import { isChinese, missing, readText } from "../text/poem.js";
import { fieldsOf } from "./cellfields.js";
import { toast } from "./notices.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../state/store.js").Store<State>} Store */
/** @typedef {import("../views/view.js").Needs} Needs */

/** @param {string} name */
const sampleButton = (name) => document.querySelector(`[data-sample="${name}"]`);

/** Of the text, and of the warm-up. @param {State} state */
const charactersOf = (state) => countPoints(warmUpOf(state) + readText(state));

/** @param {State} state */
const isOver = (state) => charactersOf(state) > state.limit;

/** Characters, those of the warm-up too, and the limit before it is hit. @param {State} state */
export function count(state) {
  const { limit } = state;
  const characters = charactersOf(state);
  if (!Number.isFinite(limit)) return; // not known yet
  say(
    $("count"),
    characters > limit
      ? `${counted(characters)} characters: the first ${counted(limit)} are read`
      : `${counted(characters)} of ${counted(limit)} characters`,
  );
  $("count").classList.toggle("near", characters > 0.9 * limit);
}

/**
 * @param {Store} store
 * @param {ReturnType<typeof import("../text/editor.js").editor>} editor
 * @param {() => Promise<boolean>} writeAddress whether the address holds the text
 */
export function controls(store, editor, writeAddress) {
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

  $("share").addEventListener("click", async () => {
    const whole = await writeAddress();
    const { text } = store.get();
    const most = countPoints(text) > LONGEST_PACKED ? LONGEST_PACKED : LONGEST_TEXT;
    const holds = whole
      ? `It opens this view with its ${counted(countPoints(text))} characters of text.`
      : `It opens this view without the text: a link holds up to ${counted(most)} characters.`;
    try {
      await navigator.clipboard.writeText(location.href);
      toast(`Link copied. ${holds}`);
    } catch {
      toast(`The address bar holds the link. ${holds}`);
    }
  });

  // A menu closes when one looks elsewhere.
  addEventListener("pointerdown", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]"))
      if (!menu.contains(/** @type {Node} */ (event.target))) menu.removeAttribute("open");
  });
  // Escape closes it, and means nothing else then. In the text it stops a model that writes.
  addEventListener(
    "keydown",
    (event) => {
      const target = /** @type {Element} */ (event.target);
      if (event.key !== "Escape" || target.closest("#text, dialog")) return;
      for (const menu of document.querySelectorAll("details.menu[open]")) {
        menu.removeAttribute("open");
        if (menu.contains(target)) menu.querySelector("summary")?.focus();
        event.stopImmediatePropagation();
      }
    },
    { capture: true },
  );
  const help = /** @type {HTMLDialogElement} */ ($("keys"));
  $("help").addEventListener("click", () => help.showModal());
  $("keys-close").addEventListener("click", () => help.close());
  addEventListener("keydown", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      target.closest("textarea, input, select, dialog")
    )
      return;
    if (event.key === "?") help.showModal();
    else if (event.key === "/") $("text").focus();
    else if (event.key === "t") $("table-button").click();
    else return;
    event.preventDefault();
  });
}

/**
 * "Continue": a model continues the text.
 * @param {Store} store
 * @param {() => boolean} completes whether Tab takes the likeliest character
 * @param {ReturnType<typeof import("../text/continuation.js").writer>} writer
 */
export function writingControls(store, completes, writer) {
  const number = (/** @type {string} */ id) =>
    Number(/** @type {HTMLInputElement} */ ($(id)).value);
  const go = /** @type {HTMLButtonElement} */ ($("write-go"));
  let writing = false;
  const tellOver = () =>
    toast(
      `The end of the text is not read, so no model can continue it: shorten the text to ${counted(store.get().limit)} characters.`,
    );
  go.addEventListener("click", async () => {
    if (writing) return writer.stop();
    const panel = number("write-model");
    const card = shownCards(store.get())[panel];
    if (!card) return toast("That model is not shown any more.");
    if (store.get().text === "")
      return toast("Type at least one character: a model continues from what it has read.");
    // A model of poems writes one to its end.
    const rest = isChinese(card.vocabulary.join("")) ? missing(readText(store.get())) : null;
    if (rest === 0) return toast("The quatrain is whole: four lines of five characters.");
    if (isOver(store.get())) return tellOver();
    for (const id of ["temperature", "seed"]) {
      const field = /** @type {HTMLInputElement} */ ($(id));
      // An empty one would count as 0.
      if (field.value === "" || !field.checkValidity())
        return toast(
          id === "seed"
            ? "The seed is a whole number from 0."
            : "The temperature is a number from 0 to 2: 0 takes the likeliest character.",
        );
    }
    writing = true;
    say(go, "Stop");
    const chance = [number("temperature"), number("seed")];
    const written = await writer.write(panel, card, chance[0] ?? 0, chance[1] ?? 0, rest ?? MOST);
    writing = false;
    say(go, "Continue");
    return toast(
      `${written} characters written${isOver(store.get()) ? ": more would not be read" : ""}.`,
    );
  });
  $("text").addEventListener("keydown", (event) => {
    const area = /** @type {HTMLTextAreaElement} */ ($("text"));
    const atEnd = area.selectionStart === area.value.length;
    if (event.key === "Escape") return writing ? writer.stop() : area.blur(); // so that Tab leaves
    const card = shownCards(store.get())[0];
    if (event.key !== "Tab" || event.shiftKey || !completes() || !atEnd || !card) return undefined;
    event.preventDefault();
    if (isOver(store.get())) return tellOver();
    writer.write(0, card, 0, 0, 1);
    return undefined;
  });
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
