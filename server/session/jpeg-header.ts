import { MAX_SIDE, MIN_SIDE } from '../../protocol/frame.ts';

/** Scans of a progressive file: decoders pay for each, so that a small file could cost seconds. */
const MAX_SCANS = 64;
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
/** Baseline, extended sequential and progressive, all Huffman-coded (ITU-T T.81, table B.1). */
const FRAMES = new Set([0xc0, 0xc1, 0xc2]);
const OTHER_FRAMES = new Set([0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]);

export type JpegHeader = { readonly ok: true; readonly width: number; readonly height: number } | { readonly ok: false; readonly problem: string };

const bad = (problem: string): JpegHeader => ({ ok: false, problem });
const isStandalone = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);

/** Reads the size of a frame header segment at `p`, its length field. */
function readSize(bytes: Uint8Array, p: number, length: number): JpegHeader {
  if (length < 8) return bad('the frame header is too short');
  if (bytes[p + 2] !== 8) return bad('only 8 bits a sample are accepted');
  const height = (bytes[p + 3]! << 8) | bytes[p + 4]!;
  const width = (bytes[p + 5]! << 8) | bytes[p + 6]!;
  if (width < MIN_SIDE || height < MIN_SIDE || width > MAX_SIDE || height > MAX_SIDE) {
    return bad(`${width}x${height} is not within ${MIN_SIDE}..${MAX_SIDE} pixels a side`);
  }
  const components = bytes[p + 7];
  return components === 1 || components === 3 ? { ok: true, width, height } : bad(`${components} colour components are not accepted`);
}

/** Position of the next marker after entropy-coded data: 0xFF that is followed by neither 0x00 nor a restart. */
function skipScan(bytes: Uint8Array, from: number): number {
  let p = from;
  while (true) {
    p = bytes.indexOf(0xff, p);
    if (p < 0 || p + 1 >= bytes.length) return -1;
    const next = bytes[p + 1]!;
    if (next !== 0x00 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return p;
    p += next === 0xff ? 1 : 2;
  }
}

/**
 * Walks the markers of a JPEG, before anything native sees a byte: its kind, its size, the number of its
 * scans, and that it ends. Touches no pixel; one pass, no allocation but the answer.
 */
export function readJpegHeader(bytes: Uint8Array): JpegHeader {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) return bad('not a JPEG');
  let size: JpegHeader | undefined;
  let scans = 0;
  let p = 2;
  while (p + 1 < bytes.length) {
    if (bytes[p] !== 0xff) return bad('a marker is missing');
    const marker = bytes[p + 1]!;
    if (marker === 0xff) { p += 1; continue; }
    if (marker === EOI) return size && scans > 0 ? size : bad('no picture in the file');
    if (isStandalone(marker)) { p += 2; continue; }
    if (p + 3 >= bytes.length) break;
    const length = (bytes[p + 2]! << 8) | bytes[p + 3]!;
    if (length < 2 || p + 2 + length > bytes.length) return bad('the file is cut off');
    if (OTHER_FRAMES.has(marker)) return bad('only baseline and progressive JPEG are accepted');
    if (FRAMES.has(marker)) {
      if (size) return bad('more than one frame header');
      size = readSize(bytes, p + 2, length);
      if (!size.ok) return size;
    }
    p += 2 + length;
    if (marker !== SOS) continue;
    if (!size) return bad('a scan before the frame header');
    if (++scans > MAX_SCANS) return bad(`more than ${MAX_SCANS} scans`);
    p = skipScan(bytes, p);
    if (p < 0) return bad('the file is cut off');
  }
  return bad('the file is cut off');
}
