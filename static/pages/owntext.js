// A text of the visitor's own: sent, measured and stopped.

import { $ } from "../base/dom.js";
import { counted } from "../base/format.js";
import { keep, kept } from "../state/visit.js";
import { countPoints, normalise } from "../text/edits.js";
import { CUT_OFF, lines } from "../wire/lines.js";
import { LEAST_TEXT } from "../wire/measuring.js";
import { answered } from "../wire/post.js";

/** @typedef {import("../wire/report.js").Report} Report */

/**
 * @param {string[]} readers the models that read text
 * @param {(name: string, model: string, report: Report) => void} took what becomes of a report
 */
export function ownText(readers, took) {
  const text = /** @type {HTMLTextAreaElement} */ ($("own-text"));
  const model = /** @type {HTMLSelectElement} */ ($("own-model"));
  const bar = /** @type {HTMLProgressElement} */ ($("own-progress"));
  const stop = $("own-stop");
  const submit = /** @type {HTMLButtonElement} */ (document.querySelector("#own [type=submit]"));
  model.append(...readers.map((name) => new Option(name)));
  $("own-least").textContent = `At least ${counted(LEAST_TEXT)} characters.`;
  const count = () => {
    const characters = countPoints(normalise(text.value));
    const missing = LEAST_TEXT - characters;
    $("own-count").textContent =
      `${counted(characters)} characters${missing > 0 ? `, ${counted(missing)} too few` : ""}`;
  };
  // It is the text of the reading page, and what is changed here is changed there.
  const visit = kept();
  if (visit) {
    text.value ||= visit.text;
    if (readers.includes(visit.address.a ?? "")) model.value = visit.address.a ?? "";
  }
  text.addEventListener("input", () => {
    count();
    if (visit) keep({ ...visit, text: normalise(text.value) });
  });
  count();
  let running = new AbortController();
  stop.addEventListener("click", () => running.abort());
  /** @param {boolean} busy */
  const show = (busy) => {
    submit.disabled = busy;
    stop.hidden = bar.hidden = !busy;
  };
  async function measureText() {
    const name = model.value; // another may be chosen meanwhile
    const body = { model: name, text: normalise(text.value) };
    const answer = await answered("api/timescales", body, running.signal);
    for await (const line of lines(answer)) {
      if (line.report) {
        took(`${name}, your text`, name, line.report);
        const { unknown = 0, characters } = line.report.settings;
        const unread =
          unknown > 0
            ? ` ${counted(unknown)} of ${counted(characters)} characters are not in its alphabet.`
            : "";
        return `Done: “${name}, your text” is among the models above.${unread}`;
      }
      bar.max = line.of;
      bar.value = line.done;
      $("own-says").textContent = line.doing;
    }
    throw new Error(CUT_OFF);
  }
  $("own").addEventListener("submit", async (event) => {
    event.preventDefault();
    running = new AbortController();
    $("own-says").textContent = "";
    show(true);
    try {
      $("own-says").textContent = await measureText();
    } catch (error) {
      const stopped = running.signal.aborted;
      $("own-says").textContent = stopped ? "Stopped." : /** @type {Error} */ (error).message;
    }
    show(false);
  });
}
