import { gaussian, seeded, type Random } from './prng.ts';

/**
 * What a cheap camera adds: a soft lens and sensor noise. A rule of the server takes frames whose sampled
 * pixels are equal for a frozen picture, so the noise must differ from frame to frame as it does on a sensor.
 */

/** Noise made once and read from another place for each row of each frame: a draw per pixel would cost 10 ms. */
const GRAIN = 1 << 16;
const grain: Int8Array = (() => {
  const random = seeded(0x5eed);
  const white = Float32Array.from({ length: GRAIN + 1 }, () => gaussian(random));
  // Neighbours share a little, as after a camera's own demosaicing.
  return Int8Array.from({ length: GRAIN }, (_, i) => Math.max(-127, Math.min(127, Math.round((white[i]! + 0.45 * white[i + 1]!) * 28))));
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

let line = new Uint8ClampedArray(0);

/** A lens that is not quite sharp: 1-2-1 across and down, within left..right, top..bottom (inclusive). */
export function soften(
  picture: Uint8ClampedArray, width: number, height: number, left: number, top: number, right: number, bottom: number,
): void {
  if (line.length < Math.max(width, height) * 4) line = new Uint8ClampedArray(Math.max(width, height) * 4);
  const [x0, x1, y0, y1] = [Math.max(1, left), Math.min(width - 2, right), Math.max(1, top), Math.min(height - 2, bottom)];
  for (let y = y0; y <= y1; y++) {
    const row = y * width * 4;
    line.set(picture.subarray(row, row + width * 4));
    for (let i = x0 * 4; i < (x1 + 1) * 4; i++) picture[row + i] = (line[i - 4]! + 2 * line[i]! + line[i + 4]! + 2) >> 2;
  }
  const pitch = width * 4;
  // Down: the row above is kept before it is overwritten.
  for (let i = x0 * 4; i < (x1 + 1) * 4; i++) line[i] = picture[(y0 - 1) * pitch + i]!;
  for (let y = y0; y <= y1; y++) {
    const row = y * pitch;
    for (let i = x0 * 4; i < (x1 + 1) * 4; i++) {
      const own = picture[row + i]!;
      picture[row + i] = (line[i]! + 2 * own + picture[row + pitch + i]! + 2) >> 2;
      line[i] = own;
    }
  }
}
