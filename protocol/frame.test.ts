import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeFrame,
  decodeWatched,
  encodeFrame,
  encodeWatched,
  HEADER_BYTES,
  MAX_FRAME_BYTES,
  WATCHED_HEADER_BYTES,
} from './frame.ts';

const frames = fc.record({
  seq: fc.integer({ min: 0, max: 0xffffffff }),
  capturedAt: fc.double({ noNaN: true, noDefaultInfinity: true }),
  jpeg: fc.uint8Array({ minLength: 1, maxLength: 200 }),
});

/** A valid frame with some header bytes replaced. */
function frameWith(bytes: Readonly<Record<number, number>>): Uint8Array {
  const frame = encodeFrame({ seq: 7, capturedAt: 1000 }, Uint8Array.of(0xff, 0xd8));
  for (const [at, value] of Object.entries(bytes)) frame[Number(at)] = value;
  return frame;
}

const badHeader = { name: 'ProtocolError', code: 'bad_frame_header', close: 4400 };

describe('F1: a frame from the exam client', () => {
  test('decodes to what was encoded', () => {
    fc.assert(
      fc.property(frames, ({ seq, capturedAt, jpeg }) => {
        const decoded = decodeFrame(encodeFrame({ seq, capturedAt }, jpeg));
        expect(decoded.seq).toBe(seq);
        expect(Object.is(decoded.capturedAt, capturedAt)).toBe(true);
        expect(decoded.jpeg).toEqual(jpeg);
      }),
    );
  });

  test('has the documented bytes, little-endian on every machine', () => {
    const bytes = encodeFrame({ seq: 0x01020304, capturedAt: 1 }, Uint8Array.of(9));
    expect([...bytes]).toEqual([1, 1, 0, 0, 4, 3, 2, 1, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 9]);
  });

  test('is decoded in place inside a larger buffer', () => {
    const frame = encodeFrame({ seq: 5, capturedAt: 12.5 }, Uint8Array.of(1, 2, 3));
    const larger = new Uint8Array(frame.length + 9);
    larger.set(frame, 7);
    expect(decodeFrame(larger.subarray(7, 7 + frame.length))).toEqual({
      seq: 5,
      capturedAt: 12.5,
      jpeg: Uint8Array.of(1, 2, 3),
    });
  });

  test.each([
    ['another version', frameWith({ 0: 2 })],
    ['version 0', frameWith({ 0: 0 })],
    ['kind 0', frameWith({ 1: 0 })],
    ['the kind of a watched frame', frameWith({ 1: 2 })],
    ['a low flag', frameWith({ 2: 1 })],
    ['a high flag', frameWith({ 3: 0x80 })],
    ['a capture time that is no number', frameWith({ 14: 0xf8, 15: 0x7f })],
    ['an infinite capture time', frameWith({ 8: 0, 9: 0, 10: 0, 11: 0, 12: 0, 13: 0, 14: 0xf0, 15: 0x7f })],
    ['nothing', new Uint8Array(0)],
    ['half a header', frameWith({}).subarray(0, 9)],
    ['a header and no JPEG', frameWith({}).subarray(0, HEADER_BYTES)],
  ])('with %s is refused as bad_frame_header and ends the connection', (_name, bytes) => {
    expect(() => decodeFrame(bytes)).toThrow(expect.objectContaining(badHeader));
  });

  test('F2: has at most 256 KiB with its header', () => {
    const full = encodeFrame({ seq: 1, capturedAt: 0 }, new Uint8Array(MAX_FRAME_BYTES - HEADER_BYTES));
    expect(decodeFrame(full).jpeg.byteLength).toBe(MAX_FRAME_BYTES - HEADER_BYTES);
    const larger = encodeFrame({ seq: 1, capturedAt: 0 }, new Uint8Array(MAX_FRAME_BYTES - HEADER_BYTES + 1));
    expect(() => decodeFrame(larger)).toThrow(expect.objectContaining({ code: 'frame_too_large', close: 4400 }));
  });

  test('of random bytes is either decoded or refused with a frame error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          expect(decodeFrame(bytes).jpeg.byteLength).toBe(bytes.byteLength - HEADER_BYTES);
        } catch (error) {
          expect(error).toMatchObject(badHeader);
        }
      }),
    );
  });
});

describe('P3: a watched frame to a console', () => {
  test('decodes to what was encoded, including the session', () => {
    fc.assert(
      fc.property(fc.uuid(), frames, (session, { seq, capturedAt, jpeg }) => {
        const decoded = decodeWatched(encodeWatched(session, { seq, capturedAt }, jpeg));
        expect({ ...decoded, jpeg: [...decoded.jpeg] }).toEqual({ session, seq, capturedAt, jpeg: [...jpeg] });
      }),
    );
  });

  test.each([
    ['a frame of the exam client', encodeFrame({ seq: 1, capturedAt: 0 }, new Uint8Array(40))],
    [
      'one without its session',
      encodeWatched('0191f0a0-0000-7000-8000-000000000001', { seq: 1, capturedAt: 0 }, new Uint8Array(1)).subarray(
        0,
        WATCHED_HEADER_BYTES - 1,
      ),
    ],
    ['nothing', new Uint8Array(0)],
  ])('is not %s', (_name, bytes) => {
    expect(() => decodeWatched(bytes)).toThrow(expect.objectContaining({ code: 'bad_frame_header' }));
  });
});
