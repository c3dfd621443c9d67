// What if: all that is changed in the models, in sight as long as it holds; before and after side by side; and
// what it does to the next character.

import { $, element, say } from "../../base/dom.js";
import { glyphOf } from "../../base/format.js";
import { letterOf } from "../../base/places.js";
import { namesOf, shownCards } from "../../state/state.js";
import { heldCell, pruned, UNTOUCHED } from "../../state/whatif.js";
import { toast } from "../notices.js";
import { continuedTwice } from "./continued.js";
import { moves, percent, times } from "./expected.js";
import { interventionRow } from "./row.js";

/** @typedef {import("../../state/state.js").State} State */
/** @typedef {import("../../state/interventions.js").Intervention} Intervention */

/** Milliseconds between two readings while a slider is moved. */
const PACE = 120;
/** Milliseconds that all rests before the next character is asked for. */
const REST = 120;

/**
 * @param {import("../../views/views.js").Views} views
 * @returns {(state: State, changed: ReadonlySet<keyof State>) => void} shows what has changed
 */
export function whatIf(views) {
  const { store, session } = views;
  const home = $("whatif");
  const list = element("ul", "interventions");
  const beside = element("button", "toggle", "Before | after");
  beside.title = "The same model twice: untouched as A, changed as B";
  const difference = element("button", "toggle", "Difference");
  difference.title = "Colour B by how far each memory is from itself untouched";
  const back = element("button", "quiet", "Undo all");
  back.title = "Esc";
  for (const button of [beside, difference, back]) button.type = "button";
  const continued = continuedTwice(store, session);
  const effect = element("p", "effect");
  effect.setAttribute("role", "status");
  home.append(
    element("h2", "", "What if"),
    list,
    element("div", "at-hand", beside, difference, back),
    effect,
    continued.button,
    continued.texts,
  );
  // What sticks below it needs to know how much room it takes.
  new ResizeObserver(() => {
    const sticks = getComputedStyle(home).position === "sticky";
    document.body.style.setProperty("--whatif", `${sticks ? home.offsetHeight : 0}px`);
  }).observe(home);
  /** @type {ReturnType<typeof interventionRow>[]} */
  let rows = [];
  let pace = 0;
  let rest = 0;
  /** @type {Partial<State> | null} */
  let waiting = null;

  /** @param {Partial<State>} patch @param {boolean} soon a slider is being moved: not at every pixel */
  function set(patch, soon) {
    if (!soon) {
      waiting = null;
      return store.set(patch);
    }
    const idle = waiting === null && pace === 0;
    waiting = patch;
    if (!idle) return undefined;
    return tell();
  }
  function tell() {
    pace = 0;
    if (waiting === null) return;
    const patch = waiting;
    waiting = null;
    pace = window.setTimeout(tell, PACE);
    store.set(patch);
  }

  /** @param {number} k @param {Partial<Intervention>} patch @param {boolean} soon */
  function change(k, patch, soon) {
    const now = waiting?.interventions ?? store.get().interventions;
    const interventions = now.map((one, j) => (j === k ? { ...one, ...patch } : one));
    rows[k]?.show(/** @type {Intervention} */ (interventions[k]));
    set({ interventions }, soon);
  }

  /** @param {number} k */
  function remove(k) {
    const interventions = store.get().interventions.filter((_, j) => j !== k);
    set(interventions.length > 0 ? { interventions } : UNTOUCHED, false);
    (interventions.length > 0 ? back : $("whatif-add")).focus();
  }

  function takeBack() {
    if (store.get().interventions.length === 0) return;
    set({ ...UNTOUCHED, point: null, pinned: false }, false);
    toast("All changes to memories were undone.");
  }

  /** The cell that is looked at, else the first one shown. */
  function add() {
    const state = store.get();
    const panel = state.point?.panel ?? 0;
    const shown = views.sheets[panel]?.cells[0] ?? state.pick;
    const { memory, cell } = (state.view === "find" && state.found[panel]) ||
      state.point || { memory: 0, cell: state.view === "map" ? state.pick : shown };
    store.set(heldCell(state, panel, memory, cell));
  }

  beside.addEventListener("click", () => {
    const { beside: now, interventions } = store.get();
    store.set(now ? { beside: "", difference: false } : { beside: interventions[0]?.model ?? "" });
  });
  difference.addEventListener("click", () => {
    const { difference: on, beside: now, interventions } = store.get();
    store.set({ difference: !on, beside: now || (interventions[0]?.model ?? "") });
  });
  back.addEventListener("click", takeBack);
  $("whatif-add").addEventListener("click", add);
  addEventListener("keydown", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (event.key === "Escape" && !target.closest("#text, dialog")) takeBack();
  });

  /** @param {State} state */
  function showRows(state) {
    const { interventions, cards, beside: twice } = state;
    const names = namesOf(state);
    const one = twice !== "" || new Set(names).size === 1;
    /** @param {string} model */
    const placeOf = (model) => (one ? "" : letterOf(names.indexOf(model)));
    const kept =
      rows.length === interventions.length &&
      rows.every(({ model, place }, k) => {
        const now = interventions[k]?.model ?? "";
        return model === now && place === placeOf(now);
      });
    if (!kept) {
      rows = interventions.flatMap((one, k) => {
        const card = cards.find(({ name }) => name === one.model);
        if (!card) return [];
        return interventionRow(one, card, placeOf(one.model), {
          change: (patch, soon) => change(k, patch, soon),
          remove: () => remove(k),
          span: () => store.get().span,
          position: () => store.get().point?.position ?? session.passage.border,
        });
      });
      list.replaceChildren(...rows.map(({ node }) => node));
    }
    for (const [k, one] of interventions.entries()) rows[k]?.show(one);
  }

  async function ask() {
    const state = store.get();
    const [card] = shownCards(state);
    if (state.beside === "" || state.interventions.length === 0 || !card) return say(effect, "");
    // The model is writing: it asks at every character.
    if (session.questions.size > 0) return askSoon();
    const position = state.point?.position ?? session.length - 1;
    if (position < 0) return say(effect, "");
    const answer = await session.predict(position);
    const [before, after] = answer?.panels ?? [];
    if (!before || !after || answer?.revision !== session.revision) return undefined;
    const found = moves(before, after, card.vocabulary, 3);
    const characters = [...session.text.slice(0, session.passage.offsets[position + 1])];
    const last = characters
      .slice(-14)
      .map((c) => (c === " " ? c : glyphOf(c)))
      .join("");
    effect.replaceChildren(
      "After ",
      element("q", "", last),
      " it expects ",
      ...found.flatMap((move, k) => [
        k > 0 ? ", " : "",
        element(
          "span",
          "move",
          element("b", "", glyphOf(move.symbol)),
          ` ${percent(move.before)} → ${percent(move.after)}`,
          element("small", "", times(move)),
        ),
      ]),
    );
    return undefined;
  }

  function askSoon() {
    clearTimeout(rest);
    rest = window.setTimeout(ask, REST);
  }

  return function changed(state, keys) {
    /** @param {(keyof State)[]} some */
    const any = (...some) => some.some((key) => keys.has(key));
    // Another model has other cells.
    if (any("a", "b", "c", "d", "cards") && state.cards.length > 0) store.set(pruned(state));
    const { interventions, beside: twice } = store.get();
    if (any("interventions", "beside", "a", "b", "cards")) {
      const grown = interventions.length === rows.length + 1 && !any("cards");
      home.hidden = interventions.length === 0;
      showRows(store.get());
      if (grown) {
        rows.at(-1)?.focus();
        home.scrollIntoView({ block: "nearest" });
      }
    }
    if (any("interventions", "beside", "a", "b", "cards", "text", "start"))
      continued.changed(store.get());
    beside.setAttribute("aria-pressed", String(twice !== ""));
    difference.setAttribute("aria-pressed", String(twice !== "" && state.difference));
    if (any("interventions", "beside", "a", "b", "cards", "text", "start", "point", "connection"))
      askSoon();
  };
}
