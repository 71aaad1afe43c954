import { createCanvas } from '@napi-rs/canvas';

/** A baseline JPEG of a gradient with some detail. */
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

export interface HeaderFields {
  readonly marker?: number;
  readonly bits?: number;
  readonly width?: number;
  readonly height?: number;
  readonly components?: number;
}

/** A frame header: 0xc0 baseline, 0xc2 progressive, others are refused. */
export function frameHeader({ marker = 0xc0, bits = 8, width = 640, height = 480, components = 3 }: HeaderFields = {}): number[] {
  const parts = Array.from({ length: components }, (_, i) => [i + 1, 0x11, 0]).flat();
  return segment(marker, bits, height >> 8, height & 0xff, width >> 8, width & 0xff, components, ...parts);
}

/** A scan: its header and some entropy-coded bytes, with a stuffed 0xff and a restart marker among them. */
export const scan = (): number[] => [...segment(0xda, 1, 1, 0, 0, 63, 0), 0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56];

const SOI = [0xff, 0xd8];
const EOI = [0xff, 0xd9];
const TABLES = [...segment(0xdb, ...Array<number>(65).fill(1)), ...segment(0xc4, 0, 1, ...Array<number>(15).fill(0), 7)];

/** A JPEG by its markers; its picture is nonsense. */
export function markers(...parts: readonly number[][]): Uint8Array {
  return Uint8Array.from([...SOI, ...segment(0xe0, 0x4a, 0x46, 0x49, 0x46, 0), ...TABLES, ...parts.flat(), ...EOI]);
}

/** A progressive JPEG with this many scans, each with a table before it as encoders write them. */
export function progressiveJpeg(scans = 10, fields: HeaderFields = {}): Uint8Array {
  const all: number[][] = [frameHeader({ marker: 0xc2, ...fields })];
  for (let i = 0; i < scans; i++) all.push(segment(0xc4, 0, 1, ...Array<number>(15).fill(0), 7), scan());
  return markers(...all);
}
