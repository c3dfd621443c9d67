// What may be chosen in a select.

/**
 * Nothing is built anew where it stands already: a list that is open would close.
 * @param {HTMLSelectElement} select
 * @param {readonly HTMLElement[]} options and groups of them
 */
export function offerIn(select, options) {
  if (select.innerHTML !== options.map(({ outerHTML }) => outerHTML).join(""))
    select.replaceChildren(...options);
}
