// The menus, and the keys that lead to the help, to the text and to the table.

import { $ } from "../base/dom.js";

/** Close a menu; a key goes on from its name, if something in it was pressed. @param {Element} menu */
export function shut(menu) {
  const inside = menu.contains(document.activeElement);
  menu.removeAttribute("open");
  if (inside) menu.querySelector("summary")?.focus({ preventScroll: true });
}

export function menus() {
  foldedTools();
  // A menu closes when one looks elsewhere.
  addEventListener("pointerdown", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]"))
      if (!menu.contains(/** @type {Node} */ (event.target))) menu.removeAttribute("open");
  });
  // Escape closes it, and means nothing else then. In the text it stops a model that writes.
  addEventListener(
    "keydown",
    (event) => {
      const target = /** @type {Element} */ (event.target);
      if (event.key !== "Escape" || target.closest("#text, dialog")) return;
      for (const menu of document.querySelectorAll("details.menu[open]")) {
        shut(menu);
        event.stopImmediatePropagation();
      }
    },
    { capture: true },
  );

  const help = /** @type {HTMLDialogElement} */ ($("keys"));
  $("help").addEventListener("click", () => help.showModal());
  $("keys-close").addEventListener("click", () => help.close());
  addEventListener("keydown", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      target.closest("textarea, input, select, dialog")
    )
      return;
    if (event.key === "?") help.showModal();
    else if (event.key === "/") $("text").focus();
    else if (event.key === "t") $("table-button").click();
    else return;
    event.preventDefault();
  });
}

/** On a phone the other pages and the tools stand in a menu of their own. */
function foldedTools() {
  const menu = $("menu");
  const tools = $("tools");
  const isOpen = () => menu.getAttribute("aria-expanded") === "true";
  /** @param {boolean} open */
  const show = (open) => menu.setAttribute("aria-expanded", String(open));
  menu.addEventListener("click", () => show(!isOpen()));
  // It closes when one has chosen, or looks elsewhere. What was chosen then leaves the focus at its name.
  tools.addEventListener(
    "click",
    ({ target }) => {
      if (isOpen() && /** @type {Element} */ (target).closest("a, button")) menu.focus();
    },
    { capture: true },
  );
  tools.addEventListener("click", ({ target }) => {
    if (/** @type {Element} */ (target).closest("a, button")) show(false);
  });
  addEventListener("pointerdown", (event) => {
    const target = /** @type {Node} */ (event.target);
    if (!tools.contains(target) && !menu.contains(target)) show(false);
  });
  addEventListener(
    "keydown",
    (event) => {
      // A menu within it closes first.
      if (event.key !== "Escape" || !isOpen() || tools.querySelector("details[open]")) return;
      show(false);
      menu.focus();
      event.stopImmediatePropagation();
    },
    { capture: true },
  );
}
