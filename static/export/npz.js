// Arrays as an .npz file: a zip archive, not compressed, of .npy files. Pure.

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** @param {Uint8Array} bytes */
export function crc32(bytes) {
  let c = 0xffffffff;
  for (const byte of bytes) c = (CRC[(c ^ byte) & 255] ?? 0) ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

/**
 * @param {string} descr numpy's name of the type
 * @param {readonly number[]} shape
 * @param {Uint8Array} data
 */
function npy(descr, shape, data) {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  let head = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  head = `${head.padEnd(Math.ceil((10 + head.length + 1) / 64) * 64 - 11)}\n`;
  const bytes = new Uint8Array(10 + head.length + data.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, head.length & 255, head.length >> 8]);
  bytes.set(new TextEncoder().encode(head), 10);
  bytes.set(data, 10 + head.length);
  return bytes;
}

/**
 * Texts as numpy strings, all as wide as the longest.
 * @param {readonly string[]} texts
 * @param {readonly number[]} shape
 */
function npyTexts(texts, shape) {
  const points = texts.map((text) => [...text].map((character) => character.codePointAt(0) ?? 0));
  const wide = Math.max(1, ...points.map(({ length }) => length));
  const data = new Uint32Array(wide * texts.length);
  for (const [k, each] of points.entries()) data.set(each, k * wide);
  return npy(`<U${wide}`, shape, new Uint8Array(data.buffer));
}

/** @param {{ values: Float32Array | Int32Array, shape: readonly number[] } | string | readonly string[]} array */
function npyOf(array) {
  if (typeof array === "string") return npyTexts([array], []);
  if (!("values" in array && "shape" in array)) return npyTexts(array, [array.length]);
  const { values, shape } = array;
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return npy(values instanceof Int32Array ? "<i4" : "<f4", shape, bytes);
}

/**
 * @param {Record<string, { values: Float32Array | Int32Array, shape: readonly number[] } | string | readonly string[]>} arrays a list of texts is an array of them
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function npz(arrays) {
  const files = Object.entries(arrays).map(([name, array]) => ({
    name: new TextEncoder().encode(`${name}.npy`),
    data: npyOf(array),
  }));
  /** @type {Uint8Array[]} */
  const parts = [];
  /** @type {Uint8Array[]} */
  const directory = [];
  let offset = 0;
  for (const { name, data } of files) {
    const common = new DataView(new ArrayBuffer(26));
    common.setUint16(0, 20, true); // version needed
    common.setUint16(2, 0x0800, true); // names are UTF-8
    common.setUint16(8, 0x21, true); // 1 January 1980: the same arrays are the same bytes
    common.setUint32(10, crc32(data), true);
    common.setUint32(14, data.length, true);
    common.setUint32(18, data.length, true);
    common.setUint16(22, name.length, true);
    const shared = new Uint8Array(common.buffer);
    parts.push(Uint8Array.of(0x50, 0x4b, 3, 4), shared, name, data);
    const entry = new DataView(new ArrayBuffer(14));
    entry.setUint32(10, offset, true);
    directory.push(
      Uint8Array.of(0x50, 0x4b, 1, 2, 20, 0),
      shared,
      new Uint8Array(entry.buffer),
      name,
    );
    offset += 30 + name.length + data.length;
  }
  const size = directory.reduce((n, part) => n + part.length, 0);
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, files.length, true);
  end.setUint16(10, files.length, true);
  end.setUint32(12, size, true);
  end.setUint32(16, offset, true);
  parts.push(...directory, new Uint8Array(end.buffer));
  const whole = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
