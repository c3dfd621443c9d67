// The named cells of the models shown, as a list of links: each opens its cell on a text that shows it. What
// was looked for and not found is said, too.

import { holds } from "../atlas/names.js";
import { addressOfNamed, guided } from "../atlas/opening.js";
import { COLOUR_NAMES } from "../base/colour.js";
import { $, element } from "../base/dom.js";
import { counted, inCharacters } from "../base/format.js";
import { nameOf } from "../base/memories.js";
import { letterOf } from "../base/places.js";
import { formatAddress } from "../state/address.js";
import { shut } from "./menus.js";

/** @typedef {import("../base/memories.js").Card} Card */
/** @typedef {import("../wire/atlas.js").Atlas} Atlas */
/** @typedef {import("../wire/atlas.js").Place} Place */

/** @param {Card} card @param {Place} place */
const memoryOf = (card, place) =>
  card.memories.find((memory) => holds(card, memory, place))?.name ?? "";

/** @param {import("../wire/atlas.js").Timescale | null} timescale */
const lasts = (timescale) =>
  timescale?.status === "ok" && timescale.tau !== null ? inCharacters(timescale.tau) : "";

/** @param {string} words @param {string} href */
function link(words, href) {
  const made = element("a", "", words);
  made.href = href;
  return made;
}

/** @param {string} name its class @param {(Node | string)[]} inside */
function row(name, ...inside) {
  const made = element("tr", name);
  for (const each of inside) made.append(element("td", "", each));
  return made;
}

/**
 * @param {readonly Card[]} cards
 * @param {readonly (Atlas | null)[]} atlases
 * @param {number} panel
 * @param {readonly [string, string]} colours
 * @param {string} text that is shown
 */
function section(cards, atlases, panel, colours, text) {
  const card = /** @type {Card} */ (cards[panel]);
  const atlas = atlases[panel];
  const head = element("h3", "", element("b", "badge", letterOf(panel)), ` ${nameOf(card)}`);
  if (!atlas)
    return element(
      "section",
      "",
      head,
      element(
        "p",
        "hint",
        `The cells of ${card.name} have not been named yet. Run python -m analysis.atlas.`,
      ),
    );
  const table = element("table", "named");
  const heads = element("tr");
  for (const words of ["is on", "cell", "AUC", "remembers"]) {
    const th = element("th", "", words);
    th.scope = "col";
    heads.append(th);
  }
  heads.cells[2]?.setAttribute(
    "title",
    "AUC on text that was not used to choose the cell: 1 separates perfectly, 0.5 is no better than chance",
  );
  table.createTHead().append(heads);
  const body = table.createTBody();
  let before = "";
  for (const named of atlas.found) {
    const href = formatAddress(addressOfNamed(cards, atlases, panel, named, text));
    const label = element("span", "", named.label === before ? "" : named.label);
    const colour = colours[named.sign > 0 ? 1 : 0];
    const cell = element(
      "span",
      "",
      link(`${memoryOf(card, named)} ${named.cell}`, href),
      element("small", "", ` ${colour}`),
    );
    cell.firstElementChild?.setAttribute(
      "aria-label",
      `${named.label}: ${memoryOf(card, named)} ${named.cell}`,
    );
    const auc = element("span", "", named.held_out.toFixed(2));
    auc.title = `95 % interval ${named.low.toFixed(2)} to ${named.high.toFixed(2)}`;
    body.append(row("", label, cell, auc, lasts(named.timescale)));
    before = named.label;
  }
  for (const [k, lasting] of atlas.lasting
    .filter(({ timescale }) => timescale.status === "ok")
    .sort((a, b) => (b.timescale.tau ?? 0) - (a.timescale.tau ?? 0))
    .slice(0, 3)
    .entries()) {
    const href = formatAddress({
      ...addressOfNamed(cards, atlases, panel, { ...atlas.found[0], ...lasting, feature: "" }),
    });
    body.append(
      row(
        "",
        k === 0 ? "lasts longest" : "",
        link(`${memoryOf(card, lasting)} ${lasting.cell}`, href),
        "",
        lasts(lasting.timescale),
      ),
    );
  }
  const missing = atlas.not_found.map(({ label, reason, best }) => {
    const made = element("span", "", label);
    made.title = reason;
    return [made, best ? ` (best ${best.held_out.toFixed(2)})` : " (too rare)"];
  });
  const { text: read, characters, found_from: from } = atlas.settings;
  return element(
    "section",
    "",
    head,
    table,
    element(
      "p",
      "hint",
      "Looked for and not found: ",
      ...missing.flatMap((each, k) => [...(k > 0 ? [", "] : []), ...each]),
      ".",
    ),
    element(
      "p",
      "hint",
      `${read}, ${counted(characters)} characters: chosen on one half; the AUC is that on the other, at least ${from}.`,
    ),
  );
}

/**
 * @param {import("../views/views.js").Views} views
 * @returns {() => void} show the list of the models shown now, or of the first ones that have named cells
 */
export function namedCells({ store, atlases }) {
  const menu = /** @type {HTMLDetailsElement} */ ($("named"));
  async function show() {
    const state = store.get();
    const { palette } = state;
    const cards = guided(state, atlases);
    menu.hidden = !cards.some(({ name }) => atlases.names.includes(name));
    if (menu.hidden || !menu.open) return;
    const known = await Promise.all(cards.map((card) => atlases.get(card)));
    const colours = COLOUR_NAMES[palette];
    // C and D show the cells that A does: named are those of A and B.
    const listed = cards.slice(0, 2);
    $("named-cells").replaceChildren(
      ...listed.map((_, k) => section(cards, known, k, colours, state.text)),
    );
  }
  menu.addEventListener("toggle", show);
  menu.addEventListener("click", (event) => {
    if (/** @type {Element} */ (event.target).closest("a")) shut(menu);
  });
  return () => void show();
}
