// What a tab keeps of a visit while it shows another page: sessionStorage, so that no tab meets another's.

/**
 * @typedef {object} Visit
 * @property {string} load the entries of the history that lead to it
 * @property {import("./address.js").Address} address the address it should have held, without the text
 * @property {string} text
 */

const KEY = "nestscope-visit";
/** UTF-16 units: two bytes each, of the five megabytes or more that browsers give. */
const LONGEST = 1_000_000;

/**
 * @param {Visit} visit
 * @returns {boolean} whether it is kept: not in a storage that is full or blocked
 */
export function keep(visit) {
  try {
    if (visit.text.length > LONGEST) throw new RangeError("The text is too long to be kept.");
    sessionStorage.setItem(KEY, JSON.stringify(visit));
    return true;
  } catch {
    forget();
    return false;
  }
}

/** An older visit in the place of one that cannot be kept would be wrong. */
function forget() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Storage is blocked: there is none.
  }
}

/** @returns {Visit | null} */
export function kept() {
  try {
    const visit = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    const whole =
      typeof visit?.text === "string" &&
      typeof visit.load === "string" &&
      typeof visit.address === "object";
    return whole ? visit : null;
  } catch {
    return null;
  }
}
