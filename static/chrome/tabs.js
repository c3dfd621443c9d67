// The tabs: one a view, and of the other controls those that mean something in the view shown.

import { $, element } from "../base/dom.js";

/** @typedef {import("../views/view.js").View} View */
/** @typedef {import("../state/store.js").Store<import("../state/state.js").State>} Store */

/** @param {readonly View[]} views @param {Store} store */
export function tabs(views, store) {
  const made = views.map(({ name, label }) => {
    const tab = element("button", "", label);
    tab.type = "button";
    tab.id = `tab-${name}`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", "view-figure");
    tab.addEventListener("click", () => store.set({ view: name }));
    return tab;
  });
  $("tabs").replaceChildren(...made);
  $("tabs").addEventListener("keydown", ({ key, altKey, ctrlKey, metaKey }) => {
    if (altKey || ctrlKey || metaKey) return; // Alt and an arrow lead back and forward
    const at = views.findIndex(({ name }) => name === store.get().view);
    const last = views.length - 1;
    const to = {
      ArrowLeft: at > 0 ? at - 1 : last,
      ArrowRight: at < last ? at + 1 : 0,
      Home: 0,
      End: last,
    }[key];
    const view = to === undefined ? undefined : views[to];
    if (!view) return;
    store.set({ view: view.name });
    $(`tab-${view.name}`).focus();
  });
}

/** On a phone the tabs scroll: the one chosen is in sight. @param {HTMLElement} tab */
function bring(tab) {
  const row = $("tabs");
  const { left, right } = tab.getBoundingClientRect();
  const frame = row.getBoundingClientRect();
  if (right > frame.right) row.scrollLeft += right - frame.right;
  else if (left < frame.left) row.scrollLeft -= frame.left - left;
}

/** @param {readonly View[]} views @param {string} name of the one shown */
export function showTab(views, name) {
  for (const view of views) {
    const tab = $(`tab-${view.name}`);
    const on = view.name === name;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    if (!on) continue;
    $("view-figure").setAttribute("aria-labelledby", tab.id);
    bring(tab);
    const controls = /** @type {readonly string[]} */ (view.controls);
    for (const control of /** @type {NodeListOf<HTMLElement>} */ (
      document.querySelectorAll("[data-control]")
    )) {
      control.hidden = !controls.includes(control.dataset.control ?? "");
      if (control.hidden) delete control.dataset.named;
      else control.dataset.named = "";
    }
  }
  document.body.dataset.view = name;
}
