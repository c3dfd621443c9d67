// The text typed: a plain text area, so that undo, input methods and assistive tools work as everywhere.

import { normalise } from "./edits.js";

const LARGEST_FILE = 4_000_000;

/**
 * @param {HTMLElement} home
 * @param {HTMLTextAreaElement} area
 * @param {(text: string) => void} changed the normalised text
 * @param {(problem: string) => void} complain
 */
export function editor(home, area, changed, complain) {
  let composing = false;
  const tell = () => composing || changed(normalise(area.value));
  area.addEventListener("compositionstart", () => {
    composing = true;
  });
  area.addEventListener("compositionend", () => {
    composing = false;
    tell();
  });
  area.addEventListener("input", tell);

  /**
   * Put a text in place of all, so that undo brings the old one back.
   * @param {string} text
   */
  const replace = (text) => {
    area.focus({ preventScroll: true });
    area.select();
    const kept =
      text.length < 20_000 && document.execCommand(text ? "insertText" : "delete", false, text);
    if (!kept || normalise(area.value) !== text) area.value = text;
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
      return complain(`${file.name} is larger than a text read here may be (4 MB).`);
    const text = normalise(await file.text());
    if (text.includes("\0")) return complain(`${file.name} is not a text file.`);
    replace(text);
  });

  return {
    replace,
    /** Without a step of undo: the page's own first text. @param {string} text */
    start(text) {
      area.value = text;
      area.setSelectionRange(0, 0);
      area.scrollTop = 0;
    },
    /** At the end, wherever the caret is. @param {string} insert */
    append(insert) {
      area.setRangeText(insert, area.value.length, area.value.length, "preserve");
      area.scrollTop = area.scrollHeight;
      tell();
    },
  };
}
