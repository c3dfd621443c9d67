// For a wall: large type over the whole width, no controls, and the text walked through character by character.

import { $, element } from "../base/dom.js";
import { toast } from "./notices.js";

/** @typedef {import("../state/state.js").State} State */

/**
 * @param {import("../views/views.js").Views} views
 * @returns {(state: State) => void} show it as the state has it
 */
export function projector({ store, list, blocks, session }) {
  const leave = element("button", "quiet leave", "Leave projector");
  leave.type = "button";
  leave.id = "projector-leave";
  const off = () => store.set({ projector: false });
  leave.addEventListener("click", off);
  document.body.append(leave);
  $("projector").addEventListener("click", () => store.set({ projector: true }));
  addEventListener(
    "keydown",
    (event) => {
      const { key } = event;
      const target = /** @type {Element} */ (event.target);
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (target.closest("textarea, input, select, dialog, details[open]")) return;
      const { projector: on } = store.get();
      const view = on ? list[Number(key) - 1] : undefined;
      if (key === "p") store.set({ projector: !on });
      else if (on && key === "Escape") off();
      else if (view) store.set({ view: view.name });
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    { capture: true },
  );

  /** Something is lit from the start, so that the arrows are seen to move it. */
  function light() {
    const { projector: on, point } = store.get();
    const cell = blocks.all[0]?.cell;
    if (on && !point && cell !== undefined && session.length > 0)
      store.set({ point: { position: 0, panel: 0, memory: 0, rank: 0, cell }, pinned: true });
  }

  return function show({ projector: on }) {
    if (document.body.classList.contains("projector") === on) return on ? light() : undefined;
    document.body.classList.toggle("projector", on);
    blocks.resize();
    if (!on) return $("projector").focus();
    blocks.root.focus();
    light();
    return toast(
      `← → step through the text · 1 to ${list.length} change the view · p or Esc leaves`,
    );
  };
}
