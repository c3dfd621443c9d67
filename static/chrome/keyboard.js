// Moving the character looked at, and the zoom, from the keyboard.

import { extended } from "../text/span.js";

/** @typedef {import("../state/state.js").Point} Point */

/** Keys that lead along the text: with Shift they select. */
const ALONG = new Set(["ArrowLeft", "ArrowRight", "Home", "End"]);

/**
 * Where a key leads from a character; null away from all, undefined where the key means nothing.
 * @param {string} key
 * @param {Point | null} point
 * @param {readonly import("../views/view.js").Sheet[]} sheets
 * @param {number} length of the text
 * @returns {Point | null | undefined}
 */
export function moved(key, point, sheets, length) {
  if (key === "Escape") return null;
  const to = { ...(point ?? { position: -1, panel: 0, memory: 0, rank: 0, cell: 0 }) };
  if (key === "ArrowRight") to.position += 1;
  else if (key === "ArrowLeft") to.position -= 1;
  else if (key === "ArrowDown") to.rank += 1;
  else if (key === "ArrowUp") to.rank -= 1;
  else if (key === "Home") to.position = 0;
  else if (key === "End") to.position = length - 1;
  else if (key === "[") to.panel = Math.max(0, to.panel - 1);
  else if (key === "]") to.panel = Math.min(sheets.length - 1, to.panel + 1);
  else if (key === "i") to.memory = 0;
  else if (key === "o") to.memory = Number.POSITIVE_INFINITY;
  else return undefined;
  const sheet = sheets[to.panel];
  if (!sheet || length === 0) return undefined;
  to.position = Math.max(0, Math.min(length - 1, to.position));
  to.rank = Math.max(0, Math.min(sheet.cells.length - 1, to.rank));
  to.memory = Math.min(to.memory, sheet.memories.length - 1);
  to.cell = sheet.cells[to.rank] ?? 0;
  return to;
}

/** @param {import("../views/views.js").Views} views */
export function keyboard(views) {
  const { store, session, axis, blocks } = views;
  blocks.root.addEventListener("keydown", (event) => {
    const { key } = event;
    const target = /** @type {Element} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest("select, input")) return;
    if (views.shown.key?.(key) || zoomed(key) || pressed(key, target))
      return event.preventDefault();
    const to = moved(key, store.get().point, views.sheets, session.passage.length);
    if (to === undefined) return undefined;
    event.preventDefault();
    const { point, span } = store.get();
    if (to === null) store.set({ span: null });
    else if (event.shiftKey && ALONG.has(key))
      store.set({ span: extended(span, point?.position ?? to.position, to.position) });
    store.set({ point: to, pinned: to !== null });
    if (to) views.reveal(to);
    return undefined;
  });

  /** What a press of the character looked at means in the view, if it means something. @param {string} key @param {Element} target */
  function pressed(key, target) {
    const { point } = store.get();
    if (key !== "Enter" || target !== blocks.root || !point) return false;
    return views.shown.press?.(point) ?? false;
  }

  /** @param {string} key */
  function zoomed(key) {
    if (key === "+" || key === "=") axis.zoom(0.5);
    else if (key === "-") axis.zoom(2);
    else if (key === "0") axis.reset();
    else return false;
    return true;
  }
}
