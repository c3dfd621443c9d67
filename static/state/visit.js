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

const BEFORE_TOUR = "nestscope-before-tour";

/** What there was before the tour, to be given back after it; null: nothing more. @param {Record<string, string> | null} address */
export function keepBeforeTour(address) {
  try {
    if (address) sessionStorage.setItem(BEFORE_TOUR, JSON.stringify(address));
    else sessionStorage.removeItem(BEFORE_TOUR);
  } catch {
    // A storage that is full or blocked: the tour ends where it leads.
  }
}

/** @returns {import("./address.js").Address | null} */
export function beforeTour() {
  try {
    const address = JSON.parse(sessionStorage.getItem(BEFORE_TOUR) ?? "null");
    return typeof address?.text === "string" ? address : null;
  } catch {
    return null;
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
