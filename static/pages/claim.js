// One claim of the page of timescales: its answer and sentence, and on demand what agrees and the rule.

/** @typedef {ReturnType<typeof import("./verdicts.js").claimOf>} Claim */

/** @param {string} className @param {string} textContent */
const span = (className, textContent) =>
  Object.assign(document.createElement("span"), { className, textContent });

/** @param {Claim} claim @param {{ sentence: string, rule: string }} verdict */
export function claimItem({ answer, sentence, agree, tests }, verdict) {
  const item = document.createElement("details");
  item.className = "claim";
  const head = document.createElement("summary");
  head.append(
    span(`answer ${answer.replace(" ", "-")}`, answer),
    span("", sentence),
    span("soft", agree),
  );
  const list = document.createElement("ul");
  list.append(
    ...tests.map(({ holds, words }) =>
      Object.assign(document.createElement("li"), {
        className: holds ? "holds" : "fails",
        textContent: `${holds ? "Holds" : "Does not hold"} – ${words}`,
      }),
    ),
  );
  const declared = Object.assign(document.createElement("p"), {
    className: "soft",
    textContent: `${verdict.sentence} Rule: ${verdict.rule}`,
  });
  item.append(head, list, declared);
  return item;
}
