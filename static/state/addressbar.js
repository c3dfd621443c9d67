// The address keeps the view: written once changes rest, read at the start and when it is changed by hand.
// What it cannot hold yet, or at all, the tab keeps.

import { addressOf, formatAddress, parseAddress, stateOf } from "./address.js";
import { pack, unpack } from "./packed.js";
import { keep, kept } from "./visit.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./address.js").Address} Address */

const REST = 400;

/** What a visit is about; without any of it an address says only how one looks. */
const SUBJECT = new Set([
  "a",
  "b",
  "c",
  "d",
  "cells",
  "cellsb",
  "pick",
  "order",
  "sample",
  "text",
  "packed",
  "start",
  "feature",
  "tour",
]);

/** A name for what one entry of the history leads to, and all views of it. */
const fresh = () => Math.random().toString(36).slice(2);

/** @param {Address} address */
const holdsText = ({ sample, text, packed }) =>
  sample !== undefined || text !== undefined || packed !== undefined;

/**
 * @param {import("./store.js").Store<State>} store
 * @param {readonly string[]} views their names
 */
export function addressBar(store, views) {
  let timer = 0;
  let turn = 0;
  let holds = false;
  /** @type {(wanted: Partial<State>) => void} */
  let taken = () => {};
  /** Entries of the history with this name differ in the view alone. @type {string} */
  let load = history.state?.load ?? fresh();
  /** The fragment that was written or taken last: another one was pressed or typed, and is about to be told. */
  let known = location.hash;
  /** @type {{ text: string, as: string | null }} */
  let last = { text: "", as: null };

  /** @param {string} text */
  async function packed(text) {
    if (last.text !== text) last = { text, as: await pack(text) };
    return last.as;
  }

  /** The tab keeps what there is now. */
  function keepNow() {
    const state = store.get();
    if (state.cards.length === 0) return true;
    const { sample, text, ...address } = addressOf(state);
    return keep({ load, address, text: state.text });
  }

  /** @returns {Promise<boolean>} whether the address holds the text */
  async function write() {
    clearTimeout(timer);
    turn += 1;
    const mine = turn;
    const state = store.get();
    if (state.cards.length === 0 || location.hash !== known) return false;
    const address = addressOf(state);
    if (!holdsText(address)) {
      keepNow();
      const as = await packed(state.text);
      if (mine !== turn || location.hash !== known) return holds;
      if (as !== null) address.packed = as;
    }
    try {
      history.replaceState({ view: state.view, load }, "", formatAddress(address));
      known = location.hash;
    } catch {
      writeSoon(); // a browser allows so many changes in a time
    }
    keepNow();
    holds = holdsText(address);
    return holds;
  }

  function writeSoon() {
    clearTimeout(timer);
    timer = window.setTimeout(write, REST);
  }

  addEventListener("pagehide", keepNow);
  addEventListener("beforeunload", (event) => {
    const { text } = store.get();
    // Neither the tab nor the address has the text: whoever leaves is asked.
    if (
      !keepNow() &&
      !holdsText(addressOf(store.get())) &&
      (last.text !== text || last.as === null)
    )
      event.preventDefault();
  });

  /** @param {State["cards"]} cards @param {Address} address @returns {Promise<Partial<State>>} */
  async function told(cards, address) {
    const { packed: text } = address;
    if (text === undefined || address.text !== undefined) return stateOf(address, { cards, views });
    const unpacked = await unpack(text);
    return unpacked === null
      ? {
          ...stateOf(address, { cards, views }),
          problem:
            "The text of this link cannot be read: the link is cut off, or this browser too old.",
        }
      : stateOf({ ...address, text: unpacked }, { cards, views });
  }

  /** What the address asks for. @param {State["cards"]} cards */
  const wanted = (cards) => told(cards, parseAddress(location.hash));

  return {
    write,
    writeSoon,
    /** Show what an address asks for, in the place of what the bar has. @param {Address} address */
    async open(address) {
      taken(await told(store.get().cards, address));
    },
    /** Another view is shown: an entry of the history for itself. */
    turned() {
      const { view } = store.get();
      const before = history.state?.view;
      if (before && before !== view) history.pushState({ view, load }, "", location.hash);
    },
    /**
     * Back and Forward lead to another view, with the text and all else as it is now, or to what an address
     * asks for; so does a change of it by hand.
     * @param {(wanted: Partial<State>) => void} take
     */
    follow(take) {
      taken = take;
      addEventListener("popstate", async ({ state }) => {
        if (!state?.load) return; // by hand: see below
        known = location.hash;
        if (state.load === load) {
          store.set({ view: state.view });
          return writeSoon();
        }
        load = state.load;
        return take(await wanted(store.get().cards));
      });
      addEventListener("hashchange", async () => {
        known = location.hash;
        if (history.state?.load) return;
        // A fragment that asks for nothing, as of a place on the page, leaves all as it is.
        if (Object.keys(parseAddress(location.hash)).length === 0) return void (await write());
        load = fresh();
        take(await wanted(store.get().cards));
      });
    },
    /**
     * What a page begins with: what its address asks for; the text that the tab has kept where it asks for
     * none; and all that the tab has kept where it asks for nothing, or the page is come back to. Where there
     * is nothing of all that, it is as a visit begins.
     * @param {State["cards"]} cards
     * @param {() => Promise<Partial<State>>} begun
     */
    async first(cards, begun) {
      const address = parseAddress(location.hash);
      const visit = kept();
      const back = visit?.load === load;
      if (visit && Object.keys(address).length === 0) load = visit.load;
      const view = history.state?.view;
      history.replaceState({ view: view ?? address.view ?? visit?.address.view, load }, "");
      if (visit && (back || load === visit.load)) {
        const known = stateOf(visit.address, { cards, views });
        return { ...known, ...(back && views.includes(view) ? { view } : {}), text: visit.text };
      }
      if (!visit && !Object.keys(address).some((name) => SUBJECT.has(name))) {
        const { a, b, c, d, ...look } = stateOf(address, { cards, views });
        return { a, b, c, d, ...(await begun()), ...look };
      }
      const asked = await told(cards, address);
      return visit && !holdsText(address) ? { ...asked, text: visit.text } : asked;
    },
  };
}
