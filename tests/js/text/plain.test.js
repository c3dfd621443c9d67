import assert from "node:assert/strict";
import { test } from "node:test";
import { plainIn, plainSentences, readingInWords } from "../../../static/text/plain.js";

const straight = [..." \"'-.Iabcdefghijklmnopqrstuvwxyz"];
const curly = [...straight, "“", "”"];
const TEXT = "😀“It’s late,” É…";

test("characters are read by their plain form only where nothing else is held", () => {
  assert.deepEqual(
    [...plainIn(TEXT, straight)],
    [
      [1, '"'],
      [4, "'"],
      [12, '"'],
      [15, "."],
    ],
  );
  assert.deepEqual([...plainIn(TEXT, curly).keys()], [4, 15]);
  assert.deepEqual([...plainIn("“a", straight)], [[0, '"']], "of a text, not of the one before");
  assert.equal(plainIn("“a", []).size, 0);
});

test("at a character it is said what the models make of it", () => {
  const [typed, unknown] = [false, true].map((is) => ({ unknown: is, plain: undefined }));
  const plain = (symbol) => ({ unknown: false, plain: symbol });
  assert.equal(readingInWords([typed, typed]), "");
  assert.equal(readingInWords([typed, unknown]), "not in the alphabet of B");
  assert.equal(readingInWords([plain('"'), plain('"')]), 'read as "');
  assert.equal(readingInWords([plain(" "), typed]), "read as ␣ by A");
  assert.equal(
    readingInWords([unknown, plain("a"), plain("A")]),
    "not in the alphabet of A · read as a by B · read as A by C",
  );
});

test("how many are read so is said once, and by model where they differ", () => {
  const said = (text, ...alphabets) =>
    plainSentences(
      new Map([...text].map((c) => [c, [...text].filter((d) => d === c).length])),
      alphabets.map((vocabulary) => ({ vocabulary })),
    );
  assert.deepEqual(said("late", straight, straight), []);
  assert.deepEqual(said("“late” “", straight, straight), [
    '3 characters (dotted) are read by their plain form, such as “ as ".',
  ]);
  assert.deepEqual(said("it’s", straight), [
    "1 character (dotted) is read by its plain form, ’ as '.",
  ]);
  assert.deepEqual(said("“it’s”", straight, curly), [
    'Model A reads 3 characters (dotted) by their plain form, such as “ as ".',
    "Model B reads 1 character (dotted) by its plain form, ’ as '.",
  ]);
  assert.deepEqual(said("“it”", straight, straight, curly), [
    'Models A and B read 2 characters (dotted) by their plain form, such as “ as ".',
  ]);
});
