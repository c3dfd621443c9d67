// The fields of an address: what each tells of the state, and how it is written and read. One list.

import { PALETTES } from "../base/colour.js";
import { PLACES } from "../base/places.js";
import { parsed, written } from "./interventions.js";
import { ORDERS } from "./orders.js";
import { isQuestion } from "./question.js";
import { SAMPLES, sampleOf } from "./samples.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {{ cards: State["cards"], views: readonly string[] }} Known the models served, and the page's views */
/**
 * One field of the address.
 * @typedef {object} Field
 * @property {string} name
 * @property {readonly (keyof State)[]} from what of the state it tells
 * @property {(state: State) => string | undefined} write undefined: the field is left out
 * @property {(value: string, known: Known) => Partial<State>} read nothing where the value makes no sense
 */

/** Longer texts are not put in an address as they are, but packed. */
export const LONGEST_TEXT = 2000;

/** @param {string} text */
const sampleWith = (text) => SAMPLES.find((sample) => sample.text === text);

/**
 * A field that holds one of a few words.
 * @param {"order" | "palette" | "scale" | "scope" | "view"} key
 * @param {(known: Known) => readonly string[]} words
 * @returns {Field}
 */
const choice = (key, words) => ({
  name: key,
  from: [key],
  write: (state) => state[key],
  read: (value, known) => (words(known).includes(value) ? { [key]: value } : {}),
});

/** A third and a fourth model are told where they are there. @param {string} name */
const present = (name) => (name === "none" ? undefined : name);

/** What belongs to a list of cells and is left out of an address where it is this. @type {Partial<State>} */
const ALONE = { cellsB: "", by: 0, pins: "", pick: 0, pickB: null, feature: "" };

/** In the order in which they are written, and read: what comes later wins. @type {readonly Field[]} */
export const FIELDS = [
  { name: "a", from: ["a"], write: ({ a }) => a, read: (a) => ({ a }) },
  { name: "b", from: ["b"], write: ({ b }) => b, read: (b) => ({ b }) },
  { name: "c", from: ["c"], write: ({ c }) => present(c), read: (c) => ({ c }) },
  { name: "d", from: ["d"], write: ({ d }) => present(d), read: (d) => ({ d }) },
  choice("view", ({ views }) => views),
  {
    name: "cells",
    from: ["cells"],
    write: ({ cells }) => cells,
    read: (cells) => (cells ? { cells, ...ALONE } : {}),
  },
  {
    name: "cellsb",
    from: ["cellsB"],
    write: ({ cellsB }) => cellsB || undefined,
    read: (cellsB) => ({ cellsB }),
  },
  choice("order", () => ORDERS),
  {
    name: "by",
    from: ["by"],
    write: ({ by }) => (by === 0 ? undefined : String(by)),
    read: (value) => (/^\d{1,2}$/.test(value) ? { by: Number(value) } : {}),
  },
  {
    name: "pins",
    from: ["pins"],
    write: ({ pins }) => pins || undefined,
    read: (value) => (/^[\d,]{0,200}\/[\d,]{0,200}$/.test(value) ? { pins: value } : {}),
  },
  {
    name: "pick",
    from: ["pick"],
    write: ({ pick }) => (pick === 0 ? undefined : String(pick)),
    read: (value) => (/^\d{1,5}$/.test(value) ? { pick: Number(value) } : {}),
  },
  {
    name: "pickb",
    from: ["pickB"],
    write: ({ pickB }) => (pickB === null ? undefined : String(pickB)),
    read: (value) => (/^\d{1,5}$/.test(value) ? { pickB: Number(value) } : {}),
  },
  {
    name: "feature",
    from: ["feature"],
    write: ({ feature }) => feature || undefined,
    read: (value) => (/^[a-z-]{1,40}$/.test(value) ? { feature: value } : {}),
  },
  {
    name: "at",
    from: ["point", "pinned"],
    write: ({ point, pinned }) =>
      pinned && point
        ? [point.position, point.panel, point.memory, Math.max(0, point.rank), point.cell].join(".")
        : undefined,
    read(value) {
      const numbers = value.split(".").map(Number);
      const [position = 0, panel = 0, memory = 0, rank = 0, cell = 0] = numbers;
      if (numbers.length !== 5 || !numbers.every((n) => Number.isInteger(n) && n >= 0)) return {};
      return { point: { position, panel, memory, rank, cell }, pinned: true };
    },
  },
  {
    name: "ask",
    from: ["ask"],
    write: ({ ask }) => ask || undefined,
    read: (ask) => (isQuestion(ask) ? { ask } : {}),
  },
  {
    name: "found",
    from: ["found", "view"],
    write: ({ found, view }) =>
      view === "find" && found.some((each) => each)
        ? found.map((each) => (each ? `${each.memory}.${each.cell}` : "")).join("-")
        : undefined,
    read(value) {
      if (!/^(\d{1,3}\.\d{1,5})?(-(\d{1,3}\.\d{1,5})?){0,3}$/.test(value)) return {};
      return {
        found: value.split("-").map((each) => {
          const [memory = 0, cell = 0] = each.split(".").map(Number);
          return each === "" ? null : { memory, cell };
        }),
      };
    },
  },
  {
    name: "span",
    from: ["span"],
    write: ({ span }) => (span ? `${span.from}.${span.to}` : undefined),
    read(value) {
      const [, from, to] = /^(\d{1,6})\.(\d{1,6})$/.exec(value) ?? [];
      return Number(from) < Number(to) ? { span: { from: Number(from), to: Number(to) } } : {};
    },
  },
  choice("palette", () => Object.keys(PALETTES)),
  choice("scale", () => ["fixed", "cell"]),
  {
    name: "change",
    from: ["change"],
    write: ({ change }) =>
      change ? [change.at, change.delete, change.insert].join(".") : undefined,
    read(value) {
      const [, at = "", gone = "", insert = ""] =
        /^(\d{1,6})\.(\d{1,6})\.(.*)$/su.exec(value) ?? [];
      return at === "" ? {} : { change: { at: Number(at), delete: Number(gone), insert } };
    },
  },
  {
    name: "why",
    from: ["why"],
    write: ({ why }) => (why === "surprise.gradient" ? undefined : why),
    read: (why) => ({ why }),
  },
  {
    name: "if",
    from: ["interventions"],
    write: (state) =>
      state.interventions.length > 0 ? written(state.interventions, state) : undefined,
    read: (form) => ({ interventions: parsed(form) }),
  },
  {
    name: "beside",
    from: ["beside"],
    write: (state) =>
      state.beside === "" ? undefined : PLACES.find((place) => state[place] === state.beside),
    read: (place) => (PLACES.some((known) => known === place) ? { beside: place } : {}),
  },
  {
    name: "difference",
    from: ["difference"],
    write: ({ difference }) => (difference ? "1" : undefined),
    read: (value) => ({ difference: value === "1" }),
  },
  {
    ...choice("scope", () => ["mean", "cell"]),
    write: ({ scope }) => (scope === "cell" ? scope : undefined),
  },
  {
    name: "projector",
    from: ["projector"],
    write: ({ projector }) => (projector ? "1" : undefined),
    read: (value) => ({ projector: value === "1" }),
  },
  {
    name: "tour",
    from: ["tour"],
    write: ({ tour }) => (tour > 0 ? String(tour) : undefined),
    read: (value) => (/^\d$/.test(value) ? { tour: Number(value) } : {}),
  },
  {
    name: "sample",
    from: ["text"],
    write: ({ text }) => sampleWith(text)?.name,
    read: (name) => {
      const sample = sampleOf(name);
      return sample ? { text: sample.text } : {};
    },
  },
  {
    name: "start",
    from: ["start"],
    write: ({ start }) => start || undefined,
    read: (start) => (sampleOf(start) ? { start } : {}),
  },
  {
    name: "poem",
    from: ["poem"],
    write: ({ poem }) => (poem ? "1" : undefined),
    read: (value) => ({ poem: value === "1" }),
  },
  {
    name: "text",
    from: ["text"],
    write: ({ text }) => (sampleWith(text) || text.length > LONGEST_TEXT ? undefined : text),
    read: (text) => ({ text }),
  },
  // Packed and unpacked in the address bar: that takes a while.
  { name: "packed", from: ["text"], write: () => undefined, read: () => ({}) },
];
