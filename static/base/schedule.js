// Work for the next frame, each kind once. The only caller of requestAnimationFrame.

/** @type {Map<string, () => void>} */
const waiting = new Map();

/** Do it in the next frame; newer work of the same name replaces older. @param {string} name @param {() => void} work */
export function later(name, work) {
  if (waiting.size === 0) requestAnimationFrame(run);
  waiting.set(name, work);
}

/** Do it all at once: the page is printed before another frame comes. */
export const now = () => run();

function run() {
  const works = [...waiting.values()];
  waiting.clear();
  for (const work of works) {
    try {
      work();
    } catch (error) {
      reportError(error); // the rest of the frame is drawn all the same
    }
  }
}
