// Questions to a corpus: a text that the server keeps with the values of all cells. A first question makes it index
// the text; that, and what takes long, is told on its way.

import { capital } from "../base/format.js";
import { CUT_OFF, lines } from "./lines.js";
import { answered, Refusal } from "./post.js";

/** What is said where the list of corpora is missing: asked again, it may come. */
export const NO_LIST = "Could not load the list of corpora.";

/**
 * @typedef {object} Corpus
 * @property {string} name
 * @property {string} model
 * @property {string} text the name of its file
 * @property {number} characters
 * @property {"ready" | "not indexed" | "indexing" | "damaged"} status
 * @property {number} indexed characters
 */
/** @typedef {{ words: string, share: number | null }} Progress share 0 .. 1, null where it is not known */
/** @typedef {{ signal: AbortSignal, progress: (progress: Progress) => void }} Waiting */

/** Milliseconds between two looks at what is under way; a question refused again and again waits longer every time. */
const PAUSE = 1000;
const LONGEST = 16_000;
const KEPT = 60;
/** Refusals that go away. @type {ReadonlySet<string | undefined>} */
const WAIT = new Set(["busy", "indexing"]);

/** What was answered, by question. @type {Map<string, any>} */
const answers = new Map();

/** @param {AbortSignal} [signal] @returns {Promise<Corpus[]>} */
export async function corpora(signal) {
  const answer = await fetch("api/corpora", signal ? { signal } : {}).catch(() => null);
  if (!answer?.ok) throw new Error(NO_LIST);
  return answer.json();
}

/** The name of a corpus's text for people. @param {Corpus} corpus */
export const textOf = ({ text }) =>
  text
    .replace(/\.txt$/, "")
    .replaceAll(/[-_]/g, " ")
    .replaceAll(/(^|\s)(?!and |of |the )\p{L}/gu, (first) => first.toUpperCase());

/** @param {AbortSignal} signal @param {number} milliseconds */
const pause = (signal, milliseconds) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve(undefined);
    });
  });

/**
 * Ask once; null where it is to be asked again.
 * @param {Corpus} corpus
 * @param {string} question
 * @param {object} body
 * @param {Waiting} waiting
 */
async function once(corpus, question, body, { signal, progress }) {
  const address = `api/corpora/${encodeURIComponent(corpus.name)}/${question}`;
  const answer = await answered(address, body, signal).catch((error) => {
    if (!(error instanceof Refusal) || !WAIT.has(error.code)) throw error;
    progress({ words: error.message, share: null });
    return null;
  });
  if (!answer) return null;
  if (!answer.headers.get("Content-Type")?.includes("ndjson")) return answer.json();
  for await (const line of lines(answer)) {
    if (line.ranking) return line.ranking;
    progress({ words: capital(line.doing), share: line.done / line.of });
  }
  throw new Error(CUT_OFF);
}

/** Until it is not being indexed any more. @param {Corpus} corpus @param {Waiting} waiting @returns {Promise<boolean>} whether it was */
async function indexed({ name }, { signal, progress }) {
  for (let waited = false; ; waited = true) {
    const now = (await corpora(signal)).find((each) => each.name === name);
    signal.throwIfAborted();
    if (now?.status !== "indexing") return waited;
    progress({
      words: `Indexing ${textOf(now)} for ${now.model}, once`,
      share: now.indexed / now.characters,
    });
    await pause(signal, PAUSE);
    signal.throwIfAborted();
  }
}

/**
 * Ask a corpus; waits while it is being indexed, or the server is busy with others.
 * @param {Corpus} corpus
 * @param {string} question
 * @param {object} body
 * @param {Waiting} waiting
 * @returns {Promise<any>}
 * @throws {Error} with the server's own sentence
 */
export async function ask(corpus, question, body, waiting) {
  const { signal } = waiting;
  const key = JSON.stringify([corpus.name, question, body]);
  if (answers.has(key)) return answers.get(key);
  for (let rest = PAUSE; ; ) {
    const answer = await once(corpus, question, body, waiting);
    signal.throwIfAborted();
    if (answer !== null) {
      answers.set(key, answer);
      for (const old of answers.keys()) if (answers.size > KEPT) answers.delete(old);
      return answer;
    }
    if (await indexed(corpus, waiting)) continue;
    await pause(signal, rest);
    signal.throwIfAborted();
    rest = Math.min(LONGEST, 2 * rest);
  }
}
