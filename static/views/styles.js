// Style sheets that come with a part of the page.

/** @type {Map<string, Promise<void>>} by address: views share some */
const linked = new Map();

/** Link those that are not linked yet. @param {readonly string[]} addresses @returns {Promise<unknown>} once they apply @throws {Error} */
export function link(addresses) {
  return Promise.all(addresses.map((href) => linked.get(href) ?? linkOne(href)));
}

/** @param {string} href @returns {Promise<void>} */
function linkOne(href) {
  const made = document.createElement("link");
  made.rel = "stylesheet";
  made.href = href;
  const applied = new Promise((done, failed) => {
    made.addEventListener("load", () => done(undefined));
    made.addEventListener("error", () => {
      made.remove();
      linked.delete(href);
      failed(new Error(`Could not load ${href}.`));
    });
  });
  document.head.append(made);
  linked.set(href, /** @type {Promise<void>} */ (applied));
  return /** @type {Promise<void>} */ (applied);
}
