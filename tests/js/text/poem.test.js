import assert from "node:assert/strict";
import { test } from "node:test";
import { SAMPLES } from "../../../static/state/samples.js";
import {
  BEFORE,
  changesInWords,
  changesOf,
  isChinese,
  isQuatrain,
  missing,
  placeInPoem,
  poemOf,
  readText,
} from "../../../static/text/poem.js";
import { simplified } from "../../../static/text/simplified.js";
import { randomText } from "../random.js";

// Li Shen, "Pity the farmers", as it is printed.
const PRINTED = "鋤禾日當午，\n汗滴禾下土。\n誰知盤中餐，\n粒粒皆辛苦。";
const quatrain = SAMPLES.find(({ name }) => name === "quatrain").text;

test("a poem as it is printed is read as the sample is", () => {
  assert.equal(poemOf(PRINTED), quatrain);
  assert.equal(poemOf(quatrain), quatrain);
  assert.equal(readText({ text: PRINTED, poem: false }), PRINTED);
  assert.equal(readText({ text: PRINTED, poem: true }), quatrain);
});

test("a text that is not Chinese is read as it is", () => {
  for (const text of ["", "He said, “no”.", "日本語のテキストですよ、これは。", "1, 2", "，。"]) {
    assert.equal(poemOf(text), text);
    assert.equal(placeInPoem(text, 3), 3);
    assert.equal(changesInWords(changesOf(text), "to"), "");
  }
  assert.ok(isChinese("唐诗 poem 鋤禾日當午"));
});

test("a poem of a poem is the same poem, of whatever it is made", () => {
  for (let k = 0; k < 300; k += 1) {
    const text = `${randomText(12)}鋤，禾\n${randomText(12)}`;
    const poem = poemOf(text);
    assert.equal(poemOf(poem), poem);
  }
});

test("every place of the text lies before the character that it has in the poem", () => {
  const points = [...PRINTED];
  const poem = [...poemOf(PRINTED)];
  for (const [k, character] of points.entries())
    if (/\p{Script=Han}/u.test(character))
      assert.equal(poem[placeInPoem(PRINTED, k)], simplified(character));
  assert.equal(placeInPoem(PRINTED, points.length), poem.length);
});

test("what is changed is said", () => {
  assert.equal(
    changesInWords(changesOf(PRINTED), "s"),
    "leaves out 4 marks and 3 line breaks, reads 鋤 as 锄 and 3 others",
  );
  assert.equal(changesInWords(changesOf("鋤禾"), "to"), "read 鋤 as 锄");
  assert.equal(changesInWords(changesOf("锄禾。"), "to"), "leave out 1 mark");
  assert.equal(changesInWords(changesOf(quatrain), "to"), "");
});

test("a quatrain is told from other texts, and what it lacks is counted", () => {
  assert.ok(isQuatrain(quatrain));
  assert.ok(!isQuatrain(PRINTED));
  assert.ok(!isQuatrain(`${quatrain}苦`));
  assert.equal(missing(quatrain), 0);
  assert.equal(missing(quatrain.slice(0, 11)), 10);
  assert.equal(missing(BEFORE), 20);
  assert.equal(missing(`${quatrain}苦`), null);
  assert.equal(missing("He said"), null);
  assert.equal(missing(""), null);
});
