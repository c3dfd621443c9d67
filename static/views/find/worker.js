// Ranks beside the page, so that typing goes on.

import { tell } from "./ranking.js";

/** @typedef {{ turn: number, panel: number, values: Int8Array, width: number, label: Uint8Array, from: number }} Job */

addEventListener("message", (/** @type {MessageEvent<Job>} */ { data }) => {
  const { turn, panel, values, width, label, from } = data;
  const told = tell(values, width, label, from, (share) => postMessage({ turn, panel, share }));
  postMessage({ turn, panel, told });
});
