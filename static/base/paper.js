// On paper all is light, and the pixels of a scaled canvas keep their edges: a printer would smooth them.

/**
 * @param {(printing: boolean) => void} recolour draw anew, in the theme in force; called before and after printing
 */
export function onPaper(recolour) {
  /** @type {(() => void)[]} */
  let undo = [];
  const { dataset } = document.documentElement;
  addEventListener("beforeprint", () => {
    const { theme } = dataset;
    // The style sheets for paper are not in force yet: a canvas would ask in vain for their colours.
    dataset.theme = "light";
    recolour(true);
    undo = [...document.querySelectorAll("canvas")].filter(isPixelated).map(enlarged);
    undo.push(() => {
      if (theme === undefined) delete dataset.theme;
      else dataset.theme = theme;
    });
  });
  addEventListener("afterprint", () => {
    for (const restore of undo) restore();
    undo = [];
    recolour(false);
  });
}

/** @param {HTMLCanvasElement} canvas */
const isPixelated = (canvas) =>
  canvas.width * canvas.height > 0 && getComputedStyle(canvas).imageRendering === "pixelated";

/** Pixels that a canvas has on paper, at most. */
const MOST = 2_000_000;

/** As large as it is shown, by whole factors; returns what takes that back. @param {HTMLCanvasElement} canvas */
function enlarged(canvas) {
  const { width, height, clientWidth, clientHeight } = canvas;
  const room = Math.floor(MOST / (width * height));
  const tall = Math.max(1, Math.min(Math.round(clientHeight / height), room));
  const wide = Math.max(1, Math.min(Math.round(clientWidth / width), Math.floor(room / tall)));
  const kept = document.createElement("canvas");
  draw(kept, canvas, width, height);
  draw(canvas, kept, width * wide, height * tall);
  return () => draw(canvas, kept, width, height);
}

/** @param {HTMLCanvasElement} onto @param {HTMLCanvasElement} from @param {number} width @param {number} height */
function draw(onto, from, width, height) {
  onto.width = width;
  onto.height = height;
  const context = onto.getContext("2d");
  if (!context) return;
  context.imageSmoothingEnabled = false;
  context.drawImage(from, 0, 0, width, height);
}
