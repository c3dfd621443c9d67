// The atlases of the models, each asked for once, when it is first wanted.

import { atlases, atlasOf } from "../wire/atlas.js";

/** @typedef {import("../wire/atlas.js").Atlas} Atlas */
/** @typedef {{ name: string }} Card */

export class Atlases {
  /** @param {() => void} changed an atlas has come */
  constructor(changed) {
    this.changed = changed;
    /** The models that have one. @type {readonly string[]} */
    this.names = [];
    /** @type {Promise<readonly string[]> | undefined} */
    this.listed = undefined;
    /** @type {Map<string, Promise<Atlas | null>>} */
    this.asked = new Map();
    /** @type {Map<string, Atlas>} */
    this.known = new Map();
  }

  /** Which models have one; asked once. @returns {Promise<readonly string[]>} */
  list() {
    this.listed ??= atlases().then((names) => {
      this.names = names;
      this.changed();
      return names;
    });
    return this.listed;
  }

  /** The server is back: of one that was away, the list had none. */
  again() {
    if (!this.listed || this.names.length > 0) return;
    this.listed = undefined;
    void this.list();
  }

  /** That of a model; null where it has none, or it did not come. @param {Card | undefined} card @returns {Promise<Atlas | null>} */
  async get(card) {
    if (!card || !(await this.list()).includes(card.name)) return null;
    const { name } = card;
    const asked = this.asked.get(name) ?? atlasOf(name).catch(() => null);
    this.asked.set(name, asked);
    const atlas = await asked;
    if (!atlas)
      this.asked.delete(name); // asked again when it is next wanted
    else if (!this.known.has(name)) {
      this.known.set(name, atlas);
      this.changed();
    }
    return atlas;
  }

  /** What is known of a model's cells by now; what is not is asked for. @param {Card | undefined} card @returns {Atlas | null} */
  now(card) {
    const known = this.known.get(card?.name ?? "");
    if (!known) void this.get(card);
    return known ?? null;
  }
}
