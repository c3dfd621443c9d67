// How long one cell still shows that another text went before, on a text of the visitor's own: the context
// swap of analysis/timescales, by hand. A part of the text is read after its own past, and after that of a
// part far away; what is compared is the cell's display value. Pure.

/** @typedef {{ from: number, to: number, past: number, donor: number }} Passage read from `from` to `to` after the `past` characters before `donor` */

/** Shorter texts have too few parts that are far apart. */
export const SHORTEST_TEXT = 1000;
/** Passages of a text. */
const PASSAGES = 16;
/** Characters of a passage, and of the past that is put before it, at most. */
const MOST = 400;
const RESAMPLES = 400;

/**
 * Passages evenly over a text, each with a donor half a text away.
 * @param {number} length of the text
 * @returns {Passage[]} none where the text is too short
 */
export function passagesOf(length) {
  if (length < SHORTEST_TEXT) return [];
  const past = Math.min(MOST, Math.floor(length / 5));
  const shared = Math.min(MOST, Math.floor(length / 5));
  const room = length - shared - past; // where a passage may begin, from `past` on
  return Array.from({ length: PASSAGES }, (_, k) => {
    const from = past + Math.round((room * k) / (PASSAGES - 1));
    const donor = past + ((from - past + Math.round(room / 2)) % (room + 1));
    return { from, to: from + shared, past, donor };
  });
}

/** What is read in place of a passage in its own past. @param {readonly string[]} characters @param {Passage} passage */
export const swapped = (characters, { from, to, past, donor }) =>
  [...characters.slice(donor - past, donor), ...characters.slice(from, to)].join("");

/**
 * How far two readings are apart, at the last character before the shared ones and at each of them.
 * @param {ArrayLike<number>} own values along the whole text
 * @param {ArrayLike<number>} other values along the swapped one
 * @param {Passage} passage
 * @param {number} stride memories
 * @param {number} memory
 * @returns {Float64Array}
 */
export function distances(own, other, { from, to, past }, stride, memory) {
  return Float64Array.from({ length: to - from + 1 }, (_, k) =>
    Math.abs(
      (own[(from - 1 + k) * stride + memory] ?? 0) - (other[(past - 1 + k) * stride + memory] ?? 0),
    ),
  );
}

/**
 * The share that is left after 0, 1, 2 ... characters: of the mean over passages.
 * @param {readonly Float64Array[]} passages
 * @returns {Float64Array | null} null where nothing differed to begin with
 */
export function pooled(passages) {
  const sums = new Float64Array(passages[0]?.length ?? 0);
  for (const passage of passages)
    for (let k = 0; k < sums.length; k += 1) sums[k] = (sums[k] ?? 0) + (passage[k] ?? 0);
  const first = sums[0] ?? 0;
  return first > 0 ? sums.map((sum) => sum / first) : null;
}

/**
 * The interval of what follows from some passages: 5 to 95 % over passages drawn anew.
 * @param {readonly Float64Array[]} passages
 * @param {(curve: Float64Array) => number | null} follows null: beyond the end
 * @param {() => number} chance 0 .. 1
 * @returns {[number | null, number | null]}
 */
export function interval(passages, follows, chance) {
  const found = Array.from({ length: RESAMPLES }, () => {
    const drawn = passages.map(() => passages[Math.floor(chance() * passages.length)]);
    const curve = pooled(/** @type {Float64Array[]} */ (drawn));
    return (curve && follows(curve)) ?? Number.POSITIVE_INFINITY;
  }).sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => {
    const value = found[Math.round(share * (RESAMPLES - 1))] ?? Number.POSITIVE_INFINITY;
    return Number.isFinite(value) ? value : null;
  };
  return [at(0.05), at(0.95)];
}

/**
 * How often one memory lasts longer than another, over passages drawn anew for both.
 * @param {readonly Float64Array[]} one
 * @param {readonly Float64Array[]} other
 * @param {(curve: Float64Array) => number | null} follows
 * @param {() => number} chance
 */
export function outlasts(one, other, follows, chance) {
  let longer = 0;
  for (let n = 0; n < RESAMPLES; n += 1) {
    const drawn = one.map(() => Math.floor(chance() * one.length));
    const [a, b] = [one, other].map((passages) => {
      const curve = pooled(drawn.map((k) => /** @type {Float64Array} */ (passages[k])));
      return (curve && follows(curve)) ?? Number.POSITIVE_INFINITY;
    });
    if ((a ?? 0) > (b ?? 0)) longer += 1;
  }
  return longer / RESAMPLES;
}
