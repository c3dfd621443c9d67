// Every cell of every memory along the text.

/** @type {import("../view.js").View} */
export const map = {
  name: "map",
  label: "Map",
  styles: [new URL("./map.css", import.meta.url).href],
  controls: ["whatif", "order", "palette", "legend", "export", "overview"],
  needs: () => ({ blocks: "none", cells: "all" }),
  load: async () => {
    const { MapView } = await import("./map.js");
    return (page) => new MapView(page);
  },
};
