// What the server says of networks, as models/memories.py has it: a Python test holds the two equal.

import { readFileSync } from "node:fs";

const NETWORKS = JSON.parse(
  readFileSync(new URL("../fixtures/memories.json", import.meta.url), "utf8"),
);

/** The memories of a network of LSTMs, as GET /api/models sends them. */
export const memoriesOf = (layers, depth) =>
  NETWORKS.find((network) => network.layers === layers && network.depth === depth).memories;
