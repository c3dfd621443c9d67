// The fields that hold the cell looked at: of which memory, and at which value.

import { $, say } from "../../base/dom.js";
import { offerIn } from "../../base/options.js";
import { LARGEST_VALUE } from "../../state/interventions.js";
import { heldInWords, memoryNames } from "./held.js";

/** @typedef {import("./address.js").State} State */

/**
 * @param {import("../../state/store.js").Store<State>} store
 * @param {(held: import("./held.js").Held | null) => void} hold
 * @returns {(cards: readonly import("../../base/memories.js").Card[]) => void} the fields say what is held in these networks
 */
export function holdFields(store, hold) {
  const memory = /** @type {HTMLSelectElement} */ ($("hold-memory"));
  const at = /** @type {HTMLInputElement} */ ($("hold-at"));
  const release = $("release");
  /** Whether the fields are of the cell that is held. */
  const isHere = () => {
    const { held, pick } = store.get();
    return held !== null && held.cell === pick;
  };
  at.addEventListener("input", () => {
    const value = at.valueAsNumber;
    const right = Math.abs(value) <= LARGEST_VALUE;
    const empty = at.value === "" && !at.validity.badInput;
    at.toggleAttribute("aria-invalid", !right && !empty);
    if (right) hold({ memory: Number(memory.value), cell: store.get().pick, value });
    else if (empty && isHere()) hold(null);
  });
  memory.addEventListener("change", () => {
    const { held } = store.get();
    if (held && isHere()) hold({ ...held, memory: Number(memory.value) });
  });
  release.addEventListener("click", () => {
    hold(null);
    at.focus();
  });
  return function show(cards) {
    offerIn(
      memory,
      memoryNames(cards).map((name, place) => new Option(name, String(place))),
    );
    const { held } = store.get();
    if (held && isHere()) memory.value = String(Math.min(held.memory, memory.options.length - 1));
    if (document.activeElement !== at) {
      at.value = held && isHere() ? String(held.value) : "";
      at.removeAttribute("aria-invalid");
    }
    release.hidden = held === null;
    const words = held && cards[0] ? heldInWords(cards[0], held) : "";
    say(release, "Release");
    release.title = words;
  };
}
