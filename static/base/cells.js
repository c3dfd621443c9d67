// Lists of cells as people write them: "0-6, 41".

/**
 * The numbers of a list such as "0-6, 41", in the order written, each once.
 * @param {string} written
 * @param {number} most numbers go up to most - 1
 * @returns {{ cells: number[], error: string | null }}
 */
export function parseCells(written, most) {
  /** @type {Set<number>} */
  const cells = new Set();
  for (const part of written
    .replace(/[-–,;\s]+$/, "")
    .replace(/\s*[-–]\s*/g, "-")
    .split(/[,;\s]+/)) {
    if (part === "") continue;
    const match = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (!match)
      return {
        cells: [],
        error: `“${part}” is not a cell number: use numbers and ranges, e.g. 0-6, 41`,
      };
    const first = Number(match[1]);
    const last = match[2] === undefined ? first : Number(match[2]);
    if (Math.max(first, last) >= most)
      return {
        cells: [],
        error: `There is no cell ${Math.max(first, last)}: cells are numbered 0 to ${most - 1}`,
      };
    const step = last < first ? -1 : 1;
    for (let cell = first; cell !== last + step; cell += step) cells.add(cell);
  }
  if (cells.size === 0) return { cells: [], error: "Enter at least one cell number, e.g. 0-6, 41" };
  return { cells: [...cells], error: null };
}

/**
 * A cell as people write it.
 * @param {string} written
 * @param {number} most numbers go up to most - 1
 * @returns {{ cell: number | null, error: string | null }}
 */
export function parseCell(written, most) {
  const cell = /^\s*\d+\s*$/.test(written) ? Number(written) : Number.NaN;
  if (cell < most) return { cell, error: null };
  const what = written.trim() === "" ? "Enter a cell number" : `There is no cell ${written.trim()}`;
  return { cell: null, error: `${what}: cells are numbered 0 to ${most - 1}` };
}

/**
 * The shortest way to write a list.
 * @param {readonly number[]} cells
 */
export function formatCells(cells) {
  const parts = [];
  for (let k = 0; k < cells.length; ) {
    let end = k;
    while (end + 1 < cells.length && cells[end + 1] === (cells[end] ?? 0) + 1) end += 1;
    parts.push(end > k ? `${cells[k]}-${cells[end]}` : `${cells[k]}`);
    k = end + 1;
  }
  return parts.join(", ");
}
