// The session on the live channel: what the server says of states goes to the session, what it says of
// itself to the store.

import { connect, PROTOCOL } from "./socket.js";

/** @typedef {import("../state/store.js").Store<import("../state/state.js").State>} Store */

const KEPT = "nestscope-text";
const RELOADED = "nestscope-reloaded";

/** @param {import("./session.js").Session} session @param {Store} store */
export function openChannel(session, store) {
  const url = new URL("/api/live", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  return connect(url.href, {
    hello(hello) {
      store.set({ limit: hello.max_text });
      session.start(hello);
    },
    frame: (head, values) => session.frame(head, values),
    message(message) {
      session.message(message);
      if (message.type === "error" && message.code !== "out_of_step")
        store.set({ problem: message.message });
    },
    connection: (connection) => store.set({ connection }),
    outdated() {
      // A newer server: keep the text, and load the page that belongs to it, once.
      if (sessionStorage.getItem(RELOADED) === String(PROTOCOL)) return;
      sessionStorage.setItem(RELOADED, String(PROTOCOL));
      sessionStorage.setItem(KEPT, store.get().text);
      location.reload();
    },
  });
}

/** The text of the page that an outdated one was, once. */
export function keptText() {
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  return kept;
}
