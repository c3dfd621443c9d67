// Short lines over the page: what has just happened, and that the server is away.

import { $, say } from "../base/dom.js";

let toasting = 0;
/** A line that goes away by itself. @param {string} words */
export function toast(words) {
  const node = $("toast");
  node.textContent = words;
  node.hidden = false;
  clearTimeout(toasting);
  toasting = window.setTimeout(() => {
    node.hidden = true;
  }, 4500);
}

/** @param {import("../state/state.js").State} state */
export function showConnection({ connection, obstacle }) {
  const lost = connection === "lost";
  $("lost").hidden = !lost;
  const words =
    obstacle || "The connection to the server is lost. Your text is kept; trying again…";
  say($("lost"), lost ? words : "");
}
