// What the page shows, in one record.

import { PLACES } from "../base/places.js";
import { asked } from "./interventions.js";
import { SAMPLES, sampleOf } from "./samples.js";

/** @typedef {import("../base/memories.js").Card} Card */
/** @typedef {import("../base/colour.js").PaletteName} PaletteName */
/** @typedef {import("./orders.js").OrderName} OrderName */
/** @typedef {"connecting" | "open" | "lost"} Connection */
/**
 * A character of a block: where one points.
 * @typedef {object} Point
 * @property {number} position in code points
 * @property {number} panel 0 for model A
 * @property {number} memory column of the panel
 * @property {number} rank row of the figure, -1 where its cell stands in none
 * @property {number} cell
 */
/**
 * The float32 values of the cells shown, at one character.
 * @typedef {object} Exact
 * @property {number} position
 * @property {number} revision
 * @property {number} view
 * @property {number[][][]} panels by panel, memory, cell
 */

/**
 * A stretch of the text, in code points of the warm-up and the text.
 * @typedef {object} Span
 * @property {number} from the first character
 * @property {number} to the character after the last; above `from`
 */
/** @typedef {{ memory: number, cell: number }} Found a cell of a model, in a column of its sheet */
/** @typedef {{ at: number, delete: number, insert: string }} Change in code points of the whole text */
/**
 * @typedef {object} State
 * @property {Card[]} cards the models that read text
 * @property {import("../base/memories.js").Refused[]} refused the files that the server refuses
 * @property {string} a name of model A
 * @property {string} b name of model B, "none" for A alone
 * @property {string} c name of model C, or "none"
 * @property {string} d name of model D, or "none"
 * @property {string} view the name of one in views/index.js
 * @property {string} cells as written: "0-6, 41"; places in the order; of all models but B, where B has its own
 * @property {string} cellsB those of model B, where it has a list of its own; "" the same
 * @property {OrderName} order
 * @property {number} by the column whose values the order follows
 * @property {string} pins cells that stay first, of A and of B: "41,7/3"
 * @property {number} pick the cell picked
 * @property {number | null} pickB that of model B; null the same
 * @property {string} feature of the text that the cells shown are said to mark, as an atlas names it; or ""
 * @property {PaletteName} palette
 * @property {"fixed" | "cell"} scale
 * @property {Change | null} change the change of the text whose trace is followed
 * @property {"mean" | "cell"} scope followed in all cells of a memory, or in the one picked
 * @property {string} why what is explained, and how: see views/why/origin.js
 * @property {readonly import("./interventions.js").Intervention[]} interventions what is changed while the models read
 * @property {string} beside the model that is shown twice, untouched as A and changed as B; "" for the models in their places
 * @property {boolean} difference of a model shown twice, B shows how far it is from A
 * @property {boolean} projector large type and no controls
 * @property {number} tour the step of the tour, 0 before and after it
 * @property {import("../base/theme.js").Choice} theme
 * @property {import("../base/colour.js").Theme} shade the theme in force
 * @property {string} start the name of the sample read as a warm-up, or "" to start from zero
 * @property {string} text as typed
 * @property {boolean} poem a Chinese text is read as a poem (text/poem.js), not as typed
 * @property {Point | null} point the character looked at
 * @property {boolean} pinned it stays when the pointer goes
 * @property {string} ask what cells are looked for (state/question.js), "" where the text decides
 * @property {readonly (Found | null)[]} found the cell found in each model
 * @property {Span | null} span the characters selected
 * @property {Exact | null} exact
 * @property {number} limit characters the server reads
 * @property {Connection} connection
 * @property {string} obstacle why there has been no connection yet, in words, or ""
 * @property {string} problem in words, or ""
 */

/**
 * Before the server and the address have said anything.
 * @param {State["theme"]} theme
 * @param {State["shade"]} shade
 * @param {string} text
 * @returns {State}
 */
export const initialState = (theme, shade, text = SAMPLES[0]?.text ?? "") => ({
  cards: [],
  refused: [],
  a: "none",
  b: "none",
  c: "none",
  d: "none",
  view: "figure",
  cells: "0-6",
  cellsB: "",
  order: "index",
  by: 0,
  pins: "",
  pick: 0,
  pickB: null,
  feature: "",
  palette: "paper",
  scale: "fixed",
  change: null,
  scope: "mean",
  why: "surprise.gradient",
  interventions: [],
  beside: "",
  difference: false,
  projector: false,
  tour: 0,
  theme,
  shade,
  start: "",
  text,
  poem: false,
  point: null,
  pinned: false,
  span: null,
  ask: "",
  found: [],
  exact: null,
  limit: Number.POSITIVE_INFINITY,
  connection: "connecting",
  obstacle: "",
  problem: "",
});

/**
 * The names of the models in their places, without those that are left empty.
 * @param {Partial<Pick<State, "a" | "b" | "c" | "d">>} state
 * @returns {string[]}
 */
export const namesOf = (state) =>
  PLACES.flatMap((place) => {
    const name = state[place] ?? "none";
    return name === "none" ? [] : [name];
  });

/**
 * The models shown, A before B.
 * @param {Pick<State, "a" | "b" | "beside" | "cards"> & Partial<Pick<State, "c" | "d">>} state
 * @returns {Card[]}
 */
export const shownCards = (state) =>
  (state.beside === "" ? namesOf(state) : [state.beside, state.beside]).flatMap(
    (name) => state.cards.find((card) => card.name === name) ?? [],
  );

/** What is changed in each model shown. @param {State} state */
export const changesIn = (state) =>
  shownCards(state).map(({ name }, panel) =>
    state.beside !== "" && panel === 0
      ? []
      : state.interventions.filter(({ model }) => model === name),
  );

/** The same as the server is asked. @param {State} state */
export const madeIn = (state) => changesIn(state).map((made) => made.map(asked));

/** Whether the difference of a model from itself untouched is shown. @param {State} state */
export const showsDifference = ({ beside, difference, interventions }) =>
  beside !== "" && difference && interventions.length > 0;

/** Whether a panel shows what is listed, picked and pinned for B; all others show A's. @param {{ b?: string, beside?: string }} state @param {number} panel */
export const usesListOfB = ({ b, beside = "" }, panel) =>
  beside === "" ? panel === 1 : beside === b;

/** The cells of a panel, as written. @param {Pick<State, "cells" | "cellsB" | "b" | "beside">} state @param {number} panel */
export const cellsOf = (state, panel) =>
  usesListOfB(state, panel) && state.cellsB ? state.cellsB : state.cells;

/** The cell picked in a panel. @param {Pick<State, "pick" | "pickB" | "b" | "beside">} state @param {number} panel */
export const pickOf = (state, panel) =>
  usesListOfB(state, panel) ? (state.pickB ?? state.pick) : state.pick;

/** The cells pinned of a panel. @param {Pick<State, "pins"> & { b?: string, beside?: string }} state @param {number} panel */
export const pinsOf = (state, panel) =>
  (state.pins ?? "")
    .split("/")
    .flatMap((cells, k) =>
      k === Number(usesListOfB(state, panel)) && cells !== "" ? cells.split(",") : [],
    )
    .map(Number);

/** Pin a cell of a panel, or unpin it. @param {Pick<State, "pins"> & { b?: string, beside?: string }} state @param {number} panel @param {number} cell */
export function pinned(state, panel, cell) {
  const list = Number(usesListOfB(state, panel));
  const pins = [0, 1].map((k) => pinsOf({ pins: state.pins }, k));
  const own = pins[list] ?? [];
  pins[list] = own.includes(cell) ? own.filter((c) => c !== cell) : [...own, cell];
  return { pins: pins.every(({ length }) => length === 0) ? "" : pins.join("/") };
}

/** What is read before the text; it ends its own line. @param {State} state */
export const warmUpOf = ({ start }) => {
  const sample = sampleOf(start);
  return sample ? `${sample.text}\n` : "";
};
