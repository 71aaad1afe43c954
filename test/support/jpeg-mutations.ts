import { mixSeed, pick, type Random, seeded } from '../../simulator/draw/prng.ts';
import { segment } from './jpeg-bytes.ts';

/** Integer from 0 to below `end`. */
const below = (random: Random, end: number) => Math.min(end - 1, Math.floor(random() * end));

interface Segment {
  /** Offset of its 0xFF. */
  readonly at: number;
  readonly marker: number;
  /** Offset after its last byte. */
  readonly end: number;
}

/** Segments before the first scan header. */
function segmentsOf(bytes: Uint8Array): Segment[] {
  const found: Segment[] = [];
  for (let p = 2; p + 4 <= bytes.length && bytes[p] === 0xff;) {
    const marker = bytes[p + 1]!;
    const end = p + 2 + ((bytes[p + 2]! << 8) | bytes[p + 3]!);
    found.push({ at: p, marker, end });
    if (marker === 0xda) break;
    p = end;
  }
  return found;
}

const join = (...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array =>
  new Uint8Array(Buffer.concat(parts.map((part) => Uint8Array.from(part))));
const FRAME_HEADERS = [0xc0, 0xc1, 0xc2];

type Mutator = (random: Random, bytes: Uint8Array, other: Uint8Array) => Uint8Array;

function flip(random: Random, bytes: Uint8Array, from: number, to: number): Uint8Array {
  const copy = bytes.slice();
  for (let n = 1 + below(random, 16); n > 0; n--) copy[from + below(random, to - from)]! ^= 1 << below(random, 8);
  return copy;
}

/** Modifies one chosen segment. */
const surgery =
  (operate: (random: Random, bytes: Uint8Array, target: Segment, all: readonly Segment[]) => Uint8Array): Mutator =>
  (random, bytes) => {
    const all = segmentsOf(bytes);
    return all.length === 0 ? bytes : operate(random, bytes, pick(random, all), all);
  };

const ODD_SIZES = [0, 1, 7, 63, 64, 65, 480, 640, 1919, 1920, 1921, 4096, 16_000, 65_535];

export const MUTATORS: Readonly<Record<string, Mutator>> = {
  flipAnywhere: (random, bytes) => flip(random, bytes, 2, bytes.length),
  flipHeaders: (random, bytes) => flip(random, bytes, 2, Math.min(bytes.length, 700)),
  flipOneBit: (random, bytes) => {
    const at = below(random, bytes.length);
    return bytes.with(at, bytes[at]! ^ (1 << below(random, 8)));
  },
  cut: (random, bytes) => bytes.slice(0, below(random, bytes.length)),
  cutAndEnd: (random, bytes) => join(bytes.subarray(0, below(random, bytes.length)), [0xff, 0xd9]),
  spliceOther: (random, bytes, other) =>
    join(bytes.subarray(0, below(random, bytes.length)), other.subarray(below(random, other.length))),
  remove: (random, bytes) => {
    const at = below(random, bytes.length);
    return join(bytes.subarray(0, at), bytes.subarray(at + 1 + below(random, 200)));
  },
  repeat: (random, bytes) => {
    const at = below(random, bytes.length);
    const run = bytes.subarray(at, at + 1 + below(random, 4000));
    return join(bytes.subarray(0, at), run, run, bytes.subarray(at));
  },
  noise: (random, bytes) => {
    const copy = bytes.slice();
    const at = below(random, bytes.length);
    for (let p = at; p < Math.min(bytes.length, at + 1 + below(random, 300)); p++) copy[p] = below(random, 256);
    return copy;
  },
  markersInScan: (random, bytes) => {
    const copy = bytes.slice();
    for (let n = 1 + below(random, 4); n > 0; n--)
      copy.set([0xff, below(random, 256)], below(random, bytes.length - 1));
    return copy;
  },
  dropSegment: surgery((_random, bytes, target) => join(bytes.subarray(0, target.at), bytes.subarray(target.end))),
  doubleSegment: surgery((_random, bytes, target) => join(bytes.subarray(0, target.end), bytes.subarray(target.at))),
  moveSegment: surgery((random, bytes, target, all) => {
    const to = pick(random, all).at;
    const moved = bytes.subarray(target.at, target.end);
    return to <= target.at
      ? join(bytes.subarray(0, to), moved, bytes.subarray(to, target.at), bytes.subarray(target.end))
      : join(bytes.subarray(0, target.at), bytes.subarray(target.end, to), moved, bytes.subarray(to));
  }),
  renameSegment: surgery((random, bytes, target) => bytes.with(target.at + 1, below(random, 256))),
  wrongLength: surgery((random, bytes, target) => bytes.with(target.at + 2 + below(random, 2), below(random, 256))),
  changeContent: surgery((random, bytes, target) =>
    flip(random, bytes, target.at + 4, Math.max(target.at + 5, target.end)),
  ),
  insertSegment: surgery((random, bytes, target) => {
    const content = Array.from({ length: below(random, 80) }, () => below(random, 256));
    return join(
      bytes.subarray(0, target.at),
      segment(
        pick(
          random,
          [0xc0, 0xc2, 0xc4, 0xc9, 0xcc, 0xd8, 0xda, 0xdb, 0xdc, 0xdd, 0xde, 0xdf, 0xe0, 0xee, 0xf0, 0xfe, 0x01],
        ),
        ...content,
      ),
      bytes.subarray(target.at),
    );
  }),
  changeFrame: surgery((random, bytes, _target, all) => {
    const frame = all.find(({ marker }) => FRAME_HEADERS.includes(marker));
    if (!frame) return bytes;
    const copy = bytes.slice();
    const size = pick(random, ODD_SIZES);
    const field = below(random, 6);
    if (field === 0) copy[frame.at + 1] = pick(random, [...FRAME_HEADERS, 0xc3, 0xc5, 0xc9, 0xca]);
    else if (field === 1) copy[frame.at + 4] = pick(random, [0, 2, 7, 9, 12, 16]);
    else if (field < 4) copy.set([size >> 8, size & 255], frame.at + 5 + 2 * (field - 2));
    else if (field === 4) copy[frame.at + 11 + 3 * below(random, 3)] = (below(random, 6) << 4) | below(random, 6);
    else copy[frame.at + 9 + below(random, 10)] = below(random, 8);
    return copy;
  }),
  changeScan: surgery((random, bytes, _target, all) => {
    const scan = all.find(({ marker }) => marker === 0xda);
    if (!scan) return bytes;
    return bytes.with(
      scan.at + 4 + below(random, Math.max(1, scan.end - scan.at - 4)),
      pick(random, [0, 1, 2, 3, 5, 0x10, 0x11, 0x21, 62, 63, 64, 255]),
    );
  }),
  restartInterval: surgery((random, bytes, target) =>
    join(
      bytes.subarray(0, target.at),
      segment(0xdd, pick(random, [0, 0, 0, 1, 255]), below(random, 256)),
      bytes.subarray(target.at),
    ),
  ),
};

export interface Mutant {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const NAMES = Object.keys(MUTATORS);

/** The mutant of this number: the same bytes for the same seed, number and pictures. One in four is mutated twice. */
export function mutant(seed: number, number: number, pictures: readonly Uint8Array[]): Mutant {
  const random = seeded(mixSeed(seed, number));
  let bytes = pick(random, pictures);
  const names: string[] = [];
  for (let n = random() < 0.25 ? 2 : 1; n > 0; n--) {
    const name = NAMES[(number + names.length * 7) % NAMES.length]!;
    names.push(name);
    bytes = MUTATORS[name]!(random, bytes, pick(random, pictures));
    if (bytes.length < 16) break;
  }
  return { name: names.join('+'), bytes };
}
