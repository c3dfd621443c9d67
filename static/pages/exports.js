// Charts and tables as files.

/** @param {string[][]} rows */
export const toCsv = (rows) =>
  `${rows.map((row) => row.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",")).join("\n")}\n`;

/** @param {string} name @param {string} content @param {string} type */
export function download(name, content, type) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  URL.revokeObjectURL(address);
}

/** A button for each kind of file. @param {HTMLElement} place @param {Record<string, () => void>} kinds */
export function exportButtons(place, kinds) {
  place.append(
    ...Object.entries(kinds).map(([kind, save]) => {
      const button = Object.assign(document.createElement("button"), {
        type: "button",
        className: "quiet",
        textContent: kind,
      });
      button.setAttribute("aria-label", `Save as ${kind}`);
      button.addEventListener("click", save);
      return button;
    }),
  );
}
