// The character looked at, lit in every block.

/**
 * @param {object} blocks
 * @param {HTMLElement} blocks.root
 * @param {readonly import("./block.js").Block[]} blocks.all
 * @param {import("./paint.js").Boxes} blocks.boxes
 * @param {number} blocks.line CSS pixels
 * @param {import("../view.js").Point | null} point
 */
export function light({ boxes, root, line, all }, point) {
  const position = point?.position ?? -1;
  for (const { element, panel, memory, rank } of all)
    element.classList.toggle(
      "here",
      panel === point?.panel && memory === point.memory && rank === point.rank,
    );
  const on = position >= 0 && position < boxes.count;
  root.classList.toggle("lit", on);
  if (!on) return;
  const left = boxes.left[position] ?? 0;
  root.style.setProperty("--x", `${left}px`);
  root.style.setProperty("--y", `${(boxes.row[position] ?? 0) * line}px`);
  root.style.setProperty("--w", `${Math.max(3, (boxes.right[position] ?? 0) - left)}px`);
}
