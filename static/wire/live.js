// The session on the live channel: what the server says of states goes to the session, what it says of
// itself to the store.

import { renewed } from "../state/served.js";
import { connect, PROTOCOL } from "./socket.js";

/** @typedef {import("../state/store.js").Store<import("../state/state.js").State>} Store */

/** What the server answers when it is asked why there is no channel. */
const REASONS = new Set(["no_websocket", "foreign_origin"]);
const RENEWED =
  "The server restarted and no longer has the weights that were shown; the current files are shown instead.";
const RELOADED = "nestscope-reloaded";

/**
 * @param {import("./session.js").Session} session
 * @param {Store} store
 * @param {() => void} changed the models served are perhaps not the same any more
 */
export function openChannel(session, store, changed) {
  let before = false;
  const url = new URL("api/live", document.baseURI);
  const asked = new URL(`?origin=${encodeURIComponent(location.origin)}`, url);
  url.protocol = url.protocol.replace("http", "ws");
  return connect(url.href, {
    hello(hello) {
      store.set({ limit: hello.max_text });
      session.start(hello);
      if (before) changed();
      before = true;
    },
    frame: (head, values) => session.frame(head, values),
    gates: (head, values) => session.gatesRead(head, values),
    message(message) {
      if (message.type === "models") changed();
      session.message(message);
      if (message.type === "error" && message.code !== "out_of_step") {
        const now = message.code === "unknown_model" ? renewed(store.get()) : {};
        const problem = now.cards ? RENEWED : message.message;
        store.set({ ...now, problem });
      }
    },
    connection: (connection) =>
      store.set(connection === "open" ? { connection, obstacle: "" } : { connection }),
    async refused() {
      const obstacle = await reason(asked).catch(() => ""); // the server is away
      if (store.get().connection !== "open") store.set({ obstacle });
    },
    outdated() {
      // A newer server: load the page that belongs to it. The tab keeps the text.
      if (firstTime()) location.reload();
      else store.set({ problem: "The server is newer than this page: load the page again." });
    },
  });
}

/** Why there is no channel, in the server's words; "" if it has none. @param {URL} url */
async function reason(url) {
  const { error } = await (await fetch(url)).json();
  return REASONS.has(error.code) ? String(error.message) : "";
}

/** Whether the page has not been loaded again for this protocol before, in this tab. */
function firstTime() {
  try {
    if (sessionStorage.getItem(RELOADED) === String(PROTOCOL)) return false;
    sessionStorage.setItem(RELOADED, String(PROTOCOL));
    return true;
  } catch {
    return false; // storage is blocked: it could go on for ever
  }
}
