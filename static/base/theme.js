// Light or dark: as the system, or as chosen here.

/** @typedef {"auto" | "light" | "dark"} Choice */
/** @typedef {import("./colour.js").Theme} Theme */

const KEY = "nestscope-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

/** On paper all is light. */
let printing = false;
addEventListener("beforeprint", () => {
  printing = true;
});
addEventListener("afterprint", () => {
  printing = false;
});

/** @param {Choice} choice @returns {Theme} */
export function inForce(choice) {
  if (printing) return "light";
  if (choice !== "auto") return choice;
  return dark.matches ? "dark" : "light";
}

/** @returns {Choice} */
export function remembered() {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === "light" || kept === "dark" ? kept : "auto";
  } catch {
    return "auto"; // storage is blocked
  }
}

/** @param {Choice} choice */
export function apply(choice) {
  if (choice === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
  }
}

/** @param {() => void} listener */
export const onSystemChange = (listener) => dark.addEventListener("change", listener);
