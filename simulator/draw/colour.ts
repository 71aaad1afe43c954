/** Colours. Shading uses linear light; pictures are sRGB. */

/** Linear light, 0..1 each. */
export type Colour = readonly [red: number, green: number, blue: number];

function toLinear(byte: number): number {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** `#rrggbb` (sRGB) to linear light. */
export function colour(hex: string): Colour {
  const value = Number.parseInt(hex.slice(1), 16);
  return [toLinear(value >> 16), toLinear((value >> 8) & 255), toLinear(value & 255)];
}

export function mixColour(a: Colour, b: Colour, t: number): Colour {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

export function scaleColour(a: Colour, factor: number): Colour {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}

/** sRGB value 0..255 of linear light i / 4095: one table look-up per channel instead of a power. */
export const displayTable: Uint8ClampedArray = Uint8ClampedArray.from({ length: 4096 }, (_, i) => {
  const value = i / 4095;
  return 255 * (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055);
});
