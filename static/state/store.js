// One state for the whole page; views subscribe to it and never keep their own.

/**
 * @template {object} S
 * @typedef {object} Store
 * @property {() => Readonly<S>} get
 * @property {(patch: Partial<S>) => void} set
 * @property {(listener: (state: Readonly<S>, changed: ReadonlySet<keyof S>) => void) => void} subscribe
 */

/**
 * @template {object} S
 * @param {S} initial
 * @returns {Store<S>}
 */
export function createStore(initial) {
  let state = initial;
  /** @type {((state: Readonly<S>, changed: ReadonlySet<keyof S>) => void)[]} */
  const listeners = [];
  return {
    get: () => state,
    set(patch) {
      const changed = new Set(
        /** @type {(keyof S)[]} */ (Object.keys(patch)).filter(
          (key) => !Object.is(state[key], patch[key]),
        ),
      );
      if (changed.size === 0) return;
      state = { ...state, ...patch };
      for (const listener of listeners) listener(state, changed);
    },
    subscribe: (listener) => void listeners.push(listener),
  };
}
