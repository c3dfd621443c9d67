// Small hands for the document.

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} name its class
 * @param {(Node | string)[]} inside strings become text
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(tag, name = "", ...inside) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.append(...inside);
  return made;
}

/**
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export const $ = (id) => /** @type {T} */ (document.getElementById(id));

/**
 * Put words in place; nothing is laid out anew where they stand already.
 * @param {Element} node
 * @param {string} words
 */
export function say(node, words) {
  if (node.textContent !== words) node.textContent = words;
}
