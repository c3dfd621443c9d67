import assert from "node:assert/strict";
import { test } from "node:test";
import { FEATURES, stretches } from "../../../static/atlas/features.js";
import { sentence } from "../../../static/atlas/sentence.js";

const COLOURS = ["red", "blue"];
const QUOTES = {
  feature: "quotes",
  label: "inside quotation marks",
  cell: 9,
  sign: 1,
  inside: 0.8,
  outside: -0.2,
};
/** A cell that is on where the feature is. */
const perfect = (text, { feature, sign }) =>
  Int8Array.from(FEATURES[feature].mark([...text]), (on) => sign * (on ? 100 : -60));
const told = (text, named, rows = [perfect(text, named)]) =>
  sentence(
    named,
    "A",
    [...text],
    rows.map((row, k) => ({ name: ["inner", "outer"][k], row })),
    COLOURS,
  );

test("a quotation cell is told by its longest quotation, counted in characters", () => {
  const text = 'He said: "no, never". She: "yes".';
  const [long] = stretches(FEATURES.quotes.mark([...text]));
  assert.equal(text.slice(...long), '"no, never');
  assert.deepEqual(told(text, QUOTES), {
    words:
      "A’s inner cell 9 turns blue at an opening quotation mark and stays blue until the closing one, 10 characters later.",
    more: "It does so in both quotations here.",
  });
});

test("a quotation that is still open, one that the cell misses, and none", () => {
  const open = 'and "all the 👨‍👩‍👧 rest';
  const length = [...open].length - 4;
  assert.match(
    told(open, QUOTES).words,
    new RegExp(`${length} characters ago and is still blue\\.$`),
  );
  assert.match(told('so "', QUOTES).words, / 1 character ago and is still blue\.$/);
  const missed = perfect('"abcdefgh" "ij" ', QUOTES).fill(-60, 0, 9);
  assert.match(told('"abcdefgh" "ij" ', QUOTES, [missed]).words, /later\.$/);
  assert.match(told('"abcdefgh" "ij" ', QUOTES, [missed]).more, /in 1 of the 2 quotations/);
  const never = new Int8Array(20).fill(-60);
  assert.match(told('"abcdefgh" and more.', QUOTES, [never]).words, /in this one it does not/);
  assert.match(told("no marks", QUOTES).words, /^Type a quotation mark: A’s inner cell 9 is blue/);
  assert.match(told("", QUOTES).words, /^Type a quotation mark/);
});

test("what the outer memory shows less of is said", () => {
  const text = '"abcdefghi" end';
  const outer = perfect(text, QUOTES).fill(-60, 0, 5);
  const { words } = told(text, QUOTES, [perfect(text, QUOTES), outer]);
  assert.match(words, /10 characters later; the outer memory stays so for only 50 % of it\.$/);
});

test("a cell of single characters is told by shares; where it keeps its sign, by how deep it is", () => {
  const space = { feature: "space", label: "space", cell: 3, sign: -1, inside: -0.9, outside: 0.3 };
  const text = "a b c d";
  const row = perfect(text, space);
  row[5] = 70;
  row[0] = -70;
  assert.equal(
    told(text, space, [row]).words,
    "A’s inner cell 3 is red at 67 % of the spaces here, and at 25 % of all others.",
  );
  const capital = { ...space, feature: "capital", label: "capital letter", outside: -0.1 };
  const shades = Int8Array.from("abC", (_, k) => (k === 2 ? -110 : -30));
  assert.match(
    told("abC", capital, [shades]).words,
    /is deep red at 100 % .* at 0 % of all others/,
  );
  assert.match(told("abc", capital).words, /^Type a capital letter: .* is deep red at a capital/);
  assert.deepEqual(told("abc", { ...space, feature: "unheard-of" }, []), { words: "", more: "" });
});
