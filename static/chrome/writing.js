// "Continue": a model continues the text, at a press or a character at a time.

import { $, say } from "../base/dom.js";
import { counted, several } from "../base/format.js";
import { shownCards } from "../state/state.js";
import { MOST } from "../text/continuation.js";
import { isChinese, missing, readText } from "../text/poem.js";
import { isOver } from "./count.js";
import { shut } from "./menus.js";
import { toast } from "./notices.js";

/** @typedef {import("../state/store.js").Store<import("../state/state.js").State>} Store */

/**
 * @param {Store} store
 * @param {() => boolean} completes whether Tab takes the likeliest character
 * @param {ReturnType<typeof import("../text/continuation.js").writer>} writer
 */
export function writing(store, completes, writer) {
  const number = (/** @type {string} */ id) =>
    Number(/** @type {HTMLInputElement} */ ($(id)).value);
  const go = /** @type {HTMLButtonElement} */ ($("write-go"));
  const menu = /** @type {HTMLDetailsElement} */ (go.closest("details"));
  const summary = /** @type {HTMLElement} */ (menu.querySelector("summary"));
  const label = summary.textContent ?? "";
  let busy = false;
  // The menu would lie over what is written: while it is closed its button stops.
  summary.addEventListener("click", (event) => {
    if (!busy) return;
    event.preventDefault();
    writer.stop();
  });
  const tellOver = () =>
    toast(
      `The end of the text is not read, so no model can continue it: shorten the text to ${counted(store.get().limit)} characters.`,
    );
  go.addEventListener("click", async () => {
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
    busy = true;
    shut(menu);
    say(summary, "Stop writing");
    const chance = [number("temperature"), number("seed")];
    const written = await writer.write(panel, card, chance[0] ?? 0, chance[1] ?? 0, rest ?? MOST);
    busy = false;
    say(summary, label);
    return toast(
      `${several(written, "character")} written${isOver(store.get()) ? ": more would not be read" : ""}.`,
    );
  });
  $("text").addEventListener("keydown", (event) => {
    const area = /** @type {HTMLTextAreaElement} */ ($("text"));
    const atEnd = area.selectionStart === area.value.length;
    if (event.key === "Escape") return busy ? writer.stop() : area.blur(); // so that Tab leaves
    const card = shownCards(store.get())[0];
    if (event.key !== "Tab" || event.shiftKey || !completes() || !atEnd || !card) return undefined;
    event.preventDefault();
    if (isOver(store.get())) return tellOver();
    writer.write(0, card, 0, 0, 1);
    return undefined;
  });
}
