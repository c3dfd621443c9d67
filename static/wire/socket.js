// The live channel (docs/reference/protocol.md): one WebSocket, kept open.

import { decode } from "./frames.js";

export const PROTOCOL = 2;

/** @typedef {import("../state/state.js").Connection} Connection */
/**
 * @typedef {object} Listeners
 * @property {(hello: { max_text: number, max_message: number }) => void} hello
 * @property {(head: import("./frames.js").FrameHead, values: Int8Array) => void} frame
 * @property {(head: import("./frames.js").GatesHead, values: Float32Array) => void} gates
 * @property {(message: any) => void} message values, predictions, errors
 * @property {(connection: Connection) => void} connection
 * @property {() => void} outdated the server speaks another protocol
 * @property {() => void} refused there was never a word of the server's on any connection
 */

const SHORTEST_WAIT = 400;
const LONGEST_WAIT = 5000;
const NO_HELLO = 30_000;

/**
 * Keep a connection, with pauses that grow while the server is away.
 * @param {string} url
 * @param {Listeners} listeners
 * @returns {{ send: (message: object) => boolean }}
 */
export function connect(url, listeners) {
  /** @type {WebSocket | null} */
  let socket = null;
  let ready = false;
  let heard = false;
  let wait = SHORTEST_WAIT;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const open = () => {
    clearTimeout(timer);
    const current = new WebSocket(url);
    socket = current;
    current.binaryType = "arraybuffer";
    const patience = setTimeout(() => current.close(), NO_HELLO);
    current.onmessage = ({ data }) => {
      heard = true;
      if (typeof data !== "string") {
        const { values, meta } = decode(data);
        if (values instanceof Int8Array) listeners.frame(meta, values);
        else if (values instanceof Float32Array) listeners.gates(meta, values);
        return;
      }
      const message = JSON.parse(data);
      if (message.type !== "hello") return listeners.message(message);
      clearTimeout(patience);
      if (message.protocol !== PROTOCOL) return listeners.outdated();
      wait = SHORTEST_WAIT;
      ready = true;
      listeners.connection("open");
      listeners.hello(message);
    };
    current.onclose = () => {
      clearTimeout(patience);
      if (socket !== current) return;
      ready = false;
      listeners.connection("lost");
      if (!heard) listeners.refused();
      timer = setTimeout(open, wait);
      wait = Math.min(LONGEST_WAIT, wait * 1.6);
    };
  };

  const hurry = () => {
    if (!ready && (!socket || socket.readyState === WebSocket.CLOSED)) open();
  };
  addEventListener("online", hurry);
  document.addEventListener("visibilitychange", () => document.hidden || hurry());
  listeners.connection("connecting");
  open();

  return {
    send(message) {
      if (!ready || !socket) return false;
      socket.send(JSON.stringify(message));
      return true;
    },
  };
}
