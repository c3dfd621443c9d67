// One network reading a drawing: what it would say after every glimpse, and what its memories hold.

import { makePalette } from "../../base/colour.js";
import { $, element, say } from "../../base/dom.js";
import { signed } from "../../base/format.js";
import { ROLE_COLOURS, roleOf } from "../../base/roles.js";
import { probabilities } from "../../base/surprisal.js";
import { inForce, remembered } from "../../base/theme.js";
import { decision, largest, percent } from "./decision.js";
import { GLIMPSES } from "./glimpses.js";
import { cellOf, givenBy, memoriesOf, valuesOf } from "./network.js";
import { paintBars, paintCurves, paintGiven, paintInk, paintValues } from "./paint.js";

/** @typedef {import("../../base/memories.js").Card} Card */
/** @typedef {import("../../base/colour.js").PaletteName} PaletteName */
/** @typedef {import("./network.js").Answer} Answer */
/** @typedef {{ words: string, untouched: Answer }} Hold what is held, and the answer without it */
/** @typedef {{ step: number, cell: number | null }} Place looked at: the glimpse, from 0, and a cell where one is pointed at */
/**
 * @typedef {object} Look
 * @property {number} step glimpses that are read, 1 .. 20
 * @property {Place | null} hover
 * @property {number} pick the cell drawn as a curve
 * @property {PaletteName} palette
 */

/**
 * @param {number} index 0 is A
 * @param {object} on
 * @param {(place: Place | null) => void} on.hover
 * @param {(place: Place) => void} on.choose
 */
export function makePanel(index, { hover, choose }) {
  const home = $(`panel-${index}`);
  /** @type {{ card: Card, answer: Answer, hold: Hold | null } | null} */
  let shown = null;
  /** @type {readonly number[][]} */
  let steps = [];
  /** Those without what is held. @type {readonly number[][]} */
  let untouched = [];
  const strip = element("div", "strip");
  const thumbnails = Array.from({ length: GLIMPSES }, () => element("canvas"));
  strip.append(...thumbnails);
  strip.setAttribute("aria-hidden", "true");
  const bars = element("canvas", "bars");
  const gave = element("canvas", "gave");
  const gaveValue = element("div", "values");
  const curves = element("canvas", "curves");
  const digits = Array.from({ length: 10 }, (_, digit) => element("span", "", String(digit)));
  const certainties = Array.from({ length: 10 }, () => element("span"));
  const legend = element("p", "soft keys");
  /** @type {{ canvas: HTMLCanvasElement, row: HTMLElement, value: HTMLElement, mark: HTMLElement }[]} */
  let maps = [];
  const maps_home = element("div", "maps");
  const curveValues = element("div", "values");
  const curveRow = band("curve", axis(), curves, curveValues);
  const quarters = ["upper left", "upper right", "lower left", "lower right"];
  home.append(
    element("div", "quarters soft", ...quarters.map((name) => element("span", "", name))),
    band("seen", "", strip, ""),
    band(
      "said",
      element("div", "digits", ...digits),
      bars,
      element("div", "values", ...certainties),
    ),
    element(
      "h3",
      "",
      "what each glimpse gave the answer ",
      element("span", "soft", "log2 of the odds, minus that without it"),
    ),
    band("given", "", gave, gaveValue),
    maps_home,
    curveRow,
    legend,
  );

  /** What is pointed at. @param {MouseEvent} event @param {HTMLElement} area */
  const placeOf = ({ clientX, clientY }, area) => {
    const box = area.getBoundingClientRect();
    const part = (clientX - box.left) / box.width;
    const step = Math.min(GLIMPSES - 1, Math.max(0, Math.floor(part * GLIMPSES)));
    const cells = Number(area.dataset.cells ?? 0);
    const cell =
      cells > 0
        ? Math.min(cells - 1, Math.max(0, Math.floor(((clientY - box.top) / box.height) * cells)))
        : null;
    return { step, cell };
  };
  home.addEventListener("pointermove", (event) => {
    const area = /** @type {HTMLElement} */ (event.target).closest(".area");
    hover(area ? placeOf(event, /** @type {HTMLElement} */ (area)) : null);
  });
  home.addEventListener("pointerleave", () => hover(null));
  home.addEventListener("click", (event) => {
    const area = /** @type {HTMLElement} */ (event.target).closest(".area");
    if (area) choose(placeOf(event, /** @type {HTMLElement} */ (area)));
  });

  /** @param {Card} card */
  function build(card) {
    maps = memoriesOf(card).map(() => {
      const canvas = element("canvas");
      canvas.dataset.cells = String(card.hidden);
      canvas.classList.add("map");
      const value = element("div", "values");
      const mark = element("div", "mark");
      const row = band(
        "memory",
        element(
          "div",
          "ends",
          element("span", "", "0"),
          element("span", "", String(card.hidden - 1)),
        ),
        canvas,
        value,
      );
      row.querySelector(".area")?.append(mark);
      const area = /** @type {HTMLElement} */ (row.querySelector(".area"));
      area.dataset.cells = String(card.hidden);
      return { canvas, row, value, mark };
    });
    maps_home.replaceChildren(
      ...memoriesOf(card).flatMap(({ name, symbol }, k) => [
        element("h3", "", name, " ", element("span", "soft", symbol)),
        /** @type {HTMLElement} */ (maps[k]?.row),
      ]),
    );
  }

  return {
    /** The network's answer is there; null: it reads. @param {Card} card @param {Answer | null} answer @param {Hold | null} hold */
    show(card, answer, hold) {
      if (shown?.card !== card) build(card);
      shown = answer && { card, answer, hold };
      steps = answer ? answer.logits.map(probabilities) : [];
      untouched = hold ? hold.untouched.logits.map(probabilities) : [];
      home.toggleAttribute("data-blank", !answer);
    },
    /** Everything painted anew. @param {Look} look */
    paint(look) {
      if (!shown) return;
      const { card, answer } = shown;
      const theme = inForce(remembered());
      const palette = makePalette(look.palette, theme);
      for (const [k, canvas] of thumbnails.entries())
        paintInk(canvas, answer.glimpses[k] ?? [], 7, palette.ink);
      paintBars(bars, steps);
      paintGiven(gave, givenBy(answer));
      for (const [k, memory] of memoriesOf(card).entries()) {
        const map = maps[k];
        if (map) paintValues(map.canvas, valuesOf(answer, memory), palette);
      }
      this.point(look);
    },
    /** What changes with the glimpse and the cell looked at. @param {Look} look */
    point({ step, hover: pointed, pick }) {
      if (!shown) return;
      const { card, answer } = shown;
      const theme = inForce(remembered());
      const at = pointed?.step ?? step - 1;
      const cell = cellOf(card, pointed?.cell ?? pick);
      for (const area of /** @type {NodeListOf<HTMLElement>} */ (home.querySelectorAll(".area"))) {
        const [column, cover] = /** @type {HTMLCollectionOf<HTMLElement>} */ (
          area.getElementsByClassName("over")
        );
        if (column) column.style.left = `${(100 * at) / GLIMPSES}%`;
        if (cover) cover.style.left = `${(100 * Math.max(step, at + 1)) / GLIMPSES}%`;
      }
      const here = steps[at] ?? [];
      const leader = largest(here);
      for (const [digit, certainty] of certainties.entries()) {
        say(certainty, percent(here[digit] ?? 0));
        certainty.classList.toggle("leads", digit === leader);
        digits[digit]?.classList.toggle("leads", digit === leader);
      }
      say(gaveValue, signed(givenBy(answer)[at] ?? 0, 1));
      const memories = memoriesOf(card);
      for (const [k, memory] of memories.entries()) {
        const map = maps[k];
        if (!map) continue;
        say(map.value, signed(valuesOf(answer, memory)[at]?.[cell] ?? 0, 2));
        map.mark.style.top = `${(100 * (cell + 0.5)) / card.hidden}%`;
        map.canvas.setAttribute("role", "img");
        map.canvas.setAttribute(
          "aria-label",
          `${memory.name}: ${card.hidden} cells along 20 glimpses; the values are in the table below`,
        );
      }
      const drawn = memories.map((memory) => ({
        memory,
        colour: ROLE_COLOURS[theme][roleOf(memory, card.memories)],
        values: valuesOf(answer, memory).map((cells) => cells[cell] ?? 0),
      }));
      paintCurves(curves, drawn);
      legend.replaceChildren(
        `Cell ${cell}: `,
        ...drawn.flatMap(({ memory, colour }) => {
          const dot = element("span", "dot");
          dot.style.background = colour;
          return [dot, `${memory.name} `];
        }),
      );
      const { digit, certainty, since } = decision(steps);
      say($(`digit-${index}`), String(at === GLIMPSES - 1 ? digit : leader));
      const now =
        at === GLIMPSES - 1
          ? `${percent(certainty)} sure after the last glimpse`
          : `${percent(here[leader] ?? 0)} sure after glimpse ${at + 1}`;
      say($(`sure-${index}`), now);
      say(
        $(`since-${index}`),
        since === 0
          ? `· ${digit} leads from the first glimpse on`
          : `· ${digit} leads from glimpse ${since + 1} on`,
      );
      const before = untouched[at] ?? [];
      const digitBefore = largest(before);
      say(
        $(`held-${index}`),
        shown.hold
          ? `${shown.hold.words}; untouched: ${digitBefore}, ${percent(before[digitBefore] ?? 0)}`
          : "",
      );
    },
    /** The digits' probabilities after every glimpse. */
    steps: () => steps,
    /** The same without what is held; none where nothing is. */
    untouched: () => untouched,
    shown: () => shown,
  };
}

/** A row of the panel: what stands left, an area of 20 columns, what stands right. @param {string} name @param {Node | string} left @param {HTMLElement} inside @param {Node | string} right */
function band(name, left, inside, right) {
  const area = element(
    "div",
    "area",
    inside,
    element("div", "over column"),
    element("div", "over cover"),
  );
  return element(
    "div",
    `band ${name}`,
    element("div", "left", left),
    area,
    element("div", "right", right),
  );
}

/** The ends of a curve's axis. */
const axis = () =>
  element(
    "div",
    "ends",
    element("span", "", "+1"),
    element("span", "", "0"),
    element("span", "", "−1"),
  );
