// On paper all is light, in the dark theme too: style sheets see to that, except to what canvases hold.

import { now } from "../base/schedule.js";
import { inForce } from "../base/theme.js";

/** @param {import("../views/views.js").Views} views */
export function printing({ store, blocks }) {
  addEventListener("beforeprint", () => {
    if (store.get().shade === "light") return;
    store.set({ shade: "light" });
    now();
    blocks.finish();
  });
  addEventListener("afterprint", () => store.set({ shade: inForce(store.get().theme) }));
}
