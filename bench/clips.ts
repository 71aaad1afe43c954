import jpegTurbo from '@julusian/jpeg-turbo';
import { seeded } from '../simulator/draw/prng.ts';

/** Frames of a clip, played in a loop. */
const FRAMES = 12;
/** Sway of a person in front of a camera within a clip, pixels, and sensor noise, luma levels (standard deviation). */
const SWAY = 3;
const NOISE = 3;
/** Default quality of browsers. */
const QUALITY = 85;

/**
 * A picture as a camera shows it over a second: it sways by some pixels, and each frame has its own noise. Real cameras
 * vary more in some respects and less in others; results with clips are reported separately from those with single
 * pictures.
 */
export function clipOf(jpeg: Uint8Array, seed: number): Buffer[] {
  const still = jpegTurbo.decompressSync(Buffer.from(jpeg), { format: jpegTurbo.FORMAT_RGB });
  const random = seeded(seed);
  // A table read at a different offset for each frame: computing the noise per pixel would take minutes.
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

/** Edges are repeated; values are clamped to bytes. */
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
