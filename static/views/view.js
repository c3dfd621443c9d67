// What a view is: one way of looking at the memories of the models along the text. A view is a folder with its
// js and css, and a line in index.js: its tab, its homes and its address follow from that list.

/** @typedef {import("../base/memories.js").Card} Card */
/** @typedef {import("../base/memories.js").Memory} Memory */
/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../state/state.js").Point} Point */
/**
 * A control of the page, by what it decides: "cells" those listed; "pick" the one cell looked at; "order" how all are
 * sorted; "scale" what the strongest colour is; "palette" the colours; "legend" the bar that explains them; "whatif"
 * the changes made in the models; "export" files of what is shown; "overview" the strip of the whole text over the
 * axis; "completion" the Tab key, which takes the likeliest next character.
 */
/** @typedef {"cells" | "pick" | "order" | "scale" | "palette" | "legend" | "whatif" | "export" | "overview" | "completion"} Control */
/** @typedef {import("../wire/requests.js").Ask} Ask */
/**
 * @typedef {object} View
 * @property {string} name in addresses and ids
 * @property {string} label on its tab
 * @property {readonly string[]} styles addresses of its style sheets
 * @property {readonly Control[]} controls what of the page's controls means something in it
 * @property {(state: State) => Needs} needs
 * @property {() => Promise<(page: Page) => Mounted>} load its code, which mounts it once, before it is first shown
 */
/**
 * What a view needs to know.
 * @typedef {object} Needs
 * @property {"listed" | "picked" | "none"} blocks the cells that stand as blocks of the text
 * @property {(panel: number) => readonly number[]} [rows] the cells of each model that are shown, in place of those listed, picked or all
 * @property {"blocks" | "all"} cells the cells whose values the live channel tells
 * @property {boolean} [pick] false: for now the cell picked means nothing in it
 * @property {Memory[]} [memories] what a cell's blocks stand for, in place of the memories of its model
 */
/**
 * What is drawn beside the blocks.
 * @typedef {object} Part
 * @property {number} panel
 * @property {string} title
 * @property {HTMLCanvasElement | SVGElement} drawn
 * @property {{ name: string, colour: string, dash?: boolean }[]} [keys] of its curves
 * @property {string} [note] what else its lines mean
 * @property {{ width: number, height: number }} [size] in CSS pixels, where it does not stand on the page
 */
/** @typedef {{ pixels: Uint32Array, words: string[], label: string }} Bar colours by byte + 128, those of no value 0; words under them, evenly from left to right; and what they are of */
/**
 * What the colours of a view are.
 * @typedef {object} Meaning
 * @property {string} title what is shown, and what came out
 * @property {string} about how the colours follow from the numbers
 * @property {"display" | "logits"} signal of a trace, which the numbers are made of
 * @property {Bar[]} bars
 */
/**
 * What a view does. All but `columns` is asked only of the view that is shown.
 * @typedef {object} Mounted
 * @property {(scene: Scene) => void} show models, cells, their order or the text are new
 * @property {() => void} [draw] in the next frame after `page.redraw`, or once colours or the axis have changed
 * @property {() => void} [leave] another view is shown from now on: nobody waits for what this one has asked
 * @property {(panel: number, from: number, to: number) => void} [columns] the values of these characters have come
 * @property {() => void} [selected] the characters selected are others
 * @property {(state: State, card: Card, text: string, panel: number) => Ask[]} [ask] values of each model that only POST /api/trace has
 * @property {() => void} [asked] what was answered before is of an older question
 * @property {(panel: number, values: Float32Array[], card: Card) => void} [answer] what `ask` asked for
 * @property {(point: Point | null) => void} [light] this character is looked at
 * @property {(panel: number, memory: number, position: number) => string} [reading] the value at a character, as the dock says it, where the blocks show something else than display values: "2.3 bits"
 * @property {(panel: number, memory: number, cell: number) => import("./blocks/block.js").Source} [source] of a block's colours, likewise
 * @property {() => Meaning} [meaning] what is shown where it is something else than values of cells, in a file and in the legend
 * @property {() => Part[]} [parts] what is drawn beside the blocks, for a file
 * @property {() => boolean} [pending] whether an answer to what it has asked itself is on its way
 * @property {(point: Point) => boolean} [press] a character of a block is pressed; whether that meant something else than to pin it
 * @property {(key: string) => boolean} [key] a key pressed on the figure; whether it meant something
 */
/**
 * What a view is given once.
 * @typedef {object} Page
 * @property {import("../state/store.js").Store<State>} store
 * @property {import("../wire/session.js").Session} session the values told so far
 * @property {(card: Card) => import("../wire/timescales.js").CellReport | null} report how long its cells remember; null while it is on its way
 * @property {HTMLElement} above its home over the models
 * @property {HTMLElement[]} homes one a model, under its blocks
 * @property {import("./axis.js").Axis} axis the characters that curves and maps show; one for all views
 * @property {import("./overview.js").Overview} overview the whole text in one strip
 * @property {() => import("../base/colour.js").Palette} palette
 * @property {(at: Point | null, press: boolean) => void} point a character is pointed at, or pressed
 * @property {(text: string) => void} read a text in the place of the one shown, which undo brings back
 * @property {() => number} caret the character before the caret of the editor
 * @property {() => void} redraw
 * @property {(panel: number) => void} recolour the values of a model's blocks are new
 * @property {(panel: number) => { values: Int8Array, done: number, colours: Uint32Array }} coloured the bytes that colour a model, in the form of its columns, up to where they have arrived
 */
/**
 * What is shown of one model.
 * @typedef {object} Sheet
 * @property {string} name of the model
 * @property {Memory[]} memories columns of the blocks
 * @property {readonly number[]} cells rows of the blocks; all in order where there are no blocks
 * @property {readonly number[]} order all cells
 * @property {readonly object[]} made the interventions that the model reads under
 */
/**
 * What is shown.
 * @typedef {object} Scene
 * @property {State} state
 * @property {Card[]} cards the models, A before B
 * @property {Sheet[]} sheets their memories and cells
 * @property {() => string[]} characters of the part of the text that the models read
 * @property {number} border characters of the warm-up
 */

export {};
