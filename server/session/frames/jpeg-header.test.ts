import { createCanvas } from '@napi-rs/canvas';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FRAME_SIDES } from '../../../models/jpeg-limits.ts';
import { MAX_SIDE, MIN_SIDE } from '../../../protocol/frame.ts';
import {
  baselineJpeg,
  costlyProgression,
  EOI,
  flatJpeg,
  flatScan,
  frameHeader,
  huffman,
  markers,
  progressiveJpeg,
  quantisation,
  SAMPLINGS,
  type ScanFields,
  scanHeader,
  segment,
  SIMPLE_PROGRESSION,
  SOI,
} from '../../../test/support/jpeg-bytes.ts';
import { photos } from '../../../test/support/photos.ts';
import { sharedFolder } from '../../../test/support/requirements.ts';
import { readJpegHeader } from './jpeg-header.ts';

const VGA = { ok: true, width: 640, height: 480 };

test('accepts exactly the JPEGs that the decoder accepts', () => {
  expect(FRAME_SIDES).toEqual({ min: MIN_SIDE, max: MAX_SIDE });
});

/** Restart intervals of 600 of the 4,800 units, of which each takes 6 bits: 450 bytes, and some more. */
function restarts(...ends: readonly number[]): Uint8Array {
  const coded = ends.flatMap((end) => [...Array<number>(600).fill(0), 0xff, end]);
  return markers(frameHeader(), segment(0xdd, 600 >> 8, 600 & 0xff), scanHeader(), [
    ...coded,
    ...Array<number>(600).fill(0),
  ]);
}

const EXIF = segment(0xe1, 0x45, 0x78, 0x69, 0x66, 0, 0, ...Array<number>(20_000).fill(0x2a));
const PROFILE = segment(0xe2, ...Array<number>(3000).fill(0xff));

const ACCEPTED: [string, Uint8Array][] = [
  ['extended sequential', flatJpeg({ marker: 0xc1 })],
  [
    'each component in a scan of its own',
    markers(frameHeader(), flatScan({}, { of: [1] }), flatScan({}, { of: [2] }), flatScan({}, { of: [3] })),
  ],
  ["progressive, with the ten scans of libjpeg's script", progressiveJpeg()],
  ['progressive, with 16 scans', progressiveJpeg(costlyProgression(16))],
  [
    'progressive, of one colour',
    progressiveJpeg(
      [
        { of: [1], band: [0, 0] },
        { of: [1], band: [1, 63] },
      ],
      { sampling: SAMPLINGS.grey },
    ),
  ],
  ['seven restart markers for eight intervals', restarts(0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6)],
  ['eight restart markers for eight intervals', restarts(0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7)],
  [
    'a restart interval that was taken back',
    markers(frameHeader(), segment(0xdd, 0, 1), segment(0xdd, 0, 0), flatScan({})),
  ],
  [
    'Exif, a colour profile and a comment',
    markers(EXIF, PROFILE, segment(0xfe, 0x68, 0x69), frameHeader(), flatScan({})),
  ],
  [
    'without Huffman tables, as webcams write motion JPEG',
    Uint8Array.from([...SOI, ...quantisation(), ...frameHeader(), ...flatScan({}), ...EOI]),
  ],
  ['fill bytes before a marker', markers(frameHeader(), [0xff, 0xff, 0xff], flatScan({}))],
  ['a preview behind the end', Uint8Array.from([...flatJpeg(), ...flatJpeg({ width: 160, height: 120 })])],
];

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

  test.each(Object.entries(SAMPLINGS))('sampling %s', (_name, sampling) => {
    expect(readJpegHeader(flatJpeg({ sampling }))).toEqual(VGA);
    expect(readJpegHeader(flatJpeg({ sampling, width: 641, height: 473 }))).toEqual({
      ok: true,
      width: 641,
      height: 473,
    });
  });

  test.each(ACCEPTED)('%s', (_name, bytes) => {
    expect(readJpegHeader(bytes)).toEqual(VGA);
  });

  test.runIf(sharedFolder)('photos of cameras (shared)', () => {
    for (const photo of ['AWAY_', 'EYES_', 'MULTI_', 'NONE_', 'ONE_'].flatMap(photos))
      expect(readJpegHeader(photo)).toEqual(VGA);
  });
});

const HUGE_TEXT = Uint8Array.from({ length: 256 * 1024 }, (_, i) => (i < 2 ? [0xff, 0xd8][i]! : 0x41));
const grey = (...factors: [number, number][]) => flatJpeg({ sampling: factors });
const named = (...ids: number[]) =>
  markers(segment(0xc0, 8, 1, 224, 2, 128, ids.length, ...ids.flatMap((id) => [id, 0x11, 0])), flatScan({}));
const progressive = (...scans: ScanFields[]) => progressiveJpeg(scans);
const DC: ScanFields = { of: [1, 2, 3], band: [0, 0] };

const REFUSED: [string, Uint8Array, string][] = [
  ['16000 x 16000', flatJpeg({ width: 16_000, height: 16_000 }), '16000x16000 is not within 64..1920 pixels a side'],
  ['1 x 65535', flatJpeg({ width: 1, height: 65_535 }), '1x65535 is not within 64..1920 pixels a side'],
  ['1921 wide', flatJpeg({ width: 1921 }), '1921x480 is not within 64..1920 pixels a side'],
  ['63 high', flatJpeg({ height: 63 }), '640x63 is not within 64..1920 pixels a side'],
  [
    'a height that comes later (0)',
    markers(frameHeader({ height: 0 }), flatScan({})),
    '640x0 is not within 64..1920 pixels a side',
  ],
  ['a height that is said again', markers(frameHeader(), flatScan({}), segment(0xdc, 0x3e, 0x80)), 'an unknown marker'],
  ['arithmetic coding', flatJpeg({ marker: 0xc9 }), 'only baseline and progressive JPEG are accepted'],
  ['progressive arithmetic coding', flatJpeg({ marker: 0xca }), 'only baseline and progressive JPEG are accepted'],
  [
    'conditions of arithmetic coding',
    markers(segment(0xcc, 0, 16), frameHeader(), flatScan({})),
    'only baseline and progressive JPEG are accepted',
  ],
  ['lossless coding', flatJpeg({ marker: 0xc3 }), 'only baseline and progressive JPEG are accepted'],
  ['hierarchical coding', flatJpeg({ marker: 0xc5 }), 'only baseline and progressive JPEG are accepted'],
  [
    'the beginning of hierarchical coding',
    markers(segment(0xde, 8, 1, 224, 2, 128, 1, 1, 0x11, 0), frameHeader(), flatScan({})),
    'only baseline and progressive JPEG are accepted',
  ],
  ['12 bits a sample', flatJpeg({ marker: 0xc1, bits: 12 }), 'only 8 bits a sample are accepted'],
  ['four colours', grey([1, 1], [1, 1], [1, 1], [1, 1]), '4 colour components are not accepted'],
  ['two colours', grey([1, 1], [1, 1]), '2 colour components are not accepted'],
  [
    '255 colours',
    flatJpeg({ sampling: Array.from({ length: 255 }, () => [1, 1] as const) }),
    '255 colour components are not accepted',
  ],
  ['no colour', markers(frameHeader({ sampling: [] }), flatScan({})), '0 colour components are not accepted'],
  ['a sampling factor of 0', grey([1, 1], [0, 1], [1, 1]), 'a sampling of 0x1 is not accepted'],
  ['a sampling factor of 5', grey([5, 1], [1, 1], [1, 1]), 'a sampling of 5x1 is not accepted'],
  ['units of eleven blocks', grey([3, 3], [1, 1], [1, 1]), 'more than 10 blocks a unit'],
  ['two components of one name', named(1, 1, 3), 'two colour components have one name'],
  ['two frame headers', markers(frameHeader(), frameHeader(), flatScan({})), 'more than one frame header'],
  [
    'a second frame header after the first scan',
    markers(frameHeader(), flatScan({}), frameHeader({ width: 16_000 }), flatScan({})),
    'more than one frame header',
  ],
  [
    'a frame header that is too short',
    markers(segment(0xc0, 8, 1, 224, 2, 128), flatScan({})),
    'the frame header is too short',
  ],
  [
    'a frame header that is too long',
    markers(segment(0xc0, 8, 1, 224, 2, 128, 1, 1, 0x11, 0, 0), flatScan({})),
    'the frame header has a wrong length',
  ],
  [
    'a frame header that names a fifth table',
    markers(segment(0xc0, 8, 1, 224, 2, 128, 1, 1, 0x11, 4), flatScan({})),
    'the frame header names a table that cannot be',
  ],
  [
    'a scan before the frame header',
    markers(flatScan({}), frameHeader(), flatScan({})),
    'a scan before the frame header',
  ],
  ['no scan', markers(frameHeader()), 'no picture in the file'],
  ['no frame header', markers(), 'no picture in the file'],
  [
    'a component that is never coded',
    markers(frameHeader(), flatScan({}, { of: [1] }), flatScan({}, { of: [2] })),
    'no picture in the file',
  ],
  [
    'a scan of a component that is not there',
    markers(frameHeader(), flatScan({}, { of: [1, 2, 4] })),
    'a scan of colour components that cannot be',
  ],
  [
    'a scan of one component twice',
    markers(frameHeader(), flatScan({}, { of: [1, 1, 2] })),
    'a scan of colour components that cannot be',
  ],
  ['a scan of no component', markers(frameHeader(), flatScan({}, { of: [] })), 'the scan header has a wrong length'],
  [
    'a scan header that is too long',
    markers(frameHeader(), segment(0xda, 1, 1, 0, 0, 63, 0, 0)),
    'the scan header has a wrong length',
  ],
  [
    'a sequential scan of some coefficients',
    markers(frameHeader(), flatScan({}, { band: [0, 5] })),
    'a scan of coefficients that cannot be',
  ],
  ['a sequential component twice', markers(frameHeader(), flatScan({}), flatScan({})), 'scans out of order'],
  [
    'a progressive scan of the first and other coefficients',
    progressive({ of: [1, 2, 3], band: [0, 5] }),
    'a scan of coefficients that cannot be',
  ],
  [
    'a progressive scan of 65 coefficients',
    progressive(DC, { of: [1], band: [1, 64] }),
    'a scan of coefficients that cannot be',
  ],
  [
    'a progressive scan that ends before it begins',
    progressive(DC, { of: [1], band: [9, 3] }),
    'a scan of coefficients that cannot be',
  ],
  [
    'a progressive scan of two components',
    progressive(DC, { of: [1, 2], band: [1, 63] }),
    'a scan of coefficients that cannot be',
  ],
  [
    'a progressive scan of the 14th bit',
    progressive({ ...DC, shift: [0, 14] }),
    'a scan of coefficients that cannot be',
  ],
  [
    'a progressive scan that leaves out a bit',
    progressive({ ...DC, shift: [0, 3] }, { ...DC, shift: [3, 1] }),
    'a scan of coefficients that cannot be',
  ],
  ['the same progressive scan twice', progressive(DC, DC), 'scans out of order'],
  [
    'a bit before the one above it',
    progressive({ ...DC, shift: [0, 2] }, { ...DC, shift: [1, 0] }),
    'scans out of order',
  ],
  ['other coefficients before the first', progressive({ of: [1], band: [1, 63] }, DC), 'scans out of order'],
  ['17 scans in order', progressiveJpeg(costlyProgression(17)), 'more than 16 scans'],
  [
    '10,000 scans',
    progressiveJpeg(
      Array.from({ length: 10_000 }, (_, i) => SIMPLE_PROGRESSION[i % 10]!),
      { width: 64, height: 64 },
    ),
    'scans out of order',
  ],
  [
    'a picture of more blocks than its bytes can hold',
    markers(frameHeader({ width: 1920, height: 1920 }), flatScan({ width: 1000, height: 1920 })),
    'a scan has fewer bytes than its picture needs',
  ],
  [
    'the same, progressive',
    markers(frameHeader({ marker: 0xc2, width: 1920, height: 1920 }), flatScan({}, DC)),
    'a scan has fewer bytes than its picture needs',
  ],
  [
    'a scan without a byte',
    markers(frameHeader({ marker: 0xc2 }), flatScan({}, DC), scanHeader({ of: [1], band: [1, 63] })),
    'a scan has fewer bytes than its picture needs',
  ],
  [
    'restart markers without an interval',
    markers(frameHeader(), flatScan({}), [0xff, 0xd0, 0]),
    'restart markers out of turn',
  ],
  ['restart markers that skip one', restarts(0xd0, 0xd1, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7), 'restart markers out of turn'],
  ['fewer restart markers than intervals', restarts(0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5), 'restart markers out of turn'],
  [
    'more restart markers than intervals',
    restarts(0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd0),
    'restart markers out of turn',
  ],
  [
    'a restart interval of one byte',
    markers(segment(0xdd, 1), frameHeader(), flatScan({})),
    'a broken restart interval',
  ],
  [
    'more codes than there are',
    markers(segment(0xc4, 0, 3, ...Array<number>(15).fill(0), 1, 2, 3), frameHeader(), flatScan({})),
    'broken Huffman tables',
  ],
  [
    'more than 256 symbols',
    markers(
      segment(0xc4, 0, ...Array<number>(8).fill(0), 255, 2, ...Array<number>(6).fill(0), ...Array<number>(257).fill(0)),
      frameHeader(),
      flatScan({}),
    ),
    'broken Huffman tables',
  ],
  [
    'fewer symbols than announced',
    markers(segment(0xc4, 0, 1, ...Array<number>(15).fill(0)), frameHeader(), flatScan({})),
    'broken Huffman tables',
  ],
  ['a fifth Huffman table', markers(huffman(4, 0), frameHeader(), flatScan({})), 'broken Huffman tables'],
  ['a third kind of Huffman table', markers(huffman(0x20, 0), frameHeader(), flatScan({})), 'broken Huffman tables'],
  ['a Huffman segment without a table', markers(segment(0xc4), frameHeader(), flatScan({})), 'broken Huffman tables'],
  [
    '63 quantisation values',
    markers(segment(0xdb, ...Array<number>(64).fill(0)), frameHeader(), flatScan({})),
    'broken quantisation tables',
  ],
  [
    'quantisation values of 24 bits',
    markers(segment(0xdb, 0x20, ...Array<number>(192).fill(0)), frameHeader(), flatScan({})),
    'broken quantisation tables',
  ],
  [
    '257 segments',
    markers(...Array.from({ length: 257 }, () => segment(0xe0)), frameHeader(), flatScan({})),
    'more than 256 segments',
  ],
  ['a marker that nothing has', markers(segment(0xf0), frameHeader(), flatScan({})), 'an unknown marker'],
  ['a restart marker between segments', markers([0xff, 0xd0], frameHeader(), flatScan({})), 'an unknown marker'],
  ['a second beginning', markers(SOI, frameHeader(), flatScan({})), 'an unknown marker'],
  ['a segment without a length', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 0, 0xff, 0xd9), 'the file is cut off'],
  [
    'a segment longer than the file',
    Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff, 0xff, 0xd9),
    'the file is cut off',
  ],
  ['PNG', new Uint8Array(createCanvas(320, 240).toBuffer('image/png')), 'not a JPEG'],
  ['WebP', new Uint8Array(createCanvas(320, 240).toBuffer('image/webp')), 'not a JPEG'],
  ['nothing', new Uint8Array(0), 'not a JPEG'],
  ['one byte', Uint8Array.of(0xff), 'not a JPEG'],
  ['a beginning and an end', Uint8Array.of(0xff, 0xd8, 0xff, 0xd9), 'no picture in the file'],
  ['text after the first marker', HUGE_TEXT, 'a marker is missing'],
  ['256 KiB of fill bytes', new Uint8Array(256 * 1024).fill(0xff).with(1, 0xd8), 'the file is cut off'],
  [
    '256 KiB of restart markers',
    Uint8Array.from({ length: 256 * 1024 }, (_, i) => (i % 2 === 0 ? 0xff : i === 1 ? 0xd8 : 0xd0)),
    'an unknown marker',
  ],
  [
    '256 KiB of stuffed bytes in a scan without end',
    Uint8Array.from([
      ...flatJpeg().slice(0, -2),
      ...Array.from({ length: 200_000 }, (_, i) => (i % 2 === 0 ? 0xff : 0)),
    ]),
    'the file is cut off',
  ],
];

describe('what is no usable JPEG (F5)', () => {
  test.each(REFUSED)('%s: refused, with a reason', (_name, bytes, problem) => {
    expect(readJpegHeader(bytes)).toEqual({ ok: false, problem });
  });

  test.each([
    ['baseline', baselineJpeg(96, 80)],
    ['progressive', progressiveJpeg(SIMPLE_PROGRESSION, { width: 96, height: 80 })],
  ])('a %s file that is cut off, at every length', (_name, bytes) => {
    expect(readJpegHeader(bytes).ok).toBe(true);
    for (let length = 0; length < bytes.length; length++) {
      expect(readJpegHeader(bytes.subarray(0, length)).ok, `${length} of ${bytes.length} bytes`).toBe(false);
    }
  });

  test('nothing of one file is left for the next', () => {
    expect(readJpegHeader(progressiveJpeg(SIMPLE_PROGRESSION.slice(0, 4)))).toEqual(VGA);
    expect(readJpegHeader(markers(frameHeader(), segment(0xdd, 0, 1)))).toMatchObject({ ok: false });
    expect(readJpegHeader(flatJpeg({ sampling: SAMPLINGS['4:2:0'] }))).toEqual(VGA);
    expect(readJpegHeader(markers(flatScan({})))).toEqual({ ok: false, problem: 'a scan before the frame header' });
  });

  test('whatever the bytes are: an answer, and never a size beyond the limits', () => {
    const good = baselineJpeg(96, 80);
    const damaged = fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        fc.oneof(
          damaged.map((edits) => edits.reduce((bytes, [at, value]) => bytes.with(at, value), good)),
          fc.uint8Array({ maxLength: 300 }),
        ),
        (bytes) => {
          const header = readJpegHeader(bytes);
          if (!header.ok) return;
          expect(Math.min(header.width, header.height)).toBeGreaterThanOrEqual(64);
          expect(Math.max(header.width, header.height)).toBeLessThanOrEqual(1920);
        },
      ),
      { numRuns: 500 },
    );
  });
});
