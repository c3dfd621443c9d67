// Palettes: 256 colours for the bytes -128 .. 127, red negative, blue positive, stronger is larger.
// Lightness and chroma run evenly in OKLCH (Ottosson 2020); the ends stop where one ink per theme is
// still readable, so that the ink on every step has a contrast of at least 4.5 (WCAG 2.2).

/** @typedef {"light" | "dark"} Theme */
/** @typedef {readonly [number, number, number]} RGB each 0 .. 255 */
/** @typedef {{ L: number, C: number, h: number }} LCH */
/**
 * @typedef {object} Palette
 * @property {Uint32Array} pixels by byte + 128, as a canvas keeps them; PENDING is transparent
 * @property {RGB[]} steps by byte + 128
 * @property {RGB} ink
 */
/** @typedef {keyof typeof PALETTES} PaletteName */

/** How the colours of a palette are called: negative, positive. @type {Readonly<Record<keyof typeof PALETTES, readonly [string, string]>>} */
export const COLOUR_NAMES = { paper: ["red", "blue"], safe: ["orange", "violet"] };

/** The palette of differences, which none mistakes for values. @param {PaletteName} name @returns {PaletteName} */
export const otherThan = (name) => (name === "paper" ? "safe" : "paper");

/** Of each arm: hue near zero, hue at the end; OKLCH degrees. */
export const PALETTES = {
  paper: { negative: [42, 27], positive: [238, 256] }, // red and blue
  safe: { negative: [78, 58], positive: [268, 290] }, // orange and violet, colour-blind safe
};

const INK = /** @type {Record<Theme, RGB>} */ ({ light: [0, 0, 0], dark: [244, 244, 246] });
const ZERO = /** @type {Record<Theme, RGB>} */ ({ light: [255, 255, 255], dark: [22, 23, 27] });
const CONTRAST = 4.6;

/** @param {number} c */
const toLinear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
/** @param {number} c */
const toGamma = (c) => (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055);

/** Relative luminance. @param {RGB} rgb */
export function luminance([r, g, b]) {
  return 0.2126 * toLinear(r / 255) + 0.7152 * toLinear(g / 255) + 0.0722 * toLinear(b / 255);
}

/**
 * Contrast ratio of two colours, 1 .. 21.
 * @param {RGB} one
 * @param {RGB} other
 */
export function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return /** @type {number} */ (light + 0.05) / /** @type {number} */ (dark + 0.05);
}

/**
 * Linear sRGB of an OKLCH colour; outside 0 .. 1 where the screen cannot show it.
 * @param {LCH} colour
 * @returns {[number, number, number]}
 */
function linearOf({ L, C, h }) {
  const a = C * Math.cos((h * Math.PI) / 180);
  const b = C * Math.sin((h * Math.PI) / 180);
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

/**
 * The nearest colour the screen shows: less chroma until it fits.
 * @param {LCH} colour
 * @returns {RGB}
 */
function shown(colour) {
  let { C } = colour;
  let rgb = linearOf(colour);
  while (C > 0 && rgb.some((c) => c < -0.0005 || c > 1.0005)) {
    C -= 0.002;
    rgb = linearOf({ ...colour, C: Math.max(C, 0) });
  }
  const [r, g, b] = rgb.map((c) => Math.round(255 * toGamma(Math.min(1, Math.max(0, c)))));
  return [r ?? 0, g ?? 0, b ?? 0];
}

/** OKLab lightness of a grey. @param {RGB} grey */
const lightnessOf = (grey) => Math.cbrt(luminance(grey));

/**
 * The strongest lightness at which the ink can still be read.
 * @param {number} h
 * @param {number} C
 * @param {Theme} theme
 */
function endLightness(h, C, theme) {
  let L = lightnessOf(ZERO[theme]);
  const step = theme === "light" ? -0.004 : 0.004;
  while (contrast(shown({ L: L + step, C, h }), INK[theme]) >= CONTRAST) L += step;
  return L;
}

/**
 * @param {PaletteName} name
 * @param {Theme} theme
 * @returns {Palette}
 */
export function makePalette(name, theme) {
  const zero = lightnessOf(ZERO[theme]);
  /** @param {readonly number[]} hues */
  const arm = ([near = 0, far = 0]) => {
    const strongest = theme === "light" ? 0.235 : 0.19;
    const end = endLightness(far, strongest, theme);
    /** @param {number} t 0 .. 1 */
    return (t) =>
      shown({
        L: zero + (end - zero) * t,
        C: strongest * t ** (theme === "light" ? 1.1 : 0.9),
        h: near + (far - near) * t,
      });
  };
  // On dark paper a faint warm hue is brown: there both ends of an arm keep to the far hue.
  /** @param {readonly number[]} hues */
  const inTheme = (hues) =>
    theme === "light"
      ? hues
      : [/** @type {number} */ (hues[0] + 3 * (hues[1] ?? 0)) / 4, hues[1] ?? 0];
  const negative = arm(inTheme(PALETTES[name].negative));
  const positive = arm(inTheme(PALETTES[name].positive));
  /** @type {RGB[]} */
  const steps = [];
  for (let byte = -128; byte < 128; byte += 1) {
    const t = Math.min(1, Math.abs(byte) / 127);
    steps.push(byte === 0 ? ZERO[theme] : byte < 0 ? negative(t) : positive(t));
  }
  const pixels = new Uint32Array(256);
  const bytes = new Uint8Array(pixels.buffer);
  for (const [k, rgb] of steps.entries()) if (k > 0) bytes.set([...rgb, 255], 4 * k);
  return { pixels, steps, ink: INK[theme] };
}

/** @param {RGB} rgb */
export const css = ([r, g, b]) => `rgb(${r},${g},${b})`;

/**
 * Pixels by byte + 128 for a cell whose largest magnitude, in bytes, gets the strongest colour.
 * @param {Palette} palette
 * @param {number} largest 1 .. 127
 */
export function scaledPixels(palette, largest) {
  if (largest >= 127) return palette.pixels;
  const pixels = new Uint32Array(256);
  for (let byte = -127; byte < 128; byte += 1) {
    const step = Math.max(-127, Math.min(127, Math.round((byte * 127) / largest)));
    pixels[byte + 128] = palette.pixels[step + 128] ?? 0;
  }
  return pixels;
}

/** Pixels by byte + 128 for what has no sign: from the paper to the safe palette's orange. @param {Theme} theme */
export function surprisePixels(theme) {
  const { pixels } = makePalette("safe", theme);
  const made = new Uint32Array(256);
  for (let byte = 0; byte < 128; byte += 1) made[byte + 128] = pixels[128 - byte] ?? 0;
  return made;
}
