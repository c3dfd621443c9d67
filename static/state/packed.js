// A long text in few letters, for a link: deflated, then base64url.

/** Code points that a link holds at most: as many as a server reads, unless it is set otherwise. */
export const LONGEST_PACKED = 20_000;
/** In UTF-8. A link that unpacks to more is not one of ours. */
const MOST_BYTES = 4 * LONGEST_PACKED;

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {ReadableWritablePair<Uint8Array, BufferSource>} through
 * @param {number} most
 * @returns {Promise<Uint8Array<ArrayBuffer> | null>} null where there would be more
 */
async function piped(bytes, through, most) {
  const reader = new Blob([bytes]).stream().pipeThrough(through).getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
    size += value.length;
    if (size > most) {
      await reader.cancel();
      return null;
    }
    parts.push(new Uint8Array(value));
  }
}

/**
 * @param {string} text well-formed
 * @returns {Promise<string | null>} null where it is too long, or this browser cannot
 */
export async function pack(text) {
  if (text.length > 2 * LONGEST_PACKED || [...text].length > LONGEST_PACKED) return null;
  try {
    const bytes = new TextEncoder().encode(text);
    const packed = await piped(
      bytes,
      new CompressionStream("deflate-raw"),
      Number.POSITIVE_INFINITY,
    );
    let binary = "";
    for (const byte of packed ?? []) binary += String.fromCharCode(byte);
    return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  } catch {
    return null;
  }
}

/**
 * @param {string} packed
 * @returns {Promise<string | null>} null where it is damaged, or this browser cannot
 */
export async function unpack(packed) {
  try {
    const binary = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
    const text = await piped(bytes, new DecompressionStream("deflate-raw"), MOST_BYTES);
    return text && new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(text);
  } catch {
    return null;
  }
}
