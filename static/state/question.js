// What cells are asked for, in one word: the key of a feature, what to look for in the text, or what is selected.

/** @typedef {{ feature: string } | { literal: string } | { pattern: string }} Wanted as the server takes it */

export const SELECTED = "span";

/** @param {"literal" | "pattern"} kind @param {string} written */
export const askFor = (kind, written) => (written === "" ? "" : `${kind}:${written}`);

/**
 * What is looked for in a text; null where it is the selected characters, or nothing.
 * @param {string} ask
 * @returns {Wanted | null}
 */
export function wantedBy(ask) {
  const [, kind, written = ""] = /^(literal|pattern):(.+)$/su.exec(ask) ?? [];
  if (kind === "literal") return { literal: written };
  if (kind === "pattern") return { pattern: written };
  return ask === "" || ask === SELECTED ? null : { feature: ask };
}

/** Whether a text may be a question: none that an address holds is taken for more. @param {string} ask */
export const isQuestion = (ask) =>
  ask.length <= 1000 && /^([a-z-]{1,40}|(literal|pattern):.+)$/su.test(ask);
