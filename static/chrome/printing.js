// The figure on paper: all of it, what is out of sight as well.

import { onPaper } from "../base/paper.js";
import { now } from "../base/schedule.js";
import { inForce } from "../base/theme.js";

/** CSS pixels that a browser fits on the width of a page, by scaling it down. */
const PAGE = 1500;

/** @param {import("../views/views.js").Views} views */
export function printing({ store, blocks }) {
  onPaper((printing) => {
    const { clientWidth } = document.documentElement;
    // All stays as wide as it was drawn, and the browser scales it down: so far and no further.
    document.body.style.minWidth = printing ? `${clientWidth}px` : "";
    document.body.style.zoom = printing ? String(Math.min(1, PAGE / clientWidth)) : "";
    store.set({ shade: inForce(store.get().theme) });
    blocks.recolourAll();
    now();
    blocks.finish();
  });
}
