// What the blocks tell of what is done to them, and what they ask of each cell.

/** @typedef {import("./block.js").Source} Source */
/** @typedef {import("../view.js").Point} Point */
/**
 * @typedef {object} Listeners
 * @property {(point: Point | null, press: boolean) => void} point a character pointed at, or pressed
 * @property {(panel: number, cell: number) => void} cell a cell picked
 * @property {(panel: number, memory: number, cell: number) => void} whatIf a cell is to be changed
 * @property {(panel: number, cell: number) => void} pin a cell to pin or unpin
 * @property {(panel: number, cell: number) => boolean} isPinned
 * @property {(panel: number, memory: number, cell: number) => Source} source
 * @property {(span: import("../../state/state.js").Span) => void} span characters selected
 * @property {() => void} seen a block has come into sight
 * @property {(panel: number) => ReadonlySet<number>} unknown positions out of vocabulary
 * @property {(panel: number) => ReadonlyMap<number, string>} plain positions read by their plain form
 */

export {};
