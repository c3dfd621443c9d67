// What a model expected: probabilities, surprisal in bits, bits per character. Pure.

/**
 * A model's logits along a text; row t predicts character t + 1.
 * @typedef {object} Expectation
 * @property {Float32Array} logits (T, V)
 * @property {readonly string[]} vocabulary
 * @property {Map<string, number>} symbols
 */

/**
 * @param {Float32Array} logits
 * @param {readonly string[]} vocabulary
 * @returns {Expectation}
 */
export const expectation = (logits, vocabulary) => ({
  logits,
  vocabulary,
  symbols: new Map(vocabulary.map((symbol, k) => [symbol, k])),
});

/** The softmax of logits. @param {readonly number[]} logits @returns {number[]} */
export function probabilities(logits) {
  const most = Math.max(...logits);
  const weights = logits.map((logit) => Math.exp(logit - most));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * Log of the sum of exponentials of a row.
 * @param {Float32Array} logits
 * @param {number} start
 * @param {number} count
 */
function logSum(logits, start, count) {
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < count; k += 1) most = Math.max(most, logits[start + k] ?? 0);
  let sum = 0;
  for (let k = 0; k < count; k += 1) sum += Math.exp((logits[start + k] ?? 0) - most);
  return most + Math.log(sum);
}

/**
 * Bits of surprise at every character; NaN at the first and at those not in the vocabulary as typed.
 * @param {Expectation} expected
 * @param {readonly string[]} text code points
 */
export function surprisals({ logits, vocabulary, symbols }, text) {
  const bits = new Float64Array(text.length).fill(Number.NaN);
  const V = vocabulary.length;
  for (let t = 1; t < text.length && t * V <= logits.length; t += 1) {
    const symbol = symbols.get(text[t] ?? "");
    if (symbol === undefined) continue;
    const start = (t - 1) * V;
    bits[t] = (logSum(logits, start, V) - (logits[start + symbol] ?? 0)) / Math.LN2;
  }
  return bits;
}

/**
 * The most probable symbols after character t, and how probable they are.
 * @param {Expectation} expected
 * @param {number} t
 * @param {number} count
 */
export function likeliest({ logits, vocabulary }, t, count) {
  const V = vocabulary.length;
  if (t < 0 || (t + 1) * V > logits.length) return [];
  const total = logSum(logits, t * V, V);
  return vocabulary
    .map((symbol, k) => ({ symbol, p: Math.exp((logits[t * V + k] ?? 0) - total) }))
    .sort((a, b) => b.p - a.p)
    .slice(0, count);
}

/**
 * Mean surprisal of each model over the characters that all of them hold as typed, and their number.
 * @param {Float64Array[]} bits one row a model
 * @param {number} from the first character counted; the very first of all is never predicted
 */
export function bitsPerCharacter(bits, from = 0) {
  const sums = bits.map(() => 0);
  let count = 0;
  for (let t = Math.max(1, from); t < (bits[0]?.length ?? 0); t += 1) {
    if (bits.some((row) => Number.isNaN(row[t]))) continue;
    count += 1;
    for (const [k, row] of bits.entries()) sums[k] = (sums[k] ?? 0) + (row[t] ?? 0);
  }
  return { count, means: sums.map((sum) => sum / count) };
}

/** At least so many bits get the strongest colour; of a large alphabet, what a blind guess costs. */
const MOST_BITS = 8;

/** Bits that get the strongest colour. @param {number} symbols of the alphabet */
export const mostBits = (symbols) => Math.max(MOST_BITS, Math.log2(symbols));

/**
 * Surprisal as the byte its colour comes from; -128 where there is none.
 * @param {Float64Array} bits
 * @param {number} symbols of the alphabet
 */
export function surprisalBytes(bits, symbols) {
  const most = mostBits(symbols);
  return Int8Array.from(bits, (b) =>
    Number.isNaN(b) ? -128 : Math.min(127, Math.round((b * 127) / most)),
  );
}

/**
 * A symbol drawn at a temperature.
 * @param {readonly number[] | Float32Array} logits
 * @param {number} temperature 0 takes the likeliest
 * @param {number} u 0 .. 1, at random
 */
export function draw(logits, temperature, u) {
  let best = 0;
  for (let k = 1; k < logits.length; k += 1) if ((logits[k] ?? 0) > (logits[best] ?? 0)) best = k;
  if (temperature <= 0) return best;
  const most = logits[best] ?? 0;
  const weights = Array.from(logits, (l) => Math.exp((l - most) / temperature));
  let left = u * weights.reduce((a, b) => a + b, 0);
  for (const [k, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return k;
  }
  return best;
}

/** Numbers 0 .. 1 from a seed (mulberry32). @param {number} seed */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
}
