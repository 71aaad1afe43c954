import { createCanvas } from '@napi-rs/canvas';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JpegDecoder } from './decode.ts';
import { exifOrientation, type Orientation } from './exif-orientation.ts';
import { exif } from '../simulator/exif.ts';

const ALL: readonly Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8];
const WIDTH = 160;
const HEIGHT = 96;
/** Corners of the stored picture: top left, top right, bottom left, bottom right. */
const COLOURS = { A: [220, 30, 30], B: [30, 200, 30], C: [30, 30, 220], D: [200, 200, 40] } as const;
/** Corners as they are to be seen (Exif 2.32, 4.6.5.1: sides of the first row and of the first column). */
const SEEN: Readonly<Record<Orientation, string>> = {
  1: 'ABCD',
  2: 'BADC',
  3: 'DCBA',
  4: 'CDAB',
  5: 'ACBD',
  6: 'CADB',
  7: 'DBCA',
  8: 'BDAC',
};

const JPEG = (() => {
  const canvas = createCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext('2d');
  for (const [index, colour] of Object.values(COLOURS).entries()) {
    context.fillStyle = `rgb(${colour.join()})`;
    context.fillRect(((index % 2) * WIDTH) / 2, (Math.floor(index / 2) * HEIGHT) / 2, WIDTH / 2, HEIGHT / 2);
  }
  return canvas.encodeSync('jpeg', 95);
})();

const withSegments = (...segments: readonly Buffer[]): Buffer =>
  Buffer.concat([JPEG.subarray(0, 2), ...segments, JPEG.subarray(2)]);

/** Names of the colours in the corners. */
function corners(jpeg: Uint8Array): { size: readonly [number, number]; seen: string } {
  const { width, height, data } = new JpegDecoder().decode(jpeg);
  const name = (x: number, y: number): string => {
    const at = (y * width + x) * 3;
    const distance = (colour: readonly number[]) => Math.hypot(...colour.map((value, i) => value - data[at + i]!));
    return Object.entries(COLOURS).toSorted(([, a], [, b]) => distance(a) - distance(b))[0]![0];
  };
  const [right, bottom] = [width - 9, height - 9];
  return { size: [width, height], seen: name(8, 8) + name(right, 8) + name(8, bottom) + name(right, bottom) };
}

test.for(ALL)('a picture with Exif orientation %d is decoded as it is to be seen', (orientation) => {
  expect(corners(withSegments(exif(orientation)))).toEqual({
    size: orientation < 5 ? [WIDTH, HEIGHT] : [HEIGHT, WIDTH],
    seen: SEEN[orientation],
  });
});

test('a picture decoded after a turned one is not turned', () => {
  const decoder = new JpegDecoder();
  decoder.decode(withSegments(exif(6)));
  expect(decoder.decode(JPEG)).toMatchObject({ width: WIDTH, height: HEIGHT });
});

describe('the orientation is read', () => {
  test.for<[string, Buffer]>([
    ['in either byte order', withSegments(exif(6, { little: false }))],
    ['behind other entries', withSegments(exif(6, { others: 9 }))],
    ['behind JFIF, comments and XMP', withSegments(Buffer.from([0xff, 0xfe, 0, 4, 1, 2]), xmp(), exif(6))],
    ['behind fill bytes', withSegments(Buffer.from([0xff, 0xff]), exif(6))],
    ['from the first Exif segment', withSegments(exif(6), exif(3))],
  ])('%s', ([, jpeg]) => expect(exifOrientation(jpeg)).toBe(6));
});

function xmp(): Buffer {
  const body = Buffer.from('http://ns.adobe.com/xap/1.0/\0<x/>', 'latin1');
  return Buffer.concat([Buffer.from([0xff, 0xe1, 0, body.length + 2]), body]);
}

describe('the picture is not turned', () => {
  test.for<[string, Buffer]>([
    ['without Exif', JPEG],
    ['by orientation 0', withSegments(exif(0))],
    ['by orientation 9', withSegments(exif(9))],
    ['by a value of another type', withSegments(exif(6, { type: 4 }))],
    ['by two values', withSegments(exif(6, { count: 2 }))],
    ['by Exif that is cut off', withSegments(Buffer.from([0xff, 0xe1, 0, 8, 0x45, 0x78, 0x69, 0x66, 0, 0]))],
    ['by Exif in the preview behind the end', Buffer.concat([JPEG, JPEG.subarray(0, 2), exif(6)])],
  ])('%s', ([, jpeg]) => {
    expect(exifOrientation(jpeg)).toBe(1);
    expect(corners(jpeg).seen).toBe('ABCD');
  });
});

test('any bytes in the Exif segment are read without an error', () => {
  const segment = exif(6, { others: 3 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(segment.length - 1), fc.nat(255)), { maxLength: 12 }),
      fc.nat(segment.length),
      (changes, length) => {
        const changed = Buffer.from(segment.subarray(0, Math.max(4, length)));
        for (const [at, value] of changes) if (at < changed.length) changed[at] = value;
        expect(ALL).toContain(exifOrientation(withSegments(changed)));
      },
    ),
  );
});
