// A word to browsers that are too old for the pages. It is no module and written in the JavaScript of 2009: what has
// to be told must be able to run it. All that the pages need came before or with `light-dark()`.

// biome-ignore lint/complexity/useOptionalChain: an old browser cannot read one
if (!window.CSS || !CSS.supports || !CSS.supports("color", "light-dark(red, red)"))
  document.body.setAttribute("data-browser", "old");
