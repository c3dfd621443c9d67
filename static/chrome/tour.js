// A tour in six steps. Each is a link: what it shows can be changed, shared, and left at any time.

import { guided, guides } from "../atlas/opening.js";
import { COLOUR_NAMES } from "../base/colour.js";
import { $, element } from "../base/dom.js";
import { addressOf, formatAddress, parseAddress } from "../state/address.js";
import { beforeTour, keepBeforeTour } from "../state/visit.js";
import { toast } from "./notices.js";
import { stepsOf } from "./toursteps.js";

/** Milliseconds between two looks for the subject of a step; how often at most; and how often in its place. */
const WAIT = 100;
const TRIES = 100;
const STILL = 10;
/** Pixels between the card and its subject: of blocks, the names of the memories and of the cell. */
const BESIDE = 64;

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
  let first = true;
  // The bar writes the whole address soon, perhaps before the atlases are here.
  let asked = onlyAStep();
  addEventListener("hashchange", () => {
    asked = onlyAStep();
    if (parseAddress(location.hash).tour) remember();
  });

  /** Whoever takes the tour from a text gets it back. */
  function remember() {
    const state = store.get();
    if (state.tour > 0) return;
    const { sample, packed, ...address } = addressOf(state);
    keepBeforeTour({ ...address, text: state.text });
  }

  async function end() {
    const before = beforeTour();
    keepBeforeTour(null);
    ($("tour").offsetParent ? $("tour") : $("menu")).focus();
    if (before) {
      if (before.text !== store.get().text) toast("Your text is here again, as before the tour.");
      await theAddress.open(before);
    } else store.set({ tour: 0 });
    // At once: as long as the address is that of the step, the same step cannot be asked for.
    await theAddress.write();
  }
  home.addEventListener("keydown", (event) => {
    const { key } = event;
    if (key === "Escape") {
      event.stopPropagation();
      void end();
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
    const [one] = steps();
    if (one) location.hash = formatAddress(one.address);
  });

  return function show() {
    const all = steps();
    const { tour: at, cards } = store.get();
    const step = all[at - 1];
    if (first && cards.length > 0) {
      // A tour that was not left, but the page: what was before it is of another visit.
      if (at === 0) keepBeforeTour(null);
      first = false;
    }
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
    const count = element("span", "tour-count", `${at} of ${all.length}`);
    const title = element("h2", "", step.title, count);
    title.id = "tour-title";
    const skip = element("button", "quiet", at === all.length ? "Done" : "Skip");
    skip.type = "button";
    skip.addEventListener("click", end);
    const next = all[at];
    const before = all[at - 2];
    home.replaceChildren(
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
    void bring(step.subject, at);
  };

  /** Whether what a step is about stands between the card and the dock; else it is scrolled there. @param {string} subject */
  function stands(subject) {
    const found = document.querySelector(subject)?.getBoundingClientRect();
    if (!found || found.height === 0 || $("figure").ariaBusy !== "false") return false;
    const card = /** @type {HTMLElement} */ (home.parentElement).offsetHeight;
    const over = found.top - card - BESIDE;
    if (found.bottom <= $("dock").getBoundingClientRect().top || over < 1) return true;
    scrollBy(0, over);
    return false;
  }

  /** Until it is drawn, and keeps its place: a text that is laid out anew moves it. @param {string} subject @param {number} at */
  async function bring(subject, at) {
    const stop = new AbortController();
    const { signal } = stop;
    for (const own of ["wheel", "touchmove", "pointerdown", "keydown"])
      addEventListener(own, () => stop.abort(), { signal, passive: true });
    scrollTo(0, 0);
    let still = 0;
    for (let k = 0; k < TRIES && still < STILL && shown === at && !signal.aborted; k += 1) {
      still = stands(subject) ? still + 1 : 0;
      await new Promise((done) => setTimeout(done, WAIT));
    }
    stop.abort();
  }

  function timescales() {
    const made = element("a", "go", "Timescales");
    made.href = "timescales";
    made.addEventListener("click", end);
    return made;
  }
}
