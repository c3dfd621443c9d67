// The frame of the pages that report: the theme button.

import { $ } from "../base/dom.js";
import { onPaper } from "../base/paper.js";
import { apply, inForce, remembered } from "../base/theme.js";

/** Sent on the document when another theme is in force. */
export const RECOLOURED = "recoloured";
const recolour = () => document.dispatchEvent(new Event(RECOLOURED));

function tell() {
  const choice = remembered();
  $("theme").setAttribute("aria-label", `Theme: ${choice === "auto" ? "as the system" : choice}`);
}

apply(remembered());
tell();
$("theme").addEventListener("click", () => {
  // From the system's theme to the other one, to its like, and back to the system's.
  const system = inForce("auto");
  const choice = remembered();
  if (choice === "auto") apply(system === "dark" ? "light" : "dark");
  else apply(choice === system ? "auto" : system);
  tell();
  recolour();
});
onPaper(recolour);
