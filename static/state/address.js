// The whole view as the fragment of the address, and back.

/**
 * What an address holds; a field that is missing keeps its default.
 * @typedef {object} Address
 * @property {string} [a] model
 * @property {string} [b] model, "none" for one model alone
 * @property {string} [view]
 * @property {string} [cells]
 * @property {string} [order]
 * @property {string} [pick] a cell
 * @property {string} [at] the position held
 * @property {string} [palette]
 * @property {string} [scale]
 * @property {string} [sample]
 * @property {string} [start] the name of a warm-up sample
 * @property {string} [text]
 */

const FIELDS = /** @type {(keyof Address)[]} */ ([
  "a",
  "b",
  "view",
  "cells",
  "order",
  "pick",
  "at",
  "palette",
  "scale",
  "sample",
  "start",
  "text",
]);

/** Longer texts are not put in an address. */
export const LONGEST_TEXT = 2000;

/** @param {Address} address */
export function formatAddress(address) {
  const parts = [];
  for (const field of FIELDS) {
    const value = address[field];
    if (value !== undefined)
      parts.push(`${field}=${encodeURIComponent(value).replaceAll("%20", "+")}`);
  }
  return parts.length > 0 ? `#${parts.join("&")}` : "";
}

/**
 * @param {string} fragment with or without its #
 * @returns {Address}
 */
export function parseAddress(fragment) {
  /** @type {Address} */
  const address = {};
  for (const part of fragment.replace(/^#/, "").split("&")) {
    const [name, value] = part.split("=", 2);
    const field = FIELDS.find((f) => f === name);
    if (!field || value === undefined) continue;
    try {
      address[field] = decodeURIComponent(value.replaceAll("+", "%20"));
    } catch {
      // A fragment cut in the middle of an escape: that field is left out.
    }
  }
  return address;
}
