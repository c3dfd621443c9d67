// What part a memory plays in its network, and the colour of that part in every chart. Pure.

/** @typedef {import("./colour.js").Theme} Theme */
/** @typedef {import("./memories.js").Memory} Memory */
/** @typedef {"inner" | "middle" | "outer" | "upper" | "lower" | "output"} Role */

/** Told apart by all eyes, and with a contrast of 3 or more on the theme's paper. Inner and outer as in the logo. */
export const ROLE_COLOURS = /** @type {Record<Theme, Record<Role, string>>} */ ({
  light: {
    inner: "#0a68cf",
    middle: "#7d4bb5",
    outer: "#d3272e",
    upper: "#00795a",
    lower: "#8a6d00",
    output: "#6c6f78",
  },
  dark: {
    inner: "#5aa2f5",
    middle: "#b792ea",
    outer: "#f0716a",
    upper: "#3fc79b",
    lower: "#dcbb4a",
    output: "#9599a3",
  },
});

/**
 * @param {Memory} memory
 * @param {readonly Memory[]} states all of its network
 * @returns {Role}
 */
export function roleOf(memory, states) {
  const top = Math.max(...states.map(({ layer }) => layer));
  // A GRU keeps nothing but h: that is its memory, and no output beside one.
  if (states.every(({ state }) => state === "h")) return memory.layer === top ? "upper" : "lower";
  if (memory.state === "h" || memory.level === null) return "output";
  const levels = states.flatMap(({ layer, level }) =>
    layer === memory.layer && level !== null ? [level] : [],
  );
  const deepest = Math.max(...levels);
  if (deepest > 0) {
    if (memory.level === deepest) return "inner";
    return memory.level === 0 ? "outer" : "middle";
  }
  return memory.layer === top ? "upper" : "lower";
}
