// The float32 values of what is shown, beyond the bytes of the live channel.

import { under } from "./requests.js";
import { trace } from "./trace.js";

/** @typedef {import("../base/memories.js").Card} Card */
/** @typedef {{ memories: import("../base/memories.js").Memory[], cells: readonly number[], made?: readonly object[] }} Shown */

/**
 * The exact float32 values shown, by model: (T, memories, cells).
 * @param {Card[]} cards
 * @param {readonly Shown[]} shown
 * @param {string} text
 */
export async function exactValues(cards, shown, text) {
  return Promise.all(
    cards.map(async (card, panel) => {
      const { memories = [], cells = [], made } = shown[panel] ?? {};
      const common = { model: card.name, text, cells: [...cells], ...under(made) };
      const display = await trace({ ...common, signal: "display" });
      const hidden = memories.some(({ state }) => state === "h")
        ? await trace({ ...common, signal: "hidden" })
        : null;
      const length = display.shape[0] ?? 0;
      const values = new Float32Array(length * memories.length * cells.length);
      for (let t = 0; t < length; t += 1)
        for (const [m, { layer, level }] of memories.entries())
          for (let k = 0; k < cells.length; k += 1) {
            const row =
              level === null
                ? t * card.layers + layer
                : (t * card.layers + layer) * card.depth + level;
            const from = level === null ? hidden : display;
            values[(t * memories.length + m) * cells.length + k] =
              from?.values[row * cells.length + k] ?? 0;
          }
      return { values, shape: [length, memories.length, cells.length] };
    }),
  );
}
