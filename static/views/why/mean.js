// How far back a model looks, as a mean over many places of a passage, asked one after another.

import { byDistance, meanByDistance } from "./origin.js";

/** @typedef {import("./origin.js").Said} Said */

/** Places of a passage that a mean is taken over. */
export const PLACES = 24;

/** Where they are: evenly, each in the middle of its share. @param {number} from @param {number} to */
export function placesOf(from, to) {
  const count = Math.max(0, Math.min(PLACES, to - from));
  return Array.from(
    { length: count },
    (_, k) => from + Math.floor(((k + 0.5) * (to - from)) / count),
  );
}

/** One mean at a time; it ends when it is stopped, and keeps what it has found. */
export class Mean {
  constructor() {
    /** @type {AbortController | null} */
    this.running = null;
  }

  stop() {
    this.running?.abort();
    this.running = null;
  }

  /**
   * @param {readonly number[]} places
   * @param {(position: number, signal: AbortSignal) => Promise<(Said | null)[]>} ask of every model
   * @param {(done: number, sizes: number[][]) => void} told after every place, the means of all models so far
   */
  async run(places, ask, told) {
    this.stop();
    const running = new AbortController();
    this.running = running;
    /** @type {number[][][]} by panel */
    const found = [];
    for (const [k, position] of places.entries()) {
      const answers = await ask(position, running.signal);
      if (running.signal.aborted) return;
      for (const [panel, answer] of answers.entries()) {
        found[panel] ??= [];
        if (answer) found[panel]?.push(byDistance(answer.values));
      }
      told(k + 1, found.map(meanByDistance));
    }
    if (this.running === running) this.running = null;
  }
}
