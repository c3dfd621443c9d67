// What one part of the page has to complain of, in the line that all of them share.

/**
 * It stands until that part takes it back, unless something else is said meanwhile.
 * @param {import("./store.js").Store<import("./state.js").State>} store
 * @returns {(words: string) => void} complain; of nothing any more with ""
 */
export function complaint(store) {
  let said = "";
  return (words) => {
    if (words || store.get().problem === said) store.set({ problem: words });
    said = words;
  };
}
