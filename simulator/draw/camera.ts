import { gaussian, seeded, type Random } from './prng.ts';

/**
 * Artefacts of a cheap camera: a soft lens and sensor noise. A rule of the server treats frames with equal sampled
 * pixels as a frozen picture, so the noise must differ from frame to frame as on a sensor.
 */

/**
 * Noise generated once and read at a different offset for each row of each frame: a random number per pixel would cost
 * 10 ms.
 */
const GRAIN = 1 << 16;
const grain: Int8Array = (() => {
  const random = seeded(0x5eed);
  const white = Float32Array.from({ length: GRAIN + 1 }, () => gaussian(random));
  // Neighbours are slightly correlated, as after a camera's demosaicing.
  return Int8Array.from({ length: GRAIN }, (_, i) =>
    Math.max(-127, Math.min(127, Math.round((white[i]! + 0.45 * white[i + 1]!) * 28))),
  );
})();

/** Adds noise of about `sigma` (0..255 scale) to an RGBA picture, mostly to brightness. */
export function addSensorNoise(picture: Uint8ClampedArray, width: number, sigma: number, random: Random): void {
  const shared = sigma / 31;
  const own = shared * 0.35;
  for (let start = 0; start < picture.length; start += width * 4) {
    const place = Math.floor(random() * GRAIN);
    const step = Math.floor(random() * GRAIN);
    for (let x = 0, i = start; x < width; x++, i += 4) {
      const light = grain[(place + x) & (GRAIN - 1)]! * shared;
      const tint = grain[(step + x) & (GRAIN - 1)]! * own;
      picture[i] = picture[i]! + light + tint;
      picture[i + 1] = picture[i + 1]! + light;
      picture[i + 2] = picture[i + 2]! + light - tint;
    }
  }
}

let line = new Uint8Array(0);

/** Slightly soft lens: 1-2-1 filter horizontally and vertically, within left..right, top..bottom (inclusive). */
export function soften(
  picture: Uint8ClampedArray,
  width: number,
  height: number,
  left: number,
  top: number,
  right: number,
  bottom: number,
): void {
  // Values cannot leave 0..255 here, and plain bytes are written faster than clamped ones.
  const bytes = new Uint8Array(picture.buffer, picture.byteOffset, picture.byteLength);
  const pitch = width * 4;
  if (line.length < pitch) line = new Uint8Array(pitch);
  const first = Math.max(1, left) * 4,
    end = (Math.min(width - 2, right) + 1) * 4;
  const y0 = Math.max(1, top),
    y1 = Math.min(height - 2, bottom);
  for (let y = y0; y <= y1; y++) {
    const row = y * pitch;
    let r0 = bytes[row + first - 4]!,
      g0 = bytes[row + first - 3]!,
      b0 = bytes[row + first - 2]!;
    for (let i = row + first; i < row + end; i += 4) {
      const r = bytes[i]!,
        g = bytes[i + 1]!,
        b = bytes[i + 2]!;
      bytes[i] = (r0 + 2 * r + bytes[i + 4]! + 2) >> 2;
      bytes[i + 1] = (g0 + 2 * g + bytes[i + 5]! + 2) >> 2;
      bytes[i + 2] = (b0 + 2 * b + bytes[i + 6]! + 2) >> 2;
      r0 = r;
      g0 = g;
      b0 = b;
    }
  }
  // Vertical pass, from a copy of the unfiltered row above.
  line.set(bytes.subarray((y0 - 1) * pitch, y0 * pitch));
  for (let y = y0; y <= y1; y++) {
    const row = y * pitch;
    for (let i = first; i < end; i++) {
      const own = bytes[row + i]!;
      bytes[row + i] = (line[i]! + 2 * own + bytes[row + pitch + i]! + 2) >> 2;
      line[i] = own;
    }
  }
}
