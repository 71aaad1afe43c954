import jpegTurbo from '@julusian/jpeg-turbo';
import { seeded } from '../simulator/draw/prng.ts';

/** Frames of a clip; it is gone through round and round. */
const FRAMES = 12;
/**
 * How far somebody who sits before a camera sways within a clip, pixels, and the sensor's noise, levels of luma
 * (standard deviation).
 */
const SWAY = 3;
const NOISE = 3;
/** What browsers encode at by default. */
const QUALITY = 85;

/**
 * A picture as a camera shows it over a second: it sways by some pixels, and each frame has noise of its own. Real
 * cameras show more of some things and less of others; what is measured with clips is told apart from what is measured
 * with single pictures.
 */
export function clipOf(jpeg: Uint8Array, seed: number): Buffer[] {
  const still = jpegTurbo.decompressSync(Buffer.from(jpeg), { format: jpegTurbo.FORMAT_RGB });
  const random = seeded(seed);
  // A table that is read from another place for each frame: noise as dear as the arithmetic would take minutes.
  const noise = Int8Array.from({ length: 65_521 }, () =>
    Math.round((random() + random() + random() + random() - 2) * NOISE * Math.sqrt(3)),
  );
  return Array.from({ length: FRAMES }, (_, frame) => {
    const phase = (frame / FRAMES) * 2 * Math.PI;
    const moved = shifted(still, Math.round(SWAY * Math.sin(phase)), Math.round((SWAY / 2) * Math.cos(phase)));
    const from = Math.floor(random() * noise.length);
    for (let i = 0; i < moved.length; i++) moved[i] = moved[i]! + noise[(from + i) % noise.length]!;
    const { width, height } = still;
    return Buffer.from(
      jpegTurbo.compressSync(Buffer.from(moved.buffer), {
        format: jpegTurbo.FORMAT_RGB,
        width,
        height,
        subsampling: jpegTurbo.SAMP_420,
        quality: QUALITY,
      }),
    );
  });
}

/** Edges are repeated; clamped to bytes. */
function shifted(
  { data, width, height }: { readonly data: Uint8Array; readonly width: number; readonly height: number },
  dx: number,
  dy: number,
): Uint8ClampedArray {
  const out = new Uint8ClampedArray(width * height * 3);
  for (let y = 0; y < height; y++) {
    const row = Math.min(height - 1, Math.max(0, y - dy)) * width;
    for (let x = 0; x < width; x++) {
      const from = (row + Math.min(width - 1, Math.max(0, x - dx))) * 3;
      const to = (y * width + x) * 3;
      out[to] = data[from]!;
      out[to + 1] = data[from + 1]!;
      out[to + 2] = data[from + 2]!;
    }
  }
  return out;
}
