// The address keeps the view: written once changes rest, read at the start and when it is changed by hand.
// What it cannot hold yet, or at all, the tab keeps.

import { addressOf, formatAddress, parseAddress, stateOf } from "./address.js";
import { pack, unpack } from "./packed.js";
import { keep, kept } from "./visit.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./address.js").Address} Address */

const REST = 400;

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
    return keep({ fragment: location.hash, address, text: state.text });
  }

  /** @returns {Promise<boolean>} whether the address holds the text */
  async function write() {
    clearTimeout(timer);
    turn += 1;
    const mine = turn;
    const state = store.get();
    if (state.cards.length === 0) return false;
    const address = addressOf(state);
    if (!holdsText(address)) {
      keepNow();
      const as = await packed(state.text);
      if (mine !== turn) return holds;
      if (as !== null) address.packed = as;
    }
    try {
      history.replaceState(history.state, "", formatAddress(address));
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

  return {
    write,
    writeSoon,
    /** Whether it asks for anything. */
    asks: () => Object.keys(parseAddress(location.hash)).length > 0,
    /** What it asks for, of these models. @param {State["cards"]} cards */
    wanted: (cards) => told(cards, parseAddress(location.hash)),
    /**
     * What a page begins with: what its address asks for; the text that the tab has kept where it asks for
     * none; and all that the tab has kept where it asks for nothing, or for what it held then.
     * @param {State["cards"]} cards
     */
    async first(cards) {
      const visit = kept();
      const address = parseAddress(location.hash);
      if (!visit) return told(cards, address);
      const { text } = visit;
      if (Object.keys(address).length === 0 || location.hash === visit.fragment)
        return { ...stateOf(visit.address, { cards, views }), text };
      return holdsText(address) ? told(cards, address) : { ...(await told(cards, address)), text };
    },
  };
}
