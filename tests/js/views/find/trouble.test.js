import assert from "node:assert/strict";
import { test } from "node:test";
import { inRanking, trouble, unreadBy } from "../../../../static/views/find/trouble.js";

const asked = {
  ask: "quotes",
  inside: 3,
  length: 10,
  what: "inside quotation marks",
  problem: "",
  looked: true,
};

test("whatever there is nothing to rank for is said in a sentence", () => {
  for (const [known, words] of [
    [{ problem: "The regular expression is refused." }, /refused\.$/],
    [{ length: 0, inside: 0 }, /no text yet/],
    [{ ask: "" }, /^Select characters/],
    [{ ask: "", looked: false }, /^Looking at the text/],
    [{ what: "" }, /^Looking for it/],
    [{ inside: 0 }, /^No character of this text: inside quotation marks\./],
    [{ inside: 10 }, /^Every character of this text/],
    [{ ask: "selected", inside: 0, what: "the characters selected" }, /^No character/],
  ])
    assert.match(trouble({ ...asked, ...known }), words);
  assert.equal(trouble(asked), "");
});

test("ten thousand cells are counted, and chance is named where it is known", () => {
  assert.match(
    inRanking(40, 1960, 0.71, 10_000),
    /^40 of 2,000 characters\..*best of 10,000 cells reaches 0\.71/,
  );
  assert.match(inRanking(40, 1960, null, 10_000), /no difference\.$/);
});

test("a model that cannot read where a feature begins is named", () => {
  const characters = [...'x "so" and “no” "'];
  const label = Uint8Array.from([0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1]);
  const letters = [..."abcdefghijklmnopqrstuvwxyz "];
  const cards = [{ vocabulary: letters }, { vocabulary: [...letters, '"'] }];
  assert.match(unreadBy(cards, characters, label, 0), /: 100 % of them in A\.$/);
  assert.equal(unreadBy(cards.slice(1), characters, label, 0), "", "also by its plain form");
  const some = [{ vocabulary: [...letters, "“"] }];
  assert.match(unreadBy(some, characters, label, 0), /: 67 % of them in A/);
  assert.match(unreadBy(some, characters, label, 6), /: 50 % of them in A/);
  assert.equal(unreadBy(some, characters, new Uint8Array(17), 0), "");
});
