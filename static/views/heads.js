// The head of each model: its kind, its facts, and the names of its columns.

import { $, element, say } from "../base/dom.js";
import { factsOf, kindOf } from "../base/memories.js";
import { PLACES } from "../base/places.js";

/** What there is no room for can be pointed at. @param {HTMLElement} node @param {string} words */
function tell(node, words) {
  say(node, words);
  node.title = words;
}

/**
 * @param {import("./view.js").Card[]} cards
 * @param {import("./view.js").Sheet[]} sheets
 * @param {boolean} differs B shows how far it is from A
 */
export function showHeads(cards, sheets, differs) {
  const twice =
    cards.length === 2 && cards[0] === cards[1] && sheets.some(({ made }) => made.length > 0);
  /** @param {number} panel */
  const which = (panel) =>
    sheets[panel]?.made.length === 0 ? "untouched" : differs ? "changed − untouched" : "changed";
  for (const panel of PLACES.keys()) {
    const card = cards[panel];
    say($(`title-${panel}`), card ? `${kindOf(card)}${twice ? `, ${which(panel)}` : ""}` : "");
    tell($(`called-${panel}`), card?.name ?? "");
    tell($(`facts-${panel}`), card ? factsOf(card).join(" · ") : "");
    $(`memories-${panel}`).replaceChildren(
      ...(sheets[panel]?.memories ?? []).map(({ name, symbol }) =>
        element("h3", "", element("b", "", name), element("i", "", symbol)),
      ),
    );
    $(`blocks-${panel}`).closest(".sheet")?.classList.toggle("absent", !card);
  }
}
