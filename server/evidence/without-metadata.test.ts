import { describe, expect, test } from 'vitest';
import { exifOrientation } from '../../models/exif-orientation.ts';
import { JpegDecoder } from '../../models/decode.ts';
import {
  baselineJpeg,
  EOI,
  flatScan,
  frameHeader,
  huffman,
  progressiveJpeg,
  quantisation,
  segment,
  SOI,
} from '../../test/support/jpeg-bytes.ts';
import { jpeg } from '../../test/support/pictures.ts';
import { readJpegHeader } from '../session/frames/jpeg-header.ts';
import { withoutMetadata } from './without-metadata.ts';

const text = (words: string) => [...Buffer.from(words, 'latin1')];
const entry = (tag: number, value: number) => [tag >> 8, tag & 255, 0, 3, 0, 0, 0, 1, 0, value, 0, 0];
/** Exif of a phone: the way it was held, and where. */
const exif = (orientation: number) =>
  segment(
    0xe1,
    ...text('Exif\0\0MM\0\x2a\0\0\0\x08\0\x02'),
    ...entry(0x0112, orientation),
    ...entry(0x8825, 38),
    ...text('\0\0\0\0GPS 52.5200 13.4050'),
  );
/** @param more segments behind the start of the file */
const withSegments = (bytes: Uint8Array, ...more: readonly (readonly number[])[]) =>
  Uint8Array.from([...SOI, ...more.flat(), ...bytes.subarray(2)]);
const has = (bytes: Uint8Array, words: string) => Buffer.from(bytes).includes(Buffer.from(words, 'latin1'));

describe('a picture without metadata', () => {
  test.each([
    ['of an encoder', jpeg(1)],
    ['baseline', baselineJpeg(641, 473)],
    ['progressive', progressiveJpeg()],
  ])('is the same where there is none: %s', (_name, bytes) => {
    expect(Buffer.from(withoutMetadata(bytes)).equals(bytes)).toBe(true);
  });

  test.each([
    ['Exif with a place', exif(1)],
    ['XMP', segment(0xe1, ...text('http://ns.adobe.com/xap/1.0/\0<GPS 52.5200/>'))],
    ['IPTC', segment(0xed, ...text('Photoshop 3.0\0GPS 52.5200'))],
    ['previews of several pictures', segment(0xe2, ...text('MPF\0GPS 52.5200'))],
    ['a preview beside the JFIF segment', segment(0xe0, ...text('JFXX\0GPS 52.5200'))],
    ['a comment', segment(0xfe, ...text('GPS 52.5200'))],
  ])('says nothing of %s', (_name, more) => {
    const bytes = withSegments(jpeg(2), more);
    expect(has(bytes, 'GPS')).toBe(true);
    expect(Buffer.from(withoutMetadata(bytes)).equals(jpeg(2))).toBe(true);
  });

  test('ends where the picture ends, and has no metadata between its scans', () => {
    const behind = Uint8Array.from([...jpeg(3), ...text('PK\x03\x04<script>'), ...jpeg(4)]);
    expect(Buffer.from(withoutMetadata(behind)).equals(jpeg(3))).toBe(true);
    const scans = ([1, 2, 3] as const).map((one) => flatScan({}, { of: [one] }));
    const file = (between: readonly number[]) =>
      Uint8Array.from([
        ...[SOI, quantisation(), huffman(0, 0), huffman(0x10, 0), frameHeader()].flat(),
        ...scans.flatMap((scan) => [...between, ...scan]),
        ...EOI,
      ]);
    const note = segment(0xfe, ...text('GPS'));
    expect(Buffer.from(withoutMetadata(file(note))).equals(file([]))).toBe(true);
  });

  test('has no preview in its JFIF segment', () => {
    const preview = [...text('JFIF\0'), 1, 1, 0, 0, 72, 0, 72];
    const bytes = Uint8Array.from([
      ...SOI,
      ...segment(0xe0, ...preview, 1, 1, ...text('GPS')),
      ...baselineJpeg().subarray(20),
    ]);
    const plain = withoutMetadata(bytes);
    expect(has(plain, 'GPS')).toBe(false);
    expect([...plain.subarray(0, 20)]).toEqual([...SOI, ...segment(0xe0, ...preview, 0, 0)]);
    expect(readJpegHeader(plain)).toMatchObject({ ok: true });
  });

  test.each([2, 3, 6, 8])('is shown upright as before: orientation %d', (orientation) => {
    const bytes = withSegments(jpeg(5), exif(orientation));
    const plain = withoutMetadata(bytes);
    expect(has(plain, 'GPS')).toBe(false);
    expect(exifOrientation(Buffer.from(plain))).toBe(orientation);
    expect(readJpegHeader(plain)).toEqual(readJpegHeader(bytes));
    const shown = (file: Uint8Array) => {
      const { width, height, data } = new JpegDecoder().decode(file);
      return { width, height, data: Buffer.from(data).toString('base64') };
    };
    expect(shown(plain)).toEqual(shown(bytes));
  });

  test('keeps its colours: profile and coding', () => {
    const bytes = withSegments(
      baselineJpeg(),
      segment(0xee, ...text('Adobe\0\x64\0\0\0\0\x01')),
      segment(0xe2, ...text('ICC_PROFILE\0\x01\x01abc')),
    );
    expect(Buffer.from(withoutMetadata(bytes)).equals(bytes)).toBe(true);
  });
});
