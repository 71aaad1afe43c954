import { expect, test } from 'vitest';
import { MAX_FRAME_BYTES } from '../../protocol/frame.ts';
import { FrameSlab } from './frame-slab.ts';

const filled = (length: number, value: number): ArrayBuffer => new Uint8Array(length).fill(value).buffer;

test('a frame stays as it came, whatever comes after it and however much', () => {
  const slab = new FrameSlab();
  const frames = Array.from({ length: 100 }, (_, i) => ({
    value: i,
    copy: slab.copy(filled(MAX_FRAME_BYTES - i * 997, i)),
  }));
  expect(frames.every(({ copy, value }) => copy.every((byte) => byte === value))).toBe(true);
  expect(frames.map(({ copy }) => copy.byteLength)).toEqual(frames.map((_, i) => MAX_FRAME_BYTES - i * 997));
});

test('the memory that it was given is not kept', () => {
  const given = filled(10, 1);
  const copy = new FrameSlab().copy(given);
  new Uint8Array(given).fill(9);
  expect([...copy]).toEqual(Array.from({ length: 10 }, () => 1));
});

test('many frames share a buffer, a large one more does not fit', () => {
  const slab = new FrameSlab();
  const small = Array.from({ length: 20 }, () => slab.copy(filled(45_000, 0)));
  expect(new Set(small.map(({ buffer }) => buffer)).size).toBe(1);
  expect(slab.copy(filled(MAX_FRAME_BYTES, 0)).buffer).not.toBe(small[0]!.buffer);
});
