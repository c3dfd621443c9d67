// What a trace does in a notebook: picking cells, and the value under the pointer. It is inlined
// into the output; without it the first cells are shown, and nothing answers.

/** @typedef {{ group: string, name: string, scale: number }} Row */

/** @param {Element} root */
function start(root) {
  root.setAttribute("data-on", "");
  const data = root.querySelector("script")?.textContent ?? "{}";
  /** @type {{ first: number, letters: string[], rows: Row[], values: string }} */
  const { first, letters, rows, values } = JSON.parse(data);
  const bytes = Uint8Array.from(atob(values), (character) => character.charCodeAt(0));
  const signed = new Int8Array(bytes.buffer);
  const blocks = /** @type {HTMLElement} */ (root.querySelector(".ns-blocks"));
  const readout = /** @type {HTMLElement} */ (root.querySelector(".ns-readout"));
  const letterOf = (/** @type {number} */ t) => JSON.stringify(letters[t]).slice(1, -1);

  /** @param {number} row */
  function build(row) {
    const block = document.createElement("div");
    block.dataset.row = String(row);
    const name = document.createElement("p");
    name.textContent = `${rows[row]?.group}, ${rows[row]?.name}`;
    const text = document.createElement("p");
    text.className = "ns-text";
    for (let t = 0; t < letters.length; t += 1) {
      const letter = document.createElement("i");
      letter.className = `q${(signed[row * letters.length + t] ?? 0) + 127}`;
      letter.textContent = letters[t] === "\n" ? "↵\n" : (letters[t] ?? "");
      text.append(letter);
    }
    block.append(name, text);
    return block;
  }

  root.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("button");
    if (!button) return;
    const row = Number(button.dataset.row);
    const shown = blocks.querySelector(`[data-row="${row}"]`);
    button.setAttribute("aria-pressed", String(!shown));
    if (shown) shown.remove();
    else {
      const after = [...blocks.children].find(
        (b) => Number(/** @type {HTMLElement} */ (b).dataset.row) > row,
      );
      blocks.insertBefore(build(row), after ?? null);
    }
  });

  blocks.addEventListener("pointerover", (event) => {
    const letter = /** @type {Element} */ (event.target).closest("i");
    for (const on of blocks.querySelectorAll(".ns-on")) on.classList.remove("ns-on");
    if (!letter?.parentElement) return;
    const t = [...letter.parentElement.children].indexOf(letter);
    const here = Number(/** @type {HTMLElement} */ (letter.closest("[data-row]")).dataset.row);
    for (const text of blocks.querySelectorAll(".ns-text"))
      text.children[t]?.classList.add("ns-on");
    const row = rows[here];
    const value = ((signed[here * letters.length + t] ?? 0) / 127) * (row?.scale ?? 1);
    readout.textContent = `“${letterOf(t)}” at ${first + t}: ${row?.group}, ${row?.name}: ${value.toFixed(2)}`;
  });
}

for (const root of document.querySelectorAll(".nestscope:not([data-on])")) start(root);
