// How wide the blocks are, and whether the models stand side by side or are swiped. Pure.

/**
 * @typedef {object} Arrangement in CSS pixels
 * @property {boolean} swiped the models do not fit side by side: one goes from one to the next
 * @property {number} block width of a block
 * @property {number} gap between the blocks of a model
 * @property {number} between from one model to the next
 */

const GAP = 22;
const BETWEEN = 44;
/** Narrower blocks are too few characters a line. */
const NARROWEST = 190;
/** Three and four models have less room, and smaller gaps. */
const MANY = { gap: 14, between: 30, narrowest: 118 };
/** Where models are swiped: a block, and how much of the next model one sees. */
const SWIPED = { gap: 10, between: 18, narrowest: 100, comfortable: 150, next: 20 };
/** A lone model's blocks are no wider. */
const WIDEST = 560;

/**
 * @param {readonly number[]} columns of each model
 * @param {number} room
 * @param {number} large how much larger the type is than usual
 * @returns {Arrangement}
 */
export function arranged(columns, room, large) {
  const total = columns.reduce((sum, count) => sum + count, 0);
  const models = columns.length;
  const many = models > 2;
  const gap = many ? MANY.gap : GAP;
  const between = many ? MANY.between : BETWEEN;
  const narrowest = (many ? MANY.narrowest : NARROWEST) * large;
  const block = Math.floor((room - between * (models - 1) - gap * (total - models)) / total);
  if (models === 1 && block >= SWIPED.comfortable)
    return { swiped: false, block: Math.min(block, WIDEST * large), gap, between };
  if (models > 1 && block >= narrowest) return { swiped: false, block, gap, between };
  return swiped(columns, room, large);
}

/** @param {readonly number[]} columns @param {number} room @param {number} large @returns {Arrangement} */
function swiped(columns, room, large) {
  const { gap, between, narrowest, comfortable, next } = SWIPED;
  const most = Math.max(...columns);
  const alone = columns.length === 1;
  const free = alone ? room : room - next;
  // As many models at once as have comfortable blocks.
  const least = most * comfortable * large + gap * (most - 1);
  const shown = Math.max(1, Math.min(columns.length - 1, Math.floor(free / (least + between))));
  const sheet = alone ? free : free / shown - between;
  const block = Math.max(narrowest, Math.floor((sheet - gap * (most - 1)) / most));
  return { swiped: !alone, block, gap, between };
}
