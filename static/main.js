// The page: one state, one session, and the views that show them.

import { begun } from "./atlas/begun.js";
import { $ } from "./base/dom.js";
import { inForce, remembered } from "./base/theme.js";
import { chrome } from "./chrome/chrome.js";
import { toast } from "./chrome/notices.js";
import { ADDRESSED, parseAddress } from "./state/address.js";
import { addressBar } from "./state/addressbar.js";
import { complaint } from "./state/complaint.js";
import { SAMPLES } from "./state/samples.js";
import { taken } from "./state/served.js";
import { initialState } from "./state/state.js";
import { createStore } from "./state/store.js";
import { UNTOUCHED } from "./state/whatif.js";
import { editor } from "./text/editor.js";
import { normalise } from "./text/edits.js";
import { VIEWS } from "./views/index.js";
import { Views } from "./views/views.js";
import { openChannel } from "./wire/live.js";
import { servedModels } from "./wire/models.js";
import { UNREACHABLE } from "./wire/post.js";
import { Session } from "./wire/session.js";

/** @typedef {import("./state/state.js").State} State */

/** What an address leaves out is this; how one looks at it all (palette, scale, projector) stays. @type {Partial<State>} */
const AT_REST = {
  ...{ tour: 0, point: null, pinned: false, span: null, change: null },
  ...{ scope: "mean", why: "surprise.gradient", ask: "", found: [] },
};
/** The text where nothing says which. */
const FIRST = /** @type {{ text: string }} */ (SAMPLES[0]);

const theme = remembered();
const { defaultValue } = /** @type {HTMLTextAreaElement} */ ($("text"));
const store = createStore(initialState(theme, inForce(theme), defaultValue));
/** @type {ReturnType<typeof openChannel> | null} */
let channel = null;
const session = new Session((message) => channel?.send(message) ?? false, {
  columns: (panel, from, to) => views.columns(panel, from, to),
  exact: (exact) => store.set({ exact }),
});
const theEditor = editor(
  $("editor"),
  $("text"),
  (text, caret) => {
    store.set({ text });
    views.follow(caret);
  },
  toast,
  (span) => views.select(span),
);
const views = new Views(VIEWS, store, session, theEditor);
views.mounts.expect(parseAddress(location.hash).view ?? "");
const theAddress = addressBar(
  store,
  VIEWS.map(({ name }) => name),
);
const showChrome = chrome(views, theEditor, theAddress);

store.subscribe((state, changed) => {
  views.changed(state, changed);
  showChrome(state, changed);
  if (changed.has("connection") && state.connection === "open" && state.problem === UNREACHABLE)
    store.set({ problem: "" });
  if (changed.has("view")) theAddress.turned();
  if ([...changed].some((key) => ADDRESSED.has(key))) theAddress.writeSoon();
});

// The first paint: all of the state is new.
const INITIAL = store.get();
views.setText(INITIAL);
showChrome(INITIAL, new Set(/** @type {(keyof State)[]} */ (Object.keys(INITIAL))));
theAddress.follow((wanted) => {
  const text = wanted.text === undefined ? store.get().text : normalise(wanted.text);
  theEditor.load(text);
  store.set({ start: "", poem: false, ...UNTOUCHED, ...AT_REST, ...wanted, text });
});

const NO_MODELS =
  "This server has no model that reads text: put a checkpoint into its folder, and it appears here.";

/** The first models are here. @param {State["cards"]} cards */
async function begin(cards) {
  const wanted = await theAddress.first(cards, () => begun(cards, views.atlases));
  const text = theEditor.typed() ?? normalise(wanted.text ?? FIRST.text);
  theEditor.start(text);
  store.set({ problem: "", ...wanted, cards, text });
}

const complain = complaint(store);

/** What the server serves now. */
async function follow() {
  try {
    const { cards, refused } = await servedModels();
    const state = store.get();
    store.set({ refused, ...(state.cards.length > 0 ? taken(state, cards) : {}) });
    complain("");
    if (store.get().cards.length > 0) return;
    if (cards.length > 0) await begin(cards);
    else store.set({ problem: NO_MODELS });
  } catch (error) {
    complain(/** @type {Error} */ (error).message);
  }
}

await follow();
channel = openChannel(session, store, follow);
