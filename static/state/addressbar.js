// The address keeps the view: written once changes rest, read at the start and when it is changed by hand.

import { PALETTES } from "../base/colour.js";
import { formatAddress, parseAddress } from "./address.js";
import { ORDERS } from "./orders.js";
import { addressOf, stateOf, VIEWS } from "./state.js";

/** @typedef {import("./state.js").State} State */

const REST = 400;
const KNOWN = { orders: ORDERS, palettes: Object.keys(PALETTES), views: VIEWS };
/** What an address tells. */
export const ADDRESSED = /** @type {(keyof State)[]} */ ([
  "a",
  "b",
  "view",
  "cells",
  "order",
  "pick",
  "palette",
  "scale",
  "start",
  "text",
  "held",
  "point",
]);

/** @param {import("./store.js").Store<State>} store */
export function addressBar(store) {
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
    /** What it asks for, of these models. @param {State["cards"]} cards */
    wanted: (cards) => stateOf(parseAddress(location.hash), cards, KNOWN),
  };
}
