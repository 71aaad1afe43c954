import { createCanvas } from '@napi-rs/canvas';

/** Baseline JPEG of a gradient with some detail. */
export function baselineJpeg(width = 320, height = 240): Uint8Array {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const gradient = context.createLinearGradient(0, 0, width, height);
  gradient.addColorStop(0, '#204060');
  gradient.addColorStop(1, '#f0d0b0');
  context.fillStyle = gradient;
  context.fillRect(0, 0, width, height);
  for (let i = 0; i < 40; i++) {
    context.fillStyle = `hsl(${i * 9} 60% 50%)`;
    context.fillRect((i * 37) % width, (i * 53) % height, 9, 7);
  }
  return new Uint8Array(canvas.toBuffer('image/jpeg', 80));
}

/** A marker segment with its length field. */
export function segment(marker: number, ...content: number[]): number[] {
  const length = content.length + 2;
  return [0xff, marker, length >> 8, length & 0xff, ...content];
}

type Sampling = readonly [h: number, v: number];

/** Sampling factors of the common chroma formats. */
export const SAMPLINGS = {
  '4:4:4': [
    [1, 1],
    [1, 1],
    [1, 1],
  ],
  '4:2:2': [
    [2, 1],
    [1, 1],
    [1, 1],
  ],
  '4:2:0': [
    [2, 2],
    [1, 1],
    [1, 1],
  ],
  '4:4:0': [
    [1, 2],
    [1, 1],
    [1, 1],
  ],
  '4:1:1': [
    [4, 1],
    [1, 1],
    [1, 1],
  ],
  grey: [[1, 1]],
} as const satisfies Record<string, readonly Sampling[]>;

export interface FrameFields {
  readonly marker?: number;
  readonly bits?: number;
  readonly width?: number;
  readonly height?: number;
  readonly sampling?: readonly Sampling[];
}

/** Frame header: 0xc0 baseline, 0xc2 progressive, others are refused. Components are numbered 1, 2, 3. */
export function frameHeader({
  marker = 0xc0,
  bits = 8,
  width = 640,
  height = 480,
  sampling = SAMPLINGS['4:4:4'],
}: FrameFields = {}): number[] {
  const parts = sampling.flatMap(([h, v], i) => [i + 1, (h << 4) | v, 0]);
  return segment(marker, bits, height >> 8, height & 0xff, width >> 8, width & 0xff, sampling.length, ...parts);
}

export interface ScanFields {
  /** Component numbers. */
  readonly of?: readonly number[];
  readonly band?: readonly [first: number, last: number];
  /** Bit coded before (0: none) and bit coded now. */
  readonly shift?: readonly [before: number, now: number];
}

export function scanHeader({ of = [1, 2, 3], band = [0, 63], shift = [0, 0] }: ScanFields = {}): number[] {
  return segment(0xda, of.length, ...of.flatMap((id) => [id, 0]), band[0], band[1], (shift[0] << 4) | shift[1]);
}

/**
 * Scan of a picture without content. With the tables below every code is the bit 0: a difference of 0, the end of a
 * block, or the end of a run of 16,384 blocks, which takes 15 bits. The bytes suffice for any scan of such a picture.
 */
export function flatScan(fields: FrameFields, scan: ScanFields = {}): number[] {
  const { width = 640, height = 480, sampling = SAMPLINGS['4:4:4'] } = fields;
  const of = scan.of ?? sampling.map((_, i) => i + 1);
  const [hMax, vMax] = [Math.max(...sampling.map(([h]) => h)), Math.max(...sampling.map(([, v]) => v))];
  const units = (h: number, v: number) => Math.ceil((width * h) / (8 * hMax)) * Math.ceil((height * v) / (8 * vMax));
  const [first, last] = scan.band ?? [0, 63];
  const alone = sampling[(of[0] ?? 1) - 1] ?? [1, 1];
  const blocks =
    of.length === 1
      ? units(...alone)
      : units(1, 1) * of.reduce((sum, id) => sum + (sampling[id - 1]?.[0] ?? 1) * (sampling[id - 1]?.[1] ?? 1), 0);
  const bits = first > 0 ? Math.ceil(blocks / 16_384) * 15 : blocks * (last > 0 ? 2 : 1);
  return [...scanHeader({ ...scan, of }), ...Array<number>(Math.ceil(bits / 8)).fill(0)];
}

/** A Huffman table with the code 0 for one symbol. */
export const huffman = (id: number, symbol: number): number[] =>
  segment(0xc4, id, 1, ...Array<number>(15).fill(0), symbol);
export const quantisation = (): number[] => segment(0xdb, ...Array<number>(65).fill(1).with(0, 0));

export const SOI = [0xff, 0xd8];
export const EOI = [0xff, 0xd9];
const JFIF = segment(0xe0, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0);
const END_OF_BLOCK = 0x00;
const END_OF_RUN = 0xe0;

/** Assembles a JPEG from its markers, with the tables that `flatScan` needs. */
export function markers(...parts: readonly (readonly number[])[]): Uint8Array {
  const tables = [...quantisation(), ...huffman(0x00, 0), ...huffman(0x10, END_OF_BLOCK)];
  return Uint8Array.from([...SOI, ...JFIF, ...tables, ...parts.flat(), ...EOI]);
}

/** Decodable baseline JPEG of one grey. */
export const flatJpeg = (fields: FrameFields = {}): Uint8Array => markers(frameHeader(fields), flatScan(fields));

/** Progressive JPEG of one grey with these scans; decodable if they are in order. */
export function progressiveJpeg(
  scans: readonly ScanFields[] = SIMPLE_PROGRESSION,
  fields: FrameFields = {},
): Uint8Array {
  return markers(
    frameHeader({ marker: 0xc2, ...fields }),
    huffman(0x10, END_OF_RUN),
    ...scans.map((scan) => flatScan(fields, scan)),
  );
}

/** The ten scans of libjpeg's `jpeg_simple_progression`. */
export const SIMPLE_PROGRESSION: readonly ScanFields[] = [
  { of: [1, 2, 3], band: [0, 0], shift: [0, 1] },
  { of: [1], band: [1, 5], shift: [0, 2] },
  { of: [3], band: [1, 63], shift: [0, 1] },
  { of: [2], band: [1, 63], shift: [0, 1] },
  { of: [1], band: [6, 63], shift: [0, 2] },
  { of: [1], band: [1, 63], shift: [2, 1] },
  { of: [1, 2, 3], band: [0, 0], shift: [1, 0] },
  { of: [3], band: [1, 63], shift: [1, 0] },
  { of: [2], band: [1, 63], shift: [1, 0] },
  { of: [1], band: [1, 63], shift: [1, 0] },
];

/** The most expensive valid order of `count` scans: each walks every coefficient of one component again. At most 45. */
export function costlyProgression(count: number): ScanFields[] {
  const scans: ScanFields[] = [{ of: [1, 2, 3], band: [0, 0] }];
  for (let now = 13; now >= 0; now--)
    for (const id of [1, 2, 3]) scans.push({ of: [id], band: [1, 63], shift: [now === 13 ? 0 : now + 1, now] });
  return scans.slice(0, count);
}
