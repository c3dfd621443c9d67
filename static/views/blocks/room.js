// The room there is for the blocks, and what the style sheets are told of how they stand in it.

import { arranged } from "./arrangement.js";

/**
 * @param {HTMLElement} root
 * @param {readonly number[]} columns of each model
 * @param {number} large how much larger the type is than usual
 * @returns {{ width: number, swiped: boolean } | null} pixels of a block; null where there is no room at all
 */
export function takeRoom(root, columns, large) {
  const room = root.clientWidth;
  if (columns.every((count) => count === 0) || room === 0) return null;
  const { swiped, block, gap, between } = arranged(columns, room, large);
  root.classList.toggle("swiped", swiped);
  root.classList.toggle("many", columns.length > 2);
  root.classList.add("ready");
  const sizes = { block, gap, between, sheet: Math.max(...columns) * (block + gap) - gap };
  for (const [name, value] of Object.entries(sizes))
    root.style.setProperty(`--${name}`, `${value}px`);
  return { width: block, swiped };
}

/** The heads of all models take the room of the tallest one. @param {HTMLElement} root */
export function alignHeads(root) {
  const heads = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(".about"));
  const tallest = Math.max(...[...heads].map((head) => head.offsetHeight));
  root.style.setProperty("--about", `${tallest}px`);
}
