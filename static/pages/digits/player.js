// The player: glimpse after glimpse, by itself, by buttons, by a slider and by keys.

import { $ } from "../../base/dom.js";
import { GLIMPSES } from "./glimpses.js";

const PACE = 450; // milliseconds a glimpse, while it plays

/**
 * @param {import("../../state/store.js").Store<import("./address.js").State>} store
 * @param {() => void} undo the last change of the drawing is taken back
 * @returns {() => void} play, or stop, as the state says
 */
export function makePlayer(store, undo) {
  /** @param {number} by */
  const stepBy = (by) =>
    store.set({
      step: Math.min(GLIMPSES, Math.max(1, store.get().step + by)),
      playing: false,
      hover: null,
    });
  $("play").addEventListener("click", () => {
    const { playing, step } = store.get();
    store.set(
      playing
        ? { playing: false }
        : { playing: true, hover: null, step: step === GLIMPSES ? 1 : step },
    );
  });
  $("back").addEventListener("click", () => stepBy(-1));
  $("next").addEventListener("click", () => stepBy(1));
  $("step").addEventListener("input", (event) =>
    store.set({
      step: Number(/** @type {HTMLInputElement} */ (event.target).value),
      playing: false,
      hover: null,
    }),
  );
  document.addEventListener("keydown", (event) => {
    const typing = /** @type {Element} */ (event.target).closest("input, select, textarea, .wide");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) {
      if (!typing && (event.ctrlKey || event.metaKey) && event.key === "z") undo();
      return;
    }
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      stepBy(event.key === "ArrowLeft" ? -1 : 1);
      event.preventDefault();
    }
  });

  let timer = 0;
  return function play() {
    clearInterval(timer);
    const { playing } = store.get();
    $("play").textContent = playing ? "❚❚" : "▶";
    $("play").setAttribute("aria-label", playing ? "Pause" : "Play the glimpses");
    if (!playing) return;
    timer = window.setInterval(() => {
      const { step } = store.get();
      store.set(step < GLIMPSES ? { step: step + 1 } : { playing: false });
    }, PACE);
  };
}
