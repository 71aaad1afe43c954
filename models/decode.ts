import jpegTurbo from '@julusian/jpeg-turbo';
import { exifOrientation } from './exif-orientation.ts';
import type { RgbImage } from './image.ts';
import { FRAME_SIDES, MAX_SCANS, type SideLimits } from './jpeg-limits.ts';
import { turnImage } from './turn-image.ts';

/** The bytes are not a JPEG that can be analysed. */
export class InvalidImage extends Error {
  readonly code = 'invalid_image';
}

/**
 * Decodes JPEG to RGB into one buffer that is reused, upright as its Exif orientation says: phones store pictures as the
 * sensor lies. The binding treats every libjpeg-turbo warning as an error
 * (measured: a file missing its last byte, truncated anywhere or damaged in the middle is refused), so a result is
 * always a complete image.
 */
export class JpegDecoder {
  readonly #limits: SideLimits;
  readonly #out: Buffer;
  /** For pictures that are turned; none of a browser's are. */
  #turned: Buffer | undefined;

  constructor(limits: SideLimits = FRAME_SIDES) {
    this.#limits = limits;
    // Untouched pages are never allocated, so the limit costs address space rather than memory.
    this.#out = Buffer.allocUnsafeSlow(limits.max * limits.max * 3);
  }

  /** @throws InvalidImage */
  decode(jpeg: Uint8Array): RgbImage {
    const bytes = Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
    if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) throw new InvalidImage('not a JPEG file');
    if (scans(bytes) > MAX_SCANS) throw new InvalidImage(`a JPEG with more than ${MAX_SCANS} scans`);

    let decoded;
    try {
      decoded = jpegTurbo.decompressSync(bytes, this.#out, { format: jpegTurbo.FORMAT_RGB });
    } catch (cause) {
      throw new InvalidImage(refusal(cause, this.#limits), { cause });
    }
    const { width, height, data } = decoded;
    const { min, max } = this.#limits;
    if (Math.min(width, height) < min || Math.max(width, height) > max) {
      throw new InvalidImage(`${width}x${height} pixels, each side must be ${min} to ${max}`);
    }
    const orientation = exifOrientation(bytes);
    if (orientation === 1) return { width, height, data };
    this.#turned ??= Buffer.allocUnsafeSlow(this.#out.length);
    return turnImage({ width, height, data }, orientation, this.#turned);
  }
}

/**
 * Counts start-of-scan markers. In coded data FF is always followed by 00 or a restart marker, so none is counted
 * twice.
 */
function scans(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(SOS); at >= 0; at = bytes.indexOf(SOS, at + 2)) count++;
  return count;
}

const SOS = Buffer.from([0xff, 0xda]);

/** The binding reads the text of libjpeg-turbo after freeing its handle, so the text is useless (`No error`). */
function refusal(cause: unknown, { max }: SideLimits): string {
  return cause instanceof Error && cause.message === 'Insufficient output buffer'
    ? `more pixels than ${max}x${max}`
    : 'a truncated, damaged or unsupported JPEG';
}
