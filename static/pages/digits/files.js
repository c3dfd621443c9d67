// What two networks made of a drawing, as a table, a CSV file and a picture.

import { css, makePalette } from "../../base/colour.js";
import { signed } from "../../base/format.js";
import { download, toCsv } from "../exports.js";
import { decision, percent } from "./decision.js";
import { GLIMPSES } from "./glimpses.js";
import { cellOf, givenBy, memoriesOf, valuesOf } from "./network.js";

/** @typedef {ReturnType<typeof import("./panel.js").makePanel>} Panel */

/** Panels that have read. @param {readonly Panel[]} panels */
const read = (panels) =>
  panels.flatMap((panel, k) => {
    const shown = panel.shown();
    return shown ? [{ letter: "AB"[k] ?? "", steps: panel.steps(), ...shown }] : [];
  });

/**
 * A head and 20 rows: the probabilities, and one cell's values.
 * @param {readonly Panel[]} panels
 * @param {number} pick
 */
export function tableOf(panels, pick) {
  const all = read(panels);
  const head = all.flatMap(({ letter, card }) => [
    ...Array.from({ length: 10 }, (_, digit) => `${letter}: ${digit}`),
    `${letter}: given, bits`,
    ...memoriesOf(card).map(({ name }) => `${letter}: ${name} ${cellOf(card, pick)}`),
  ]);
  const rows = Array.from({ length: all.length > 0 ? GLIMPSES : 0 }, (_, t) => [
    String(t + 1),
    ...all.flatMap(({ card, answer, steps }) => [
      ...(steps[t] ?? []).map(percent),
      signed(givenBy(answer)[t] ?? 0, 2),
      ...memoriesOf(card).map((memory) =>
        signed(valuesOf(answer, memory)[t]?.[cellOf(card, pick)] ?? 0, 3),
      ),
    ]),
  ]);
  return [["glimpse", ...head], ...rows];
}

/** A head and every value, a row each. @param {readonly Panel[]} panels */
export function valuesIn(panels) {
  const rows = read(panels).flatMap(({ letter, card, answer, hold, steps }) => {
    /** @param {number} t @param {string} what @param {number | undefined} which @param {number} value */
    const row = (t, what, which, value) => [
      ...[letter, card.name, card.sha256, String(t + 1), what, String(which), String(value)],
      hold?.words ?? "",
    ];
    return [
      ...steps.flatMap((digits, t) => digits.map((p, digit) => row(t, "probability", digit, p))),
      ...givenBy(answer).map((bits, t) =>
        row(t, "given to the answer, bits", answer.occlusion?.digit, bits),
      ),
      ...memoriesOf(card).flatMap((memory) =>
        valuesOf(answer, memory).flatMap((cells, t) =>
          cells.map((value, cell) => row(t, `${memory.name} ${memory.symbol}`, cell, value)),
        ),
      ),
    ];
  });
  return [
    ["panel", "model", "sha256", "glimpse", "what", "digit or cell", "value", "held"],
    ...rows,
  ];
}

/** @param {readonly Panel[]} panels */
export const saveCsv = (panels) => download("digit.csv", toCsv(valuesIn(panels)), "text/csv");

const [LEFT, TOP, COLUMN, BETWEEN] = [24, 34, 18, 60];
const [BAR, CELL] = [14, 3];

/**
 * Probabilities and memories of both networks, for a paper.
 * @param {readonly Panel[]} panels
 * @param {{ palette: import("../../base/colour.js").PaletteName }} look
 */
export function saveSvg(panels, { palette: name }) {
  const palette = makePalette(name, "light");
  const wide = COLUMN * GLIMPSES;
  /** @type {string[]} */
  const marks = [];
  let bottom = 0;
  /** @param {number} x @param {number} y @param {string} words @param {string} [anchor] */
  const text = (x, y, words, anchor = "start") =>
    marks.push(
      `<text x="${x}" y="${y}" text-anchor="${anchor}">${words.replace(/[<&]/g, (c) => `&#${c.charCodeAt(0)};`)}</text>`,
    );
  /** @param {number} x @param {number} y @param {number} width @param {number} height @param {string} fill */
  const box = (x, y, width, height, fill) =>
    marks.push(`<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}"/>`);
  for (const [k, { letter, card, answer, hold, steps }] of read(panels).entries()) {
    const x = LEFT + k * (wide + BETWEEN);
    const { digit, certainty, since } = decision(steps);
    text(
      x,
      14,
      `${letter}  ${card.name}: ${digit}, ${percent(certainty)}; it leads from glimpse ${since + 1} on${hold ? `; ${hold.words}` : ""}`,
    );
    let y = TOP;
    for (let d = 0; d < 10; d += 1) {
      text(x - 6, y + (d + 1) * BAR - 3, String(d), "end");
      for (const [t, digits] of steps.entries()) {
        const p = digits[d] ?? 0;
        const high = Number((p * (BAR - 2)).toFixed(2));
        const leads = p === Math.max(...digits);
        box(
          x + t * COLUMN,
          y + (d + 1) * BAR - 1 - high,
          COLUMN - 1,
          high,
          leads ? "#17181b" : "#a3a6af",
        );
      }
    }
    y += 10 * BAR;
    for (const memory of memoriesOf(card)) {
      y += 20;
      text(x, y - 5, `${memory.name} ${memory.symbol}`);
      for (const [t, cells] of valuesOf(answer, memory).entries())
        for (const [cell, value] of cells.entries())
          box(
            x + t * COLUMN,
            y + cell * CELL,
            COLUMN,
            CELL,
            css(palette.steps[Math.round(127 * value) + 128] ?? [0, 0, 0]),
          );
      y += card.hidden * CELL;
    }
    bottom = Math.max(bottom, y);
  }
  const width = LEFT + 2 * wide + BETWEEN + 4;
  download(
    "digit.svg",
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 4}" width="${width}" height="${bottom + 4}" font-family="sans-serif" font-size="11" shape-rendering="crispEdges"><rect width="100%" height="100%" fill="#fff"/>${marks.join("")}</svg>`,
    "image/svg+xml",
  );
}
