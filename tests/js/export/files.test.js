import assert from "node:assert/strict";
import { test } from "node:test";
import { css, makePalette, otherThan, surprisePixels } from "../../../static/base/colour.js";
import { sceneOf, toCsv, withText } from "../../../static/export/export.js";
import { crc32, npz } from "../../../static/export/npz.js";
import { sceneToSvg } from "../../../static/export/picture.js";
import { provenance, provenanceOf } from "../../../static/export/provenance.js";
import { figureScene } from "../../../static/export/scene.js";

test("the checksum is the zip format's own", () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
});

test("an archive holds its arrays where its directory says", () => {
  const values = Float32Array.of(1, 2, 3, 4, 5, 6);
  const bytes = npz({ a: { values, shape: [3, 2] }, text: "é😀" });
  const view = new DataView(bytes.buffer);
  const end = bytes.length - 22;
  assert.equal(view.getUint32(end, true), 0x06054b50);
  assert.equal(view.getUint16(end + 10, true), 2);
  let at = view.getUint32(end + 16, true);
  for (const [name, descr, shape, size] of [
    ["a.npy", "<f4", "(3, 2)", 24],
    ["text.npy", "<U2", "()", 8],
  ]) {
    assert.equal(view.getUint32(at, true), 0x02014b50);
    const length = view.getUint32(at + 20, true);
    const local = view.getUint32(at + 42, true);
    assert.equal(new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + name.length)), name);
    assert.equal(view.getUint32(local, true), 0x04034b50);
    const data = bytes.subarray(local + 30 + name.length, local + 30 + name.length + length);
    assert.equal(crc32(data), view.getUint32(local + 14, true));
    assert.equal((10 + data[8] + 256 * data[9]) % 64, 0, "numpy wants its data on 64 bytes");
    const head = new TextDecoder("latin1").decode(data.subarray(10, data.length - size));
    assert.match(
      head,
      new RegExp(`'descr': '${descr}'.*'shape': ${shape.replace(/[()]/g, "\\$&")}`),
    );
    at += 46 + name.length;
  }
});

const boxes = {
  count: 4,
  row: Uint16Array.of(0, 0, 0, 1),
  left: Float32Array.of(0, 5, 10, 0),
  right: Float32Array.of(5, 10, 15, 5),
  starts: [0, 3, 4],
};
const scene = (text, colours) =>
  figureScene({
    rows: [[{ title: "0", column: 0, colour: (t) => colours[t] }]],
    heads: ["A inner <c>"],
    text,
    boxes,
    width: 60,
    line: 19,
    ink: "#000",
    ground: "#fff",
  });

test("equal neighbours are one rectangle, a new line and a new colour another", () => {
  const { rectangles } = scene(["a", "b", "c", "d"], ["red", "red", "blue", "blue"]);
  assert.deepEqual(
    rectangles.map((r) => [r.w, r.fill]),
    [
      [10, "red"],
      [5, "blue"],
      [5, "blue"],
    ],
  );
  assert.equal(rectangles[2].y - rectangles[0].y, 19);
});

test("markup in the text is text in the file, and every character stands at its own place", () => {
  const svg = sceneToSvg(scene(["<", "&", '"', "\n"], [null, null, null, null]), "about <this>");
  assert.match(svg, /<desc>about &lt;this&gt;<\/desc>/);
  assert.match(svg, />&lt;&amp;&quot;<\/text>/);
  assert.match(svg, /x="22 27 32"/);
  assert.doesNotMatch(svg, /<c>/);
});

test("a letter with its marks, and what takes two units, has a place of its own", () => {
  const text = ["e", "\u0301", "x", "😀"];
  const one = { ...boxes, row: Uint16Array.of(0, 0, 0, 0), starts: [0, 4] };
  const row = [{ title: "0", column: 0, colour: () => null }];
  const parts = { rows: [row], heads: [], text, boxes: one, width: 60, line: 19 };
  const svg = sceneToSvg(figureScene({ ...parts, ink: "#000", ground: "#fff" }), "");
  const runs = [...svg.matchAll(/<tspan x="([^"]*)">([^<]*)</g)].map(([, x, words]) => [x, words]);
  assert.deepEqual(runs, [
    ["22", "e\u0301"],
    ["32", "x"],
    ["22", "😀"],
  ]);
});

test("under the warm-up stands a rule", () => {
  const row = [{ title: "0", column: 0, colour: () => null }];
  const parts = { rows: [row], heads: [], text: ["a", "b", "\n", "d"], boxes, width: 60, line: 19 };
  const { rectangles } = figureScene({ ...parts, border: 3, ink: "#000", ground: "#fff" });
  assert.deepEqual(rectangles, [{ x: 22, y: 36 + 20 + 19 - 1.5, w: 60, h: 2, fill: "#000" }]);
});

test("a file says its command so that a shell takes it, its text whole, and what was done", () => {
  const about = provenance(
    [{ name: "my 'own' net", sha256: "a" }],
    "\ufffe\u2028\n",
    ["--scale cell"],
    7,
  );
  assert.match(about, /--model 'my '\\''own'\\'' net' --text/);
  const written = /Text \(text\.txt\): (.*)/.exec(about)?.[1] ?? "";
  assert.match(written, /^[\x20-\x7e]*$/);
  assert.equal(JSON.parse(written), "\ufffe\u2028\n");
  assert.match(about, /each cell divided by its largest magnitude/);
  assert.match(about, /The first 7 characters are a warm-up/);
});

test("a file says what was changed, for a shell and for Python", () => {
  const cards = [
    { name: "net", sha256: "a" },
    { name: "net", sha256: "a" },
  ];
  const made = [[], [{ layer: 0, level: 1, cells: [3], set: 4 }]];
  const about = provenance(cards, "x", [], 0, made);
  assert.ok(
    about.includes(
      `--interventions '[]' --interventions '[{"layer":0,"level":1,"cells":[3],"set":4}]' --out`,
    ),
  );
  const [untouched, changed] = about.split("\n").filter((line) => line.startsWith("Model"));
  assert.doesNotMatch(untouched, /interventions/);
  assert.ok(
    changed.includes(`, interventions=[{'layer':0,'level':1,'cells':[3],'set':4}]).display`),
  );
  assert.doesNotMatch(provenance(cards, "x", [], 0, [[], []]), /interventions/);
});

test("colours are written as every reader of SVG takes them", () => {
  assert.equal(css([1, 2, 3]), "rgb(1,2,3)");
});

const memory = (name) => ({ name, layer: 0, level: 0, state: "c", symbol: "c" });
const card = { name: "m", sha256: "ab12" };

test("a table has one line a character, quoted where it must be, and says where it comes from", () => {
  const sheets = [{ memories: [memory("inner"), memory("outer")], cells: [3], order: [] }];
  const csv = toCsv([card], sheets, 'a"\n', [{ values: Float32Array.of(0.5, -1, 0.25, 0, 1, 2) }]);
  const [one, two, ...rest] = csv.split("\n").filter((line) => !line.startsWith("#"));
  assert.equal(one, "position,character,A m inner 3,A m outer 3");
  assert.equal(two, "0,a,0.5,-1");
  assert.equal(rest.join("\n"), '1,"""",0.25,0\n2,"\n",1,2\n');
  assert.match(csv, /# Model A: m, sha256 ab12\. Recompute: python /);
});

test("a table and its provenance hold all four models, by the letters of their places", () => {
  const cards = ["k", "l", "m", "n"].map((name, k) => ({ name, sha256: `${k}` }));
  const sheets = cards.map((_, k) => ({ memories: [memory("inner")], cells: [k], order: [] }));
  const values = cards.map((_, k) => ({ values: Float32Array.of(k, -k) }));
  const [head, ...rows] = toCsv(cards, sheets, "ab", values)
    .trim()
    .split("\n")
    .filter((line) => !line.startsWith("#"));
  assert.equal(head, "position,character,A k inner 0,B l inner 1,C m inner 2,D n inner 3");
  assert.deepEqual(rows, ["0,a,0,1,2,3", "1,b,0,-1,-2,-3"]);
  const about = provenance(cards, "ab");
  assert.match(about, /--model k --model l --model m --model n /);
  for (const [k, letter] of [..."ABCD"].entries())
    assert.ok(about.includes(`Model ${letter}: ${cards[k].name}, sha256 ${k}.`));
});

test("a picture keeps its bytes and gains one chunk with a right checksum", () => {
  const png = Uint8Array.from({ length: 50 }, (_, k) => k);
  const made = withText(png, "é");
  const view = new DataView(made.buffer);
  const length = view.getUint32(33);
  assert.equal(crc32(made.subarray(37, 41 + length)), view.getUint32(41 + length));
  assert.deepEqual([...made.subarray(0, 33), ...made.subarray(45 + length)], [...png]);
});

test("a figure names its models, says what its colours mean, and is as wide as a column of print", () => {
  const made = figureScene({
    rows: [
      [
        { title: "0", column: 0, colour: () => "rgb(9,9,9)" },
        { title: "0", column: 1, colour: () => null },
      ],
    ],
    heads: ["A inner", "A outer"],
    models: [{ name: "A  Nested LSTM nested-net · depth 2 · 256 cells", columns: 2 }],
    bars: [{ colours: ["rgb(1,0,0)", "rgb(2,0,0)"], words: ["−1", "+1"] }],
    ...{ text: ["a", "b", "c", "d"], boxes, width: 60, line: 19, ink: "#000", ground: "#fff" },
  });
  const svg = sceneToSvg(made, "about", 89);
  assert.match(svg, /<svg [^>]*width="89mm" height="[\d.]+mm" viewBox/);
  const [, high, box] = /height="([\d.]+)mm" viewBox="0 0 ([\d.]+ [\d.]+)"/.exec(svg);
  const [w, h] = box.split(" ").map(Number);
  assert.ok(Math.abs(high - (89 * h) / w) < 0.01, "the same in both directions");
  for (const words of ["A Nested LSTM", "nested-net", "depth 2", "256 cells", "−1", "+1"])
    assert.ok(svg.includes(words), words);
  const fills = made.rectangles.map(({ fill }) => fill);
  assert.deepEqual(fills.slice(-2), ["rgb(1,0,0)", "rgb(2,0,0)"]);
  assert.match(sceneToSvg(made, "about"), new RegExp(`width="${w}" height="${h}"`));
  for (const { xs, parts } of made.lines) assert.ok(xs[0] + 5 * parts.join("").length < w + 60);
});

test("a table is read by a program for which # begins a comment", () => {
  const card = { name: "net", sha256: "f" };
  const sheets = [{ memories: [{ name: "inner" }], cells: [3] }];
  const text = '#a"\n,';
  const csv = toCsv([card], sheets, text, [{ values: Float32Array.from([...text], (_, k) => k) }]);
  // As pandas.read_csv(f, comment="#"): what follows a # outside of quotes is left out, then RFC 4180.
  const rows = [[""]];
  let quoted = false;
  let comment = false;
  for (let k = 0; k < csv.length; k += 1) {
    const c = csv[k];
    const row = rows.at(-1);
    if (comment) comment = c !== "\n";
    else if (quoted && c === '"' && csv[k + 1] === '"') row[row.length - 1] += csv[++k];
    else if (c === '"') quoted = !quoted;
    else if (quoted) row[row.length - 1] += c;
    else if (c === "#") comment = true;
    else if (c === "\n") rows.push([""]);
    else if (c === ",") row.push("");
    else row[row.length - 1] += c;
  }
  const told = rows.filter((row) => row.length > 1);
  assert.deepEqual(told[0], ["position", "character", "A net inner 3"]);
  assert.deepEqual(
    told.slice(1),
    [...text].map((character, k) => [String(k), character, String(k)]),
  );
});

test("numbers that index are integers, and lists of names arrays of them", () => {
  const bytes = npz({ cells: { values: Int32Array.of(7, 3), shape: [2] }, names: ["in", "outer"] });
  const told = new TextDecoder("latin1").decode(bytes);
  assert.match(told, /'descr': '<i4', 'fortran_order': False, 'shape': \(2,\)/);
  assert.match(told, /'descr': '<U5', 'fortran_order': False, 'shape': \(2,\)/);
});

/** What is on the screen: A with two memories and one row, B with one memory and three rows. */
const uneven = {
  cards: [],
  sheets: [
    { memories: [memory("inner"), memory("outer")], cells: [0], order: [] },
    { memories: [memory("only")], cells: [0, 1, 2], order: [] },
  ],
  blocks: [
    [0, 0, 0],
    [0, 1, 0],
    [1, 0, 0],
    [1, 0, 1],
    [1, 0, 2],
  ].map(([panel, memory, rank]) => ({
    ...{ panel, memory, rank, title: `${panel} ${memory} ${rank}` },
    source: { values: new Int8Array(4), offset: 0, stride: 1, colours: new Uint32Array(256) },
  })),
  ...{ boxes, width: 60, line: 19, parts: [], meaning: null, text: "abcd", differs: false },
  passage: { text: "abcd", border: 0 },
  palette: makePalette("paper", "light"),
  other: makePalette(otherThan("paper"), "light"),
};

test("where the models have different numbers of rows, each cell stands under the head of its model", () => {
  const { lines } = sceneOf(uneven, false);
  const at = (words) => lines.find(({ parts }) => parts[0] === words)?.xs[0];
  assert.equal(at("0 0 0"), at("A  inner c"));
  assert.equal(at("0 1 0"), at("A  outer c"));
  for (const title of ["1 0 0", "1 0 1", "1 0 2"]) assert.equal(at(title), at("B  only c"), title);
});

test("a file of a difference says what the colours of B mean beside those of A", () => {
  const words = (drawn) => sceneOf(drawn, true).lines.map(({ parts }) => parts[0]);
  const both = sceneOf({ ...uneven, differs: true }, true);
  assert.ok(words({ ...uneven, differs: true }).includes("−max"), "A has its own scale");
  assert.ok(words({ ...uneven, differs: true }).includes("B − A: −1"));
  assert.ok(!words(uneven).includes("B − A: −1"));
  const fills = both.rectangles.map(({ fill }) => fill);
  for (const { steps } of [uneven.palette, uneven.other]) assert.ok(fills.includes(css(steps[1])));
});

test("a file of a view's own colours says what they are, and is no figure of cells", () => {
  const meaning = {
    title: "How surprising each character was. Bits per character: A 1.733.",
    about: "Colour at each character: its surprisal.",
    signal: /** @type {const} */ ("logits"),
    bars: [{ pixels: surprisePixels("light"), words: ["0", "8 bits or more"], label: "surprisal" }],
  };
  const blocks = uneven.blocks.map((block) => ({ ...block, title: "" }));
  const { lines, rectangles } = sceneOf({ ...uneven, blocks, meaning }, false);
  const words = lines.map(({ parts }) => parts[0]);
  assert.match(words.join(" "), /How surprising each character was\. Bits per character: A 1\.733/);
  for (const tick of ["0", "8 bits or more", "surprisal"]) assert.ok(words.includes(tick), tick);
  assert.ok(!words.includes("−1"));
  assert.ok(rectangles.some(({ fill }) => fill === css(makePalette("safe", "light").steps[1])));
  const card = /** @type {any} */ ({ name: "net", sha256: "abc" });
  const about = provenanceOf(meaning, [card], "abcd", 2, []);
  assert.match(
    about,
    /^Nestscope: How surprising .*1\.733\.\nColour at each character: its surprisal\.\nThe first 2/,
  );
  assert.match(about, /read\(\)\)\.logits\)"/);
  assert.doesNotMatch(about, /app figure|the cell's state/);
});

test("a name stands within the columns of its model, however narrow they are", () => {
  const name = "A  Nested LSTM nested-war-and-peace · depth 2 · 256 cells · War and Peace";
  const models = ["A", "B"].map((letter) => ({ name: name.replace("A", letter), columns: 1 }));
  for (const width of [60, 130, 189, 300, 600]) {
    const made = figureScene({
      ...{ rows: [], heads: ["A", "B"], models, text: [], boxes, width, line: 19 },
      ...{ ink: "#000", ground: "#fff" },
    });
    const names = made.lines.filter(({ weight }) => weight !== 600);
    const words = names.map(({ parts }) => parts[0]).join(" ");
    for (const word of ["Nested", "nested-war-and-peace", "256 cells"])
      assert.ok(words.includes(word));
    for (const { parts, weight } of names)
      if (parts[0].includes(" "))
        // a word alone is not broken
        assert.ok(parts[0].length * (weight === 700 ? 8 : 7) <= width, `${parts[0]} in ${width}`);
    assert.deepEqual([...new Set(names.map(({ xs }) => xs[0]))], [22, 44 + width]);
  }
});
