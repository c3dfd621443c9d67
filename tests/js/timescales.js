// A report of how long the cells of a network remember.

export const inner = { layer: 1, level: 0, state: "c" };
export const report = {
  model: "net",
  text: "a.txt",
  characters: 98_500,
  longest: 400,
  memories: [
    { layer: 0, level: 0, state: "c", tau: [99, 99, 99, 99, 99, 99], status: Array(6).fill("ok") },
    {
      ...inner,
      tau: [null, 3, 58.21, null, 3, null],
      low: [null, 2, 49.14, null, 2, null],
      high: [null, 4, 67.83, null, null, null],
      status: ["saturated", "ok", "ok", "censored", "ok", "dead"],
    },
    { layer: 1, level: null, state: "h", tau: [1], low: [0.5], high: [2], status: ["ok"] },
  ],
};
