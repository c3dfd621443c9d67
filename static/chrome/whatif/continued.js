// The text continued by a model untouched and changed, with the same seed: what differs is marked.

import { $, element, say } from "../../base/dom.js";
import { complaint } from "../../state/complaint.js";
import { madeIn, shownCards } from "../../state/state.js";
import { post } from "../../wire/post.js";
import { under } from "../../wire/requests.js";

/** @typedef {import("../../state/state.js").State} State */

const COUNT = 200;

/** How many characters two texts have in common at their beginning. @param {string} one @param {string} other */
export function common(one, other) {
  const [a, b] = [[...one], [...other]];
  let k = 0;
  while (k < a.length && k < b.length && a[k] === b[k]) k += 1;
  return a.slice(0, k).join("").length;
}

/**
 * @param {import("../../state/store.js").Store<State>} store
 * @param {import("../../wire/session.js").Session} session
 */
export function continuedTwice(store, session) {
  const button = element("button", "toggle", "Continue both");
  button.type = "button";
  button.title = "What each would write, drawn with the same seed: the text stays as it is";
  const texts = element("div", "continued");
  texts.hidden = true;
  const complain = complaint(store);
  let question = "";
  /** @type {AbortController | null} */
  let asking = null;

  /** What is on the screen is of another text, or of other changes. */
  function clear() {
    asking?.abort();
    asking = null;
    question = "";
    texts.hidden = true;
    texts.replaceChildren();
    say(button, "Continue both");
    complain("");
  }

  /** @param {readonly string[]} written untouched, changed */
  function show([before = "", after = ""]) {
    const same = common(before, after);
    texts.replaceChildren(
      ...[before, after].map((words, panel) =>
        element(
          "figure",
          "",
          element("figcaption", "", panel === 0 ? "untouched" : "changed"),
          element("p", "", words.slice(0, same), element("mark", "", words.slice(same))),
        ),
      ),
    );
    texts.hidden = false;
  }

  const of = (/** @type {State} */ state) =>
    JSON.stringify([state.beside, madeIn(state), session.text]);

  button.addEventListener("click", async () => {
    if (asking) return clear();
    const state = store.get();
    const cards = shownCards(state);
    const made = madeIn(state);
    if (state.beside === "" || session.text === "") return undefined;
    asking = new AbortController();
    const { signal } = asking;
    question = of(state);
    say(button, "Stop");
    complain("");
    const number = (/** @type {string} */ id) =>
      Number(/** @type {HTMLInputElement} */ ($(id)).value);
    const how = { temperature: number("temperature"), seed: number("seed"), count: COUNT };
    try {
      const answers = await Promise.all(
        cards.map(({ name: model }, panel) =>
          post(
            "api/continuation",
            { model, text: session.text, ...how, ...under(made[panel]) },
            signal,
          ),
        ),
      );
      if (!signal.aborted) show(answers.map(({ continuation }) => continuation));
    } catch (error) {
      if (!signal.aborted) complain(String(/** @type {Error} */ (error).message));
    }
    if (signal.aborted) return undefined;
    asking = null;
    say(button, "Continue both");
    return undefined;
  });

  return {
    button,
    texts,
    /** @param {State} state */
    changed(state) {
      button.disabled = state.beside === "";
      if (question !== "" && question !== of(state)) clear();
    },
  };
}
