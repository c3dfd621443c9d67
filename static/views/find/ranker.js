// The worker that ranks: a job a model, the newest counts.

/** @typedef {import("./ranking.js").Told} Told */
/** @typedef {Omit<import("./worker.js").Job, "turn" | "values"> & { values: () => Int8Array }} Job `values` is asked for a copy when its turn comes */

export class Ranker {
  /**
   * @param {(panel: number, told: Told) => void} done
   * @param {(panel: number, share: number) => void} progress
   */
  constructor(done, progress) {
    this.turn = 0;
    /** The last turn that nobody waits for any more. */
    this.dropped = 0;
    this.busy = false;
    /** What waits, by panel. @type {Map<number, Job>} */
    this.waiting = new Map();
    this.worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    this.worker.addEventListener("message", ({ data }) => {
      const { turn, panel, told, share } = data;
      const wanted = turn > this.dropped && !this.waiting.has(panel);
      if (told === undefined) return wanted ? progress(panel, share) : undefined;
      this.busy = false;
      if (wanted) done(panel, told);
      return this.#next();
    });
    this.worker.addEventListener("error", () => {
      this.busy = false;
    });
  }

  /** @param {Job} job */
  rank(job) {
    this.waiting.delete(job.panel);
    this.waiting.set(job.panel, job);
    if (!this.busy) this.#next();
  }

  /** Nobody waits for what was asked. */
  drop() {
    this.waiting.clear();
    this.dropped = this.turn;
  }

  #next() {
    const job = this.waiting.values().next().value;
    if (!job) return;
    this.waiting.delete(job.panel);
    this.busy = true;
    this.turn += 1;
    const values = job.values();
    this.worker.postMessage({ ...job, values, turn: this.turn }, [values.buffer]);
  }
}
