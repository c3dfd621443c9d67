import assert from "node:assert/strict";
import { test } from "node:test";
import { complaints, legibility, readers, tally } from "../../../static/text/legibility.js";

const card = (name, vocabulary, layers, depth, valid_bpc = 1.5) => ({
  ...{ name, layers, depth, scores: { valid_bpc } },
  vocabulary: [...vocabulary],
});
const small = "abcdefghijklmnopqrstuvwxyz ";
const large = `${small}ABCDEFGHIJKLMNOPQRSTUVWXYZ`;
const cards = [
  card("nested-small", small, 1, 2),
  card("stacked-small", small, 2, 1),
  card("nested-large", large, 1, 2),
  card("nested-large-2", large, 1, 2, 1.2),
  card("stacked-large", large, 2, 1),
  card("nested-poems", "学而时习之 ", 1, 2),
];
const shown = cards.slice(0, 2);
const named = (text, models = shown, first = undefined) =>
  readers(tally(text), models, cards, first).map(({ name }) => name);

test("every character is read as typed, as another, or not at all", () => {
  const { read, typed, others, example } = legibility(tally("Abc!dé"), [...small]);
  assert.deepEqual([read, typed, others, example], [5 / 6, 3 / 6, 2 / 6, ["A", "a"]]);
  // What is read by its plain form is counted apart (plain.js).
  assert.deepEqual(legibility(tally("æb"), [...small]), {
    ...{ read: 1, typed: 1 / 2, others: 0, example: null },
  });
  assert.deepEqual(legibility(tally(""), [...small]).read, 0);
});

test("a text is offered the model of the kind shown that reads most of it", () => {
  assert.deepEqual(named("HELLO"), ["nested-large-2", "stacked-large"]);
  assert.deepEqual(named("hello"), ["nested-small", "stacked-small"], "nothing is gained");
  assert.deepEqual(named("学而时习之"), ["nested-poems", "nested-poems"], "none other reads it");
  assert.deepEqual(named("HELLO", shown, ["nested-large"]), ["nested-large", "stacked-large"]);
  assert.deepEqual(named("☃☃☃"), ["nested-small", "stacked-small"], "nobody reads it");
});

test("what the models make of a text is said once for those that make the same of it", () => {
  assert.deepEqual(complaints(tally("hello"), shown, true), []);
  assert.deepEqual(complaints(tally("学而"), shown, false), [
    "Models A and B cannot read any of these characters.",
  ]);
  assert.deepEqual(complaints(tally("HELlo"), [cards[2], cards[1]], true), [
    "Model B reads 60 % as others, such as H as h.",
  ]);
  assert.deepEqual(
    complaints(tally("hell\u2001"), [{ ...cards[2], vocabulary: [..."hel\u2003"] }], true),
    ["Model A reads 20 % as others, such as ␣ as ␣."],
  );
  assert.deepEqual(complaints(tally("hell☃"), [cards[0]], false), [
    "Model A cannot read 20 % of these characters (underlined).",
  ]);
  // Where no other model helps, only what is lost is worth a word.
  assert.deepEqual(complaints(tally("HELLO"), shown, false), []);
  assert.deepEqual(complaints(tally(""), shown, true), []);
});
