// The address keeps the view: written once changes rest, read at the start and when it is changed by hand.

import { addressOf, formatAddress, parseAddress, stateOf } from "./address.js";

const REST = 400;

/**
 * @param {import("./store.js").Store<import("./state.js").State>} store
 * @param {readonly string[]} views their names
 */
export function addressBar(store, views) {
  let timer = 0;
  const write = () => {
    const state = store.get();
    if (state.cards.length > 0) history.replaceState(null, "", formatAddress(addressOf(state)));
  };
  return {
    write,
    writeSoon() {
      clearTimeout(timer);
      timer = window.setTimeout(write, REST);
    },
    /** What it asks for, of these models. @param {import("./state.js").State["cards"]} cards */
    wanted: (cards) => stateOf(parseAddress(location.hash), { cards, views }),
  };
}
