// A tour in six steps. Each is a link: what it shows can be changed, shared, and left at any time.

import { guided, guides } from "../atlas/opening.js";
import { COLOUR_NAMES } from "../base/colour.js";
import { $, element } from "../base/dom.js";
import { formatAddress, parseAddress } from "../state/address.js";
import { stepsOf } from "./toursteps.js";

/** What an address may say of how one looks, beside the step. */
const LOOKS = new Set(["tour", "palette", "projector"]);

/** The address where it names a step and nothing that the step shows: it stands for the whole of that step. */
function onlyAStep() {
  const address = parseAddress(location.hash);
  return address.tour && Object.keys(address).every((name) => LOOKS.has(name)) ? address : null;
}

/**
 * @param {import("../views/views.js").Views} views
 * @param {ReturnType<typeof import("../state/addressbar.js").addressBar>} theAddress
 * @returns {() => void} show the step that the state has
 */
export function tour({ store, atlases, blocks }, theAddress) {
  const home = $("tour-step");
  let shown = 0;
  // The bar writes the whole address soon, perhaps before the atlases are here.
  let asked = onlyAStep();
  addEventListener("hashchange", () => {
    asked = onlyAStep();
  });

  function end() {
    store.set({ tour: 0 });
    $("tour").focus();
  }
  home.addEventListener("keydown", (event) => {
    const { key } = event;
    if (key === "Escape") {
      event.stopPropagation();
      end();
    } else if (key === "ArrowLeft" || key === "ArrowRight") {
      // The card has the focus, and says that they walk through the text.
      event.preventDefault();
      blocks.root.dispatchEvent(new KeyboardEvent("keydown", { key }));
    }
  });

  /** @param {string} words @param {import("../state/address.js").Address | undefined} address @param {string} name */
  function link(words, address, name) {
    const made = element("a", name, words);
    made.href = address ? formatAddress(address) : "#";
    return made;
  }

  function steps() {
    const state = store.get();
    /** @param {import("../base/memories.js").Card[]} cards */
    const through = (cards) =>
      stepsOf(
        cards,
        cards.map((card) => atlases.now(card)),
        COLOUR_NAMES[state.palette],
      );
    const own = through(guided(state, atlases).slice(0, 2));
    // The text of an atlas may not be one that can be passed on: then it shows nothing.
    return own.length > 0 ? own : through(guides(state.cards, atlases.names));
  }
  $("tour").addEventListener("click", () => {
    const [first] = steps();
    if (first) location.hash = formatAddress(first.address);
  });

  return function show() {
    const all = steps();
    const { tour: at } = store.get();
    const step = all[at - 1];
    if (asked && step) {
      void theAddress.open({ ...step.address, ...asked });
      asked = null;
    }
    $("tour").hidden = all.length === 0;
    home.hidden = !step;
    document.body.classList.toggle("touring", Boolean(step));
    if (!step || at === shown) {
      shown = step ? at : 0;
      return;
    }
    shown = at;
    const title = element("h2", "", step.title);
    title.id = "tour-title";
    const skip = element("button", "quiet", at === all.length ? "Done" : "Skip");
    skip.type = "button";
    skip.addEventListener("click", end);
    const next = all[at];
    const before = all[at - 2];
    home.replaceChildren(
      element("p", "tour-count", `${at} of ${all.length}`),
      title,
      element("p", "", step.words),
      element(
        "nav",
        "",
        skip,
        ...(before ? [link("Back", before.address, "quiet")] : []),
        next ? link("Next", next.address, "go") : timescales(),
      ),
    );
    home.focus({ preventScroll: true });
  };

  function timescales() {
    const made = element("a", "go", "Timescales");
    made.href = "timescales";
    return made;
  }
}
