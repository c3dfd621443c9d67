// Binary frames are safetensors files: 8 bytes of header length, a JSON header, the values.

/**
 * @typedef {object} FrameHead what a frame says of itself
 * @property {number} revision
 * @property {number} view
 * @property {number} panel
 * @property {number} start
 * @property {number} length
 * @property {number[]} [unknown]
 */
/**
 * What gates say of themselves: of which question, and the cell's state before them.
 * @typedef {object} GatesHead
 * @property {number} request
 * @property {number} revision
 * @property {number} panel
 * @property {number} start
 * @property {number} stop
 * @property {{ h: number[], c: number[][] }} before by layer, and by layer and level
 */
/** @typedef {Int8Array | Uint16Array | Float32Array} Values float16 comes as its bits */

/**
 * @param {string} dtype
 * @param {ArrayBuffer} buffer
 * @param {number} begin
 * @param {number} count
 * @returns {Values}
 */
function typed(dtype, buffer, begin, count) {
  if (dtype === "I8") return new Int8Array(buffer, begin, count);
  // A view of wider values must begin at a multiple of their size; safetensors pads its header so.
  if (dtype === "F16") return new Uint16Array(buffer, begin, count);
  if (dtype === "F32") return new Float32Array(buffer, begin, count);
  throw new TypeError(`a frame of ${dtype} values cannot be read`);
}

/**
 * The tensor `values` of a safetensors file, without copying it, and the JSON under its one metadata key.
 * @param {ArrayBuffer} buffer
 * @returns {{ values: Values, shape: number[], meta: any }}
 */
export function decode(buffer) {
  const size = Number(new DataView(buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, size)));
  const { dtype, shape, data_offsets: offsets } = header.values;
  const count = shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
  return {
    values: typed(dtype, buffer, 8 + size + offsets[0], count),
    shape,
    meta: JSON.parse(header.__metadata__.nestscope),
  };
}

/**
 * One float16, given as its bits, as a number.
 * @param {number} bits
 */
export function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
