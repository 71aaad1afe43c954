import fc from 'fast-check';
import { createCanvas } from '@napi-rs/canvas';
import { describe, expect, test } from 'vitest';
import { baselineJpeg, frameHeader, markers, progressiveJpeg, scan, segment } from '../../test/support/jpeg-bytes.ts';
import { readJpegHeader } from './jpeg-header.ts';

describe('a JPEG that is accepted (F5)', () => {
  test.each([
    [64, 64],
    [640, 480],
    [1920, 1080],
    [1080, 1920],
    [1920, 1920],
  ])('baseline, %d x %d, as an encoder writes it', (width, height) => {
    expect(readJpegHeader(baselineJpeg(width, height))).toEqual({ ok: true, width, height });
  });

  test('progressive, with ten scans', () => {
    expect(readJpegHeader(progressiveJpeg())).toEqual({ ok: true, width: 640, height: 480 });
  });

  test('one colour, fill bytes before a marker, data after the end', () => {
    expect(readJpegHeader(markers(frameHeader({ components: 1 }), scan()))).toMatchObject({ ok: true });
    expect(readJpegHeader(markers(frameHeader(), [0xff, 0xff, 0xff], scan()))).toMatchObject({ ok: true });
    expect(readJpegHeader(Uint8Array.from([...markers(frameHeader(), scan()), 1, 2, 3]))).toMatchObject({ ok: true });
  });
});

const HUGE_TEXT = Uint8Array.from({ length: 256 * 1024 }, (_, i) => (i < 2 ? [0xff, 0xd8][i]! : 0x41));

const REFUSED: [string, Uint8Array][] = [
  ['16000 x 16000', markers(frameHeader({ width: 16_000, height: 16_000 }), scan())],
  ['1 x 65535', markers(frameHeader({ width: 1, height: 65_535 }), scan())],
  ['1921 wide', markers(frameHeader({ width: 1921 }), scan())],
  ['63 high', markers(frameHeader({ height: 63 }), scan())],
  ['a height that comes later (0)', markers(frameHeader({ height: 0 }), scan())],
  ['arithmetic coding', markers(frameHeader({ marker: 0xc9 }), scan())],
  ['progressive arithmetic coding', markers(frameHeader({ marker: 0xca }), scan())],
  ['lossless coding', markers(frameHeader({ marker: 0xc3 }), scan())],
  ['hierarchical coding', markers(frameHeader({ marker: 0xc5 }), scan())],
  ['12 bits a sample', markers(frameHeader({ marker: 0xc1, bits: 12 }), scan())],
  ['four colours', markers(frameHeader({ components: 4 }), scan())],
  ['no colour', markers(frameHeader({ components: 0 }), scan())],
  ['10,000 scans', progressiveJpeg(10_000)],
  ['65 scans', progressiveJpeg(65)],
  ['two frame headers', markers(frameHeader(), frameHeader(), scan())],
  ['a second frame header after the first scan', markers(frameHeader(), scan(), frameHeader({ width: 16_000 }), scan())],
  ['a scan before the frame header', markers(scan(), frameHeader(), scan())],
  ['no scan', markers(frameHeader())],
  ['no frame header', markers()],
  ['a frame header that is too short', markers(segment(0xc0, 8, 1, 224, 2, 128), scan())],
  ['a segment without a length', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 0, 0xff, 0xd9)],
  ['a segment longer than the file', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff, 0xff, 0xd9)],
  ['PNG', new Uint8Array(createCanvas(320, 240).toBuffer('image/png'))],
  ['WebP', new Uint8Array(createCanvas(320, 240).toBuffer('image/webp'))],
  ['nothing', new Uint8Array(0)],
  ['one byte', Uint8Array.of(0xff)],
  ['a beginning and an end', Uint8Array.of(0xff, 0xd8, 0xff, 0xd9)],
  ['text after the first marker', HUGE_TEXT],
  ['256 KiB of fill bytes', new Uint8Array(256 * 1024).fill(0xff).with(1, 0xd8)],
  ['256 KiB of restart markers', Uint8Array.from({ length: 256 * 1024 }, (_, i) => (i % 2 === 0 ? 0xff : i === 1 ? 0xd8 : 0xd0))],
  ['256 KiB of stuffed bytes in a scan without end', Uint8Array.from([...markers(frameHeader(), scan()).slice(0, -2), ...Array.from({ length: 200_000 }, (_, i) => (i % 2 === 0 ? 0xff : 0))])],
];

describe('what is no usable JPEG (F5)', () => {
  test.each(REFUSED)('%s: refused, with a reason', (_name, bytes) => {
    expect(readJpegHeader(bytes)).toEqual({ ok: false, problem: expect.stringMatching(/^[\w ,.%-]{5,80}$/) });
  });

  test.each([
    ['baseline', baselineJpeg(96, 80)],
    ['progressive', progressiveJpeg(4)],
  ])('a %s file that is cut off, at every length', (_name, bytes) => {
    expect(readJpegHeader(bytes).ok).toBe(true);
    for (let length = 0; length < bytes.length; length++) {
      expect(readJpegHeader(bytes.subarray(0, length)).ok, `${length} of ${bytes.length} bytes`).toBe(false);
    }
  });

  test('whatever the bytes are: an answer, and never a size beyond the limits', () => {
    const good = baselineJpeg(96, 80);
    const damaged = fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.oneof(damaged.map((edits) => edits.reduce((bytes, [at, value]) => bytes.with(at, value), good)), fc.uint8Array({ maxLength: 300 })), (bytes) => {
        const header = readJpegHeader(bytes);
        if (!header.ok) return;
        expect(Math.min(header.width, header.height)).toBeGreaterThanOrEqual(64);
        expect(Math.max(header.width, header.height)).toBeLessThanOrEqual(1920);
      }),
      { numRuns: 500 },
    );
  });
});
