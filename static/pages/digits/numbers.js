// The table of numbers under the panels.

import { $ } from "../../base/dom.js";
import { tableOf } from "./files.js";

/** Filled while it is open. @param {Parameters<typeof tableOf>[0]} panels @param {number} pick */
export function showNumbers(panels, pick) {
  if (!(/** @type {HTMLDetailsElement} */ ($("numbers")).open)) return;
  const [head = [], ...rows] = tableOf(panels, pick);
  const cell = (/** @type {"th" | "td"} */ tag, /** @type {string} */ text) =>
    Object.assign(document.createElement(tag), { textContent: text });
  $("columns").replaceChildren(
    ...head.map((text) => Object.assign(cell("th", text), { scope: "col" })),
  );
  $("rows").replaceChildren(
    ...rows.map(([first = "", ...rest]) => {
      const row = document.createElement("tr");
      row.append(
        Object.assign(cell("th", first), { scope: "row" }),
        ...rest.map((text) => cell("td", text)),
      );
      return row;
    }),
  );
}
