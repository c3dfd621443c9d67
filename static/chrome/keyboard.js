// Moving the character looked at, and the map, from the keyboard.

/** @typedef {import("../views/figure/figure.js").Figure} Figure */
/** @typedef {import("../views/map/map.js").MapView} MapView */
/** @typedef {import("../state/store.js").Store<import("../state/state.js").State>} Store */

/**
 * @param {import("../wire/session.js").Session} session
 * @param {Figure} figure
 * @param {MapView} map
 * @param {import("../views/axis.js").Axis} axis
 * @param {Store} store
 */
export function keyboard(session, figure, map, axis, store) {
  figure.root.addEventListener("keydown", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest("select, input")) return;
    if (zoomed(event.key)) return event.preventDefault();
    const moved = move(event.key);
    if (moved === undefined) return undefined;
    event.preventDefault();
    store.set({ point: moved, held: moved !== null });
    if (moved) {
      figure.reveal(moved.position);
      axis.reveal(moved.position);
    }
    return undefined;
  });

  /** @param {string} key */
  function zoomed(key) {
    if (key === "+" || key === "=") axis.zoom(0.5);
    else if (key === "-") axis.zoom(2);
    else if (key === "0") axis.reset();
    else return false;
    return true;
  }

  /** @param {string} key @returns {import("../state/state.js").Point | null | undefined} */
  function move(key) {
    if (key === "Escape") return null;
    const last = session.passage.length - 1;
    const { point } = store.get();
    const from = point ?? { position: -1, panel: 0, memory: 0, rank: 0, cell: 0 };
    const to = { ...from };
    if (key === "ArrowRight") to.position += 1;
    else if (key === "ArrowLeft") to.position -= 1;
    else if (key === "ArrowDown") to.rank += 1;
    else if (key === "ArrowUp") to.rank -= 1;
    else if (key === "Home") to.position = 0;
    else if (key === "End") to.position = last;
    else if (key === "[") to.panel = 0;
    else if (key === "]") to.panel = figure.sheets.length - 1;
    else if (key === "i") to.memory = 0;
    else if (key === "o") to.memory = Number.POSITIVE_INFINITY;
    else return undefined;
    const sheet = figure.sheets[to.panel];
    if (!sheet || last < 0) return undefined;
    const rows = map.active ? sheet.order : sheet.cells;
    to.position = Math.max(0, Math.min(last, to.position));
    to.rank = Math.max(0, Math.min(rows.length - 1, to.rank));
    to.memory = Math.min(to.memory, sheet.memories.length - 1);
    to.cell = rows[to.rank] ?? 0;
    return to;
  }
}
