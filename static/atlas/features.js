// Which characters of a text have a feature, as analysis/selectivity/features says: true right after reading
// them. So an opening quotation mark is inside the quotation, and the closing one is not. Pure.

/** @typedef {readonly string[]} Characters code points */
/** @typedef {(characters: Characters) => Uint8Array} Mark 1 where the feature is */

/** @param {(character: string) => boolean} holds @returns {Mark} */
const where = (holds) => (characters) => Uint8Array.from(characters, (c) => Number(holds(c)));

const OPENS_BEFORE = /[\s([{—–-]/u;
const OPENING = /** @type {Record<string, string>} */ ({ ")": "(", "]": "[", "}": "{" });

/** Whether a blank line begins here: it ends a quotation whose mark is missing. @param {Characters} text @param {number} at */
function isBlankLine(text, at) {
  if (text[at] !== "\n") return false;
  let k = at + 1;
  while (text[k] === " " || text[k] === "\t") k += 1;
  return text[k] === "\n";
}

/** @type {Mark} */
function quotes(text) {
  const marks = new Uint8Array(text.length);
  let open = false;
  for (const [k, c] of text.entries()) {
    const before = text[k - 1];
    const behind = text[k + 1];
    // At the end of the text nobody knows what comes: outside of a quotation it opens one.
    const goes = behind === undefined ? !open : behind.trim() !== "";
    const plain = (before === undefined || OPENS_BEFORE.test(before)) && goes;
    if (c === "“" || c === "«" || (c === '"' && plain)) open = true;
    else if (c === '"' || c === "”" || c === "»" || isBlankLine(text, k)) open = false;
    marks[k] = Number(open);
  }
  return marks;
}

/** A bracket without a partner does not count. @type {Mark} */
function brackets(text) {
  const marks = new Uint8Array(text.length);
  /** @type {{ bracket: string, at: number }[]} */
  const open = [];
  for (const [k, c] of text.entries()) {
    if (c === "(" || c === "[" || c === "{") open.push({ bracket: c, at: k });
    const partner = OPENING[c];
    if (!partner || !open.some(({ bracket }) => bracket === partner)) continue;
    for (let last = open.pop(); last; last = open.pop()) {
      if (last.bracket !== partner) continue;
      marks.fill(1, last.at, k);
      break;
    }
  }
  return marks;
}

const LETTER = /[\p{L}\p{N}_]/u;

/** Letters and digits, with the apostrophes and hyphens between them. @type {Mark} */
function word(text) {
  const marks = where((c) => LETTER.test(c))(text);
  for (const [k, c] of text.entries())
    if (/['’-]/u.test(c) && marks[k - 1] && LETTER.test(text[k + 1] ?? "")) marks[k] = 1;
  return marks;
}

/** @type {Mark} */
const wordStart = (text) => word(text).map((on, k, all) => (on && !all[k - 1] ? 1 : 0));

const VOWEL = /^[aeiou]/iu;

/** From < to before > where no white space stands between. @type {Mark} */
function tag(text) {
  const marks = new Uint8Array(text.length);
  let start = -1;
  for (const [k, c] of text.entries()) {
    if (c === "<") start = k;
    else if (/\s/u.test(c)) start = -1;
    else if (c === ">" && start >= 0) {
      if (k - start > 1 && k - start < 62) marks.fill(1, start, k);
      start = -1;
    }
  }
  return marks;
}

/** From the * of an opening mark to before the / of the closing one, or to the end. @type {Mark} */
function comment(text) {
  const marks = new Uint8Array(text.length);
  let start = -1;
  for (const [k, c] of text.entries()) {
    if (start < 0 && c === "*" && text[k - 1] === "/") start = k;
    else if (start >= 0 && c === "/" && text[k - 1] === "*" && k - start > 1) {
      marks.fill(1, start, k);
      start = -1;
    }
  }
  if (start >= 0) marks.fill(1, start);
  return marks;
}

/**
 * @typedef {object} Feature
 * @property {Mark} mark
 * @property {string} many its characters, or its spans, in words
 * @property {string} one what to type to see it
 * @property {readonly [string, string]} [ends] of a span: what opens and what closes it
 */

/** By the names that an atlas has for them. @type {Readonly<Record<string, Feature>>} */
export const FEATURES = {
  quotes: {
    mark: quotes,
    many: "quotations",
    one: "a quotation mark",
    ends: ["an opening quotation mark", "the closing one"],
  },
  brackets: {
    mark: brackets,
    many: "brackets",
    one: "a text in brackets",
    ends: ["an opening bracket", "the closing one"],
  },
  tag: { mark: tag, many: "tags", one: "<unk>", ends: ["a <", "its >"] },
  comment: {
    mark: comment,
    many: "comments",
    one: "a comment, between /* and */",
    ends: ["a /*", "its */"],
  },
  word: { mark: word, many: "letters of words", one: "a word" },
  "word-start": { mark: wordStart, many: "first letters of words", one: "a word" },
  newline: { mark: where((c) => c === "\n"), many: "newlines", one: "a newline" },
  "after-newline": {
    mark: (text) => Uint8Array.from(text, (_, k) => Number(text[k - 1] === "\n")),
    many: "first characters of lines",
    one: "a second line",
  },
  capital: {
    mark: where((c) => /[\p{Lu}\p{Lt}]/u.test(c)),
    many: "capital letters",
    one: "a capital letter",
  },
  digit: { mark: where((c) => /\p{Nd}/u.test(c)), many: "digits", one: "a digit" },
  space: { mark: where((c) => c === " "), many: "spaces", one: "a space" },
  vowel: { mark: where((c) => VOWEL.test(c.normalize("NFD"))), many: "vowels", one: "a vowel" },
  punctuation: {
    mark: where((c) => /\p{P}/u.test(c)),
    many: "punctuation marks",
    one: "a full stop",
  },
};

/**
 * The maximal stretches of a mark, in the order of the text.
 * @param {Uint8Array} marks
 * @returns {[number, number][]} from .. to, the latter exclusive
 */
export function stretches(marks) {
  /** @type {[number, number][]} */
  const found = [];
  let start = -1;
  for (let k = 0; k <= marks.length; k += 1) {
    if (marks[k] && start < 0) start = k;
    else if (!marks[k] && start >= 0) {
      found.push([start, k]);
      start = -1;
    }
  }
  return found;
}
