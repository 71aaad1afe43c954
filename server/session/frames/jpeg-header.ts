import { JpegScans } from './jpeg-scans.ts';
import { areHuffmanTables, areQuantisationTables } from './jpeg-tables.ts';

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const DQT = 0xdb;
const DHT = 0xc4;
const DRI = 0xdd;
const COM = 0xfe;
/** Baseline, extended sequential and progressive, all Huffman-coded (ITU-T T.81, table B.1). */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xc2;
/** Lossless, hierarchical and arithmetic coding, with their own segments: no camera and no browser writes them. */
const isOtherCoding = (marker: number) => (marker >= 0xc3 && marker <= 0xcf) || marker === 0xde || marker === 0xdf;
/** APPn and comments are passed over. Nothing else stands between scans: DNL would give a height after the fact. */
const isKnown = (marker: number) =>
  isFrame(marker) ||
  marker === DHT ||
  marker === DQT ||
  marker === DRI ||
  marker === SOS ||
  marker === COM ||
  (marker >= 0xe0 && marker <= 0xef);

/**
 * Segments of one file. A progressive one of 16 scans comes to some 60, with Exif, colour profile and thumbnail to some
 * 80.
 */
const MAX_SEGMENTS = 256;

export type JpegHeader =
  | { readonly ok: true; readonly width: number; readonly height: number }
  | { readonly ok: false; readonly problem: string };

const bad = (problem: string): JpegHeader => ({ ok: false, problem });
const CUT_OFF = bad('the file is cut off');

const scans = new JpegScans();
/** How many restart markers `skipScan` has passed; negative: one came out of turn. */
let restarts = 0;

/**
 * `indexOf` is the fastest over long runs, and slow to begin: a file of nothing but 0xFF 0x00 would cost 5 ms. So many
 * bytes after each 0xFF are checked one by one.
 */
const NEAR = 8;

/**
 * Position of the next marker after entropy-coded data: 0xFF that is followed by neither 0x00 nor a restart. Negative:
 * there is none.
 */
function skipScan(bytes: Uint8Array, from: number): number {
  const last = bytes.length - 1;
  restarts = 0;
  let near = 0;
  for (let p = from; p < last; p++) {
    if (bytes[p] !== 0xff) {
      if (near-- > 0) continue;
      p = bytes.indexOf(0xff, p);
      if (p < 0 || p >= last) return -1;
    }
    near = NEAR;
    const next = bytes[p + 1]!;
    if (next === 0x00) p += 1;
    else if (next >= 0xd0 && next <= 0xd7) {
      // Numbered modulo 8, from 0 on in each scan.
      if (restarts >= 0) restarts = next === 0xd0 + (restarts & 7) ? restarts + 1 : -1;
      p += 1;
    } else if (next !== 0xff) return p;
  }
  return -1;
}

/**
 * Walks the markers of a JPEG, before anything native sees a byte: its kind, its size, its tables, the order of its
 * scans, that each has the bytes that it must have at least, and that it ends. Touches no pixel; one pass, no
 * allocation but the answer. Bytes after the end are ignored: cameras put previews there.
 */
export function readJpegHeader(bytes: Uint8Array): JpegHeader {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) return bad('not a JPEG');
  scans.reset();
  let segments = 0;
  /** Units between two restarts; 0: there are none. */
  let interval = 0;
  let p = 2;
  while (p + 1 < bytes.length) {
    if (bytes[p] !== 0xff) return bad('a marker is missing');
    const marker = bytes[p + 1]!;
    if (marker === 0xff) {
      p += 1;
      continue;
    }
    if (marker === EOI)
      return scans.isComplete()
        ? { ok: true, width: scans.width, height: scans.height }
        : bad('no picture in the file');
    if (!isKnown(marker))
      return bad(isOtherCoding(marker) ? 'only baseline and progressive JPEG are accepted' : 'an unknown marker');
    if (p + 3 >= bytes.length) break;
    if (++segments > MAX_SEGMENTS) return bad(`more than ${MAX_SEGMENTS} segments`);
    const field = p + 2;
    const length = (bytes[field]! << 8) | bytes[field + 1]!;
    const end = field + length;
    if (length < 2 || end > bytes.length) return CUT_OFF;
    p = end;
    if (marker === DQT) {
      if (!areQuantisationTables(bytes, field + 2, end)) return bad('broken quantisation tables');
    } else if (marker === DHT) {
      if (!areHuffmanTables(bytes, field + 2, end)) return bad('broken Huffman tables');
    } else if (isFrame(marker)) {
      const problem = scans.beginFrame(marker, bytes, field, end);
      if (problem) return bad(problem);
    } else if (marker === DRI) {
      if (length !== 4) return bad('a broken restart interval');
      interval = (bytes[field + 2]! << 8) | bytes[field + 3]!;
    } else if (marker === SOS) {
      const problem = scans.beginScan(bytes, field, end);
      if (problem) return bad(problem);
      p = skipScan(bytes, end);
      if (p < 0) return CUT_OFF;
      if (!scans.canHold(p - end)) return bad('a scan has fewer bytes than its picture needs');
      const expected = scans.intervals(interval);
      // Some encoders end with one more; without an interval there are none.
      if (restarts < expected - 1 || restarts > (interval === 0 ? 0 : expected))
        return bad('restart markers out of turn');
    }
  }
  return CUT_OFF;
}
