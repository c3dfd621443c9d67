// Work for the next frame, each kind once.

/** @type {Map<string, () => void>} */
const waiting = new Map();

/** @param {string} name @param {() => void} work */
export function later(name, work) {
  if (waiting.size === 0)
    requestAnimationFrame(() => {
      const works = [...waiting.values()];
      waiting.clear();
      for (const each of works) each();
    });
  waiting.set(name, work);
}
