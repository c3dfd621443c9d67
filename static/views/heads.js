// The head of each model: its kind, its facts, and the names of its columns.

import { $, element, say } from "../base/dom.js";
import { factsOf, kindOf } from "../base/memories.js";

/**
 * @param {import("./view.js").Card[]} cards
 * @param {import("./view.js").Sheet[]} sheets
 * @param {boolean} differs B shows how far it is from A
 */
export function showHeads(cards, sheets, differs) {
  const twice = cards[0] === cards[1] && sheets.some(({ made }) => made.length > 0);
  /** @param {number} panel */
  const which = (panel) =>
    sheets[panel]?.made.length === 0 ? "untouched" : differs ? "changed − untouched" : "changed";
  for (const panel of [0, 1]) {
    const card = cards[panel];
    say(
      $(`title-${panel}`),
      card ? `${kindOf(card)}${twice ? `, ${which(panel)}` : ""}` : "No second model",
    );
    say($(`called-${panel}`), card?.name ?? "");
    say($(`facts-${panel}`), card ? factsOf(card).join(" · ") : "");
    $(`memories-${panel}`).replaceChildren(
      ...(sheets[panel]?.memories ?? []).map(({ name, symbol }) =>
        element("h3", "", element("b", "", name), element("i", "", symbol)),
      ),
    );
    $(`blocks-${panel}`).closest(".sheet")?.classList.toggle("absent", !card);
  }
}
