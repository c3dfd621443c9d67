// The session on the live channel: what the server says of states goes to the session, what it says of
// itself to the store.

import { connect, PROTOCOL } from "./socket.js";

/** @typedef {import("../state/store.js").Store<import("../state/state.js").State>} Store */

const RELOADED = "nestscope-reloaded";

/** @param {import("./session.js").Session} session @param {Store} store */
export function openChannel(session, store) {
  const url = new URL("api/live", document.baseURI);
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
      // A newer server: load the page that belongs to it. The tab keeps the text.
      if (firstTime()) location.reload();
      else store.set({ problem: "The server is newer than this page: load the page again." });
    },
  });
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
