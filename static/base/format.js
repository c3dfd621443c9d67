// Numbers and characters in words.

/** A number with a true minus sign. @param {number} value @param {number} digits */
export function signed(value, digits) {
  const sign = value < 0 || Object.is(value, -0) ? "−" : "+";
  return sign + Math.abs(value).toFixed(digits);
}

/**
 * The shortest decimals that are this float32 and no other.
 * @param {number} value
 */
export function float32Text(value) {
  for (let digits = 1; digits < 10; digits += 1) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === Math.fround(value)) {
      const plain = text.includes("e") ? text.replace("e-", "e−") : text;
      return (value < 0 ? "−" : "+") + plain.replace("-", "");
    }
  }
  return String(value);
}

/** Three significant digits, for the blocks and the dock. @param {number} value */
export function shortText(value) {
  const size = Math.abs(value);
  const words = size > 0 && size < 0.001 ? size.toExponential(2) : size.toPrecision(3);
  return (signed(value, 0)[0] ?? "") + words.replace("e-", "e−");
}

const NAMES = /** @type {Record<string, string>} */ ({
  "\n": "newline",
  "\t": "tab",
  " ": "space",
  "\u00a0": "no-break space",
  "\u200d": "zero-width joiner",
  "\ufeff": "byte order mark",
  "\ufffd": "replacement character",
});
const GLYPHS = /** @type {Record<string, string>} */ ({
  "\n": "↵",
  "\t": "⇥",
  " ": "␣",
  "\u00a0": "⍽",
});

/** What stands for a character that cannot be seen. @param {string} character */
export const glyphOf = (character) =>
  GLYPHS[character] ??
  (/\p{M}/u.test(character)
    ? `◌${character}`
    : /\p{Z}/u.test(character)
      ? "␣"
      : /\p{C}/u.test(character)
        ? "·"
        : character);

/** @param {string} character */
export function nameOf(character) {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return [NAMES[character], `U+${code}`].filter(Boolean).join(", ");
}

/** @param {number} n */
export const counted = (n) => n.toLocaleString("en-US");

/** So many of a thing: "1 character", "2,000 characters". @param {number} n @param {string} one */
export const several = (n, one) => `${counted(n)} ${one}${n === 1 ? "" : "s"}`;

/** Every one of them: "both quotations", "all 3 quotations". @param {number} n @param {string} many */
export const every = (n, many) => (n === 2 ? `both ${many}` : `all ${counted(n)} ${many}`);

/** @param {number} share 0 .. 1 */
export const percent = (share) => `${Math.round(100 * share)} %`;

/** With a capital letter. @param {string} words */
export const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);

/** A number of characters: two digits, and no more than there is to say. @param {number} tau */
export const inCharacters = (tau) => (tau < 9.95 ? tau.toFixed(1) : String(Math.round(tau)));
