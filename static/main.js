// The page: one state, one session, and the views that show them.

import { $ } from "./base/dom.js";
import { inForce, remembered } from "./base/theme.js";
import { arrival } from "./chrome/arrival.js";
import { chrome } from "./chrome/chrome.js";
import { toast } from "./chrome/notices.js";
import { ADDRESSED, parseAddress } from "./state/address.js";
import { addressBar } from "./state/addressbar.js";
import { initialState } from "./state/state.js";
import { createStore } from "./state/store.js";
import { UNTOUCHED } from "./state/whatif.js";
import { editor } from "./text/editor.js";
import { normalise } from "./text/edits.js";
import { VIEWS } from "./views/index.js";
import { Views } from "./views/views.js";
import { openChannel } from "./wire/live.js";
import { UNREACHABLE } from "./wire/post.js";
import { Session } from "./wire/session.js";

/** @typedef {import("./state/state.js").State} State */

/** What an address leaves out is this; how one looks at it all (palette, scale, projector) stays. @type {Partial<State>} */
const AT_REST = {
  ...{ tour: 0, point: null, pinned: false, span: null, change: null },
  ...{ scope: "mean", why: "surprise.gradient", ask: "", found: [] },
};

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

const follow = arrival(views, theEditor, theAddress);
await follow();
channel = openChannel(session, store, follow);
