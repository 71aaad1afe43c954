/** How a picture is to be turned or mirrored for display: 1 (not at all) to 8 (Exif 2.32, 4.6.5.1, tag 0x0112). */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const SOI = 0xffd8;
const SOS = 0xda;
const APP1 = 0xe1;
/** `Exif`, 0, 0. */
const EXIF = Buffer.from([0x45, 0x78, 0x69, 0x66, 0, 0]);
const LITTLE_ENDIAN = 0x4949;
const BIG_ENDIAN = 0x4d4d;
const TIFF = 42;
const ORIENTATION = 0x0112;
const SHORT = 3;
const ENTRY_BYTES = 12;

/**
 * Reads the orientation from the Exif segment in front of the coded data.
 * @returns 1 if there is none, or it is malformed: as browsers do
 */
export function exifOrientation(jpeg: Buffer): Orientation {
  if (jpeg.length < 4 || jpeg.readUInt16BE(0) !== SOI) return 1;
  for (let p = 2; p + 4 <= jpeg.length && jpeg[p] === 0xff;) {
    const marker = jpeg[p + 1]!;
    if (marker === 0xff) {
      p += 1;
      continue;
    }
    if (marker === SOS) return 1;
    const end = p + 2 + jpeg.readUInt16BE(p + 2);
    if (marker === APP1 && EXIF.equals(jpeg.subarray(p + 4, p + 4 + EXIF.length)))
      return ofTiff(jpeg.subarray(p + 4 + EXIF.length, end));
    p = end;
  }
  return 1;
}

/** Searches the first directory of the TIFF structure (TIFF 6.0, section 2). */
function ofTiff(tiff: Buffer): Orientation {
  if (tiff.length < 8) return 1;
  const order = tiff.readUInt16BE(0);
  if (order !== LITTLE_ENDIAN && order !== BIG_ENDIAN) return 1;
  const little = order === LITTLE_ENDIAN;
  const u16 = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const u32 = (at: number) => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  const directory = u32(4);
  if (u16(2) !== TIFF || directory + 2 > tiff.length) return 1;
  const last = Math.min(directory + 2 + u16(directory) * ENTRY_BYTES, tiff.length) - ENTRY_BYTES;
  for (let at = directory + 2; at <= last; at += ENTRY_BYTES) {
    if (u16(at) !== ORIENTATION) continue;
    const value = u16(at + 8);
    return u16(at + 2) === SHORT && u32(at + 4) === 1 && value >= 1 && value <= 8 ? (value as Orientation) : 1;
  }
  return 1;
}
