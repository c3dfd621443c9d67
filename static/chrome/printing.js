// The figure on paper: all of it, what is out of sight as well.

import { $ } from "../base/dom.js";
import { onPaper } from "../base/paper.js";
import { now } from "../base/schedule.js";
import { inForce } from "../base/theme.js";

/** CSS pixels that a browser fits on the width of a page, by scaling it down. */
const PAGE = 1500;

/** @param {import("../views/views.js").Views} views */
export function printing({ store, blocks }) {
  onPaper((printing) => {
    // A browser scales down so far and no further; beyond it, columns would be cut off.
    $("figure").style.zoom = printing ? String(Math.min(1, PAGE / innerWidth)) : "";
    store.set({ shade: inForce(store.get().theme) });
    blocks.recolourAll();
    now();
    blocks.finish();
  });
}
