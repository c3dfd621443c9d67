// Every cell of every memory along the text.

import { MapView } from "./map.js";

/** @type {import("../view.js").View} */
export const map = {
  name: "map",
  label: "Map",
  styles: [new URL("./map.css", import.meta.url).href],
  controls: ["whatif", "order", "palette", "legend", "export", "overview"],
  needs: () => ({ blocks: "none", cells: "all" }),
  mount: (page) => new MapView(page),
};
