import { exifOrientation } from '../../models/exif-orientation.ts';

const SOI = Buffer.from([0xff, 0xd8]);
const EOI = 0xd9;
const SOS = 0xda;
const COM = 0xfe;
const APP0 = 0xe0;
const APP2 = 0xe2;
/** Adobe: how the colours are coded. */
const APP14 = 0xee;
const APP15 = 0xef;
const JFIF = Buffer.from('JFIF\0');
const JFIF_BYTES = 18;
/** Width and height of the preview in a JFIF segment. */
const JFIF_PREVIEW = 16;
const ICC = Buffer.from('ICC_PROFILE\0');

const startsWith = (segment: Buffer, name: Buffer) => segment.subarray(4, 4 + name.length).equals(name);

/** Exif with an orientation and nothing else (Exif 2.32, 4.5.2: TIFF header, one directory with one entry). */
const orientationOnly = (value: number): Buffer =>
  Buffer.concat([
    Buffer.from([0xff, 0xe1, 0, 34]),
    Buffer.from('Exif\0\0MM\0\x2a\0\0\0\x08', 'latin1'),
    Buffer.from([0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, value, 0, 0, 0, 0, 0, 0]),
  ]);

/** What is kept of a segment that codes no picture; undefined: nothing. */
function kept(segment: Buffer): Buffer | undefined {
  const marker = segment[1];
  if (marker === APP14) return segment;
  if (marker === APP2) return startsWith(segment, ICC) ? segment : undefined;
  if (marker !== APP0 || !startsWith(segment, JFIF) || segment.length < JFIF_BYTES) return undefined;
  if (segment.length === JFIF_BYTES) return segment;
  const plain = Buffer.from(segment.subarray(0, JFIF_BYTES));
  plain.writeUInt16BE(JFIF_BYTES - 2, 2);
  plain.writeUInt16BE(0, JFIF_PREVIEW);
  return plain;
}

/** End of the coded data that begins at `from`: the next marker but for stuffing and restarts. */
function codedEnd(jpeg: Buffer, from: number): number {
  for (let p = from; p + 1 < jpeg.length; p++) {
    if (jpeg[p] !== 0xff) continue;
    const next = jpeg[p + 1]!;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return p;
  }
  return jpeg.length;
}

/**
 * A valid JPEG without what says more than the picture: place, time and device (Exif, XMP, IPTC), comments, previews,
 * and whatever is behind its end. Its orientation and colours stay. Coded data is copied as it is.
 */
export function withoutMetadata(bytes: Uint8Array): Uint8Array {
  const jpeg = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const orientation = exifOrientation(jpeg);
  const parts: Buffer[] = [SOI];
  // Behind a JFIF segment, which comes first.
  let isTurned = orientation === 1;
  for (let p = SOI.length; p + 3 < jpeg.length;) {
    // Not a JPEG.
    if (jpeg[p] !== 0xff) return bytes;
    const marker = jpeg[p + 1]!;
    if (marker === 0xff) {
      p += 1;
      continue;
    }
    if (marker === EOI) break;
    const end = p + 2 + jpeg.readUInt16BE(p + 2);
    const segment = jpeg.subarray(p, end);
    const says = marker === COM || (marker >= APP0 && marker <= APP15);
    if (!isTurned && marker !== APP0) {
      parts.push(orientationOnly(orientation));
      isTurned = true;
    }
    const left = says ? kept(segment) : segment;
    if (left) parts.push(left);
    p = end;
    if (marker !== SOS) continue;
    p = codedEnd(jpeg, end);
    parts.push(jpeg.subarray(end, p));
  }
  parts.push(Buffer.from([0xff, EOI]));
  return new Uint8Array(Buffer.concat(parts));
}
