// The text typed: a plain text area, so that undo, input methods and assistive tools work as everywhere.

import { decoded } from "./decoding.js";
import { countPoints, firstPoints, normalise } from "./edits.js";

const LARGEST_FILE = 4_000_000;
/** More of a file is not taken: it would not be read either. */
const LONGEST = 200_000;
/** Chromium inserts a long text line by line, in quadratic time, unless it comes as markup. */
const LONG = 2000;

/** @param {string} text */
const asMarkup = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/**
 * Write over what is selected. `execCommand` is deprecated, and the only call that takes part in undo.
 * @param {string} text
 */
function insert(text) {
  if (text === "") return document.execCommand("delete");
  if (text.length > LONG && !text.includes("\0")) {
    // Newlines at the end of markup are redone wrongly: they are typed, a step of their own.
    const body = text.replace(/\n+$/, "");
    if (document.execCommand("insertHTML", false, asMarkup(body)))
      return body === text || document.execCommand("insertText", false, text.slice(body.length));
  }
  return document.execCommand("insertText", false, text);
}

/**
 * @param {HTMLElement} home
 * @param {HTMLTextAreaElement} area
 * @param {(text: string, caret: number) => void} changed the normalised text, and code points before the caret
 * @param {(problem: string) => void} complain
 * @param {(span: import("../state/state.js").Span | null) => void} selected code points of the text
 */
export function editor(home, area, changed, complain, selected) {
  let composing = false;
  let aside = false; // a change is made while the focus is elsewhere
  const before = (/** @type {number | undefined} */ units) =>
    countPoints(normalise(area.value.slice(0, units)));
  const tell = () =>
    composing || aside || changed(normalise(area.value), before(area.selectionEnd));
  area.addEventListener("compositionstart", () => {
    composing = true;
  });
  area.addEventListener("compositionend", () => {
    composing = false;
    tell();
  });
  area.addEventListener("input", tell);
  let any = false;
  document.addEventListener("selectionchange", () => {
    const { selectionStart, selectionEnd } = area;
    if (document.activeElement !== area || (selectionStart === selectionEnd && !any)) return;
    any = selectionStart !== selectionEnd;
    selected(any ? { from: before(selectionStart), to: before(selectionEnd) } : null);
  });
  // A keyboard on the screen comes up for who touches the text, not for what the page writes into it.
  area.addEventListener("pointerdown", () => area.removeAttribute("inputmode"));

  /**
   * The one way in which the page changes the text: as if it were typed, so that undo and redo hold.
   * Setting `value` or calling `setRangeText` leaves the browser's list of steps as it was, and undoing one
   * of those would then mix texts that never stood together.
   * @param {number} start UTF-16 units, as the text area counts them
   * @param {number} end
   * @param {string} text
   * @param {boolean} apart a step of undo for itself; else part of the last one, where that ended here
   */
  function put(start, end, text, apart) {
    const old = area.value;
    const expected = old.slice(0, start) + text + old.slice(end);
    if (expected === old) return;
    const focused = document.activeElement;
    if (focused !== area) {
      area.inputMode = "none";
      area.focus({ preventScroll: true });
    }
    if (apart || area.selectionStart !== start || area.selectionEnd !== end)
      area.setSelectionRange(start, end);
    if (!insert(text) || area.value !== expected) area.value = expected;
    tell();
  }

  /**
   * Change the text while somebody types elsewhere: a field that loses the focus, or is without it when the
   * change is told, is written over.
   * @param {() => void} change
   */
  function putAside(change) {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    const hush = (/** @type {Event} */ event) => event.stopImmediatePropagation();
    addEventListener("blur", hush, { capture: true });
    aside = true;
    change();
    area.blur(); // the body cannot take the focus
    focused?.focus({ preventScroll: true });
    aside = false;
    removeEventListener("blur", hush, { capture: true });
    tell();
  }

  /** Put a text in place of all. @param {string} text */
  const replace = (text) => {
    if (area.value === text) return;
    put(0, area.value.length, text, true);
    area.setSelectionRange(0, 0);
    area.scrollTop = 0;
    tell();
  };

  home.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    home.classList.add("over");
  });
  home.addEventListener("dragleave", () => home.classList.remove("over"));
  home.addEventListener("drop", async (event) => {
    home.classList.remove("over");
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    if (file.size > LARGEST_FILE)
      return complain(`${file.name} is larger than 4 MB, the most that can be opened here.`);
    let text = "";
    try {
      text = normalise(decoded(new Uint8Array(await file.arrayBuffer())));
    } catch (error) {
      return complain(`Cannot read ${file.name}: ${/** @type {Error} */ (error).message}.`);
    }
    if (text.includes("\0")) return complain(`${file.name} is not a text file.`);
    const taken = firstPoints(text, LONGEST);
    replace(taken);
    if (taken !== text)
      complain(
        `${file.name} is long: the first ${LONGEST.toLocaleString("en-US")} characters are taken.`,
      );
  });

  return {
    replace,
    /** What stands there, if it is not what the page came with. @returns {string | null} */
    typed: () => (area.value === area.defaultValue ? null : normalise(area.value)),
    /** Code points before the caret, or of the whole text while there is none. */
    caret: () => before(area.selectionStart || undefined),
    /** The first text of a visit, which cannot be undone. @param {string} text */
    start(text) {
      if (area.value === text) return;
      area.value = text;
      area.setSelectionRange(0, 0);
      area.scrollTop = 0;
    },
    /** A text that an address asks for; the focus stays. @param {string} text */
    load(text) {
      const focused = /** @type {HTMLElement | null} */ (document.activeElement);
      replace(text);
      focused?.focus({ preventScroll: true });
    },
    /** To the text, to type. */
    edit() {
      area.removeAttribute("inputmode");
      area.focus();
    },
    /**
     * At the end.
     * @param {string} text
     * @param {boolean} apart whether undo takes it back without what was appended before; it takes the
     * focus to the text, where what comes after leaves it to who has gone elsewhere
     */
    append(text, apart) {
      const add = () => put(area.value.length, area.value.length, text, apart);
      if (apart || document.activeElement === area) add();
      else putAside(add);
      area.scrollTop = area.scrollHeight;
    },
  };
}
