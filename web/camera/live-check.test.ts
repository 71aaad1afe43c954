import { expect, test } from 'vitest';
import { gateOf, type LiveCheck, type Look, nextLookMs, noteLook, NOT_LOOKED_YET } from './live-check.ts';

const FACE: Look = { kind: 'seen', faces: 1, hints: [] };
const EMPTY: Look = { kind: 'seen', faces: 0, hints: ['no_face'] };
const BUSY: Look = { kind: 'busy', retryInMs: 2000 };
const SILENT: Look = { kind: 'unanswered' };

/** One look a second, from second 0 on. */
const after = (...looks: Look[]): LiveCheck =>
  looks.reduce((check, look, second) => noteLook(check, look, second * 1000), NOT_LOOKED_YET);
const times = (count: number, look: Look) => Array.from({ length: count }, () => look);

test('the exam cannot begin before an image was analysed, or without a face', () => {
  expect(gateOf(NOT_LOOKED_YET, 99_000)).toEqual({ open: false });
  expect(gateOf(after(...times(5, EMPTY)), 5000)).toEqual({ open: false });
});

test('a face opens the gate; two images without a face keep it open, three close it', () => {
  expect(gateOf(after(EMPTY, FACE), 1000)).toEqual({ open: true, why: 'face' });
  expect(gateOf(after(FACE, EMPTY, EMPTY), 3000)).toEqual({ open: true, why: 'face' });
  expect(gateOf(after(FACE, EMPTY, EMPTY, EMPTY), 4000)).toEqual({ open: false });
  expect(gateOf(after(FACE, ...times(4, EMPTY), FACE), 5000)).toEqual({ open: true, why: 'face' });
});

test('a face with hints counts as a face', () => {
  expect(gateOf(after({ kind: 'seen', faces: 2, hints: ['too_dark', 'several_faces'] }), 0)).toEqual({
    open: true,
    why: 'face',
  });
});

test('the gate opens at once on a server without models', () => {
  expect(gateOf(after({ kind: 'off' }), 0)).toEqual({ open: true, why: 'off' });
});

test.each([
  ['busy', BUSY],
  ['unanswered', SILENT],
] as const)('%s for 15 s opens the gate; an analysed image in between restarts the wait', (why, look) => {
  expect(gateOf(after(look), 14_999)).toEqual({ open: false });
  expect(gateOf(after(look, look), 15_000)).toEqual({ open: true, why });
  expect(gateOf(after(look, EMPTY, look), 16_999)).toEqual({ open: false });
  expect(gateOf(after(look, EMPTY, look), 17_000)).toEqual({ open: true, why });
});

test('a retry an hour away opens the gate at once', () => {
  expect(gateOf(after({ kind: 'busy', retryInMs: 3_590_000 }), 0)).toEqual({ open: true, why: 'busy' });
});

test('a minute without a detected face opens the gate, as detection can be wrong', () => {
  expect(gateOf(after(...times(30, EMPTY)), 59_999)).toEqual({ open: false });
  expect(gateOf(after(...times(30, EMPTY)), 60_000)).toEqual({ open: true, why: 'unseen' });
});

test('images are sent quickly while there are hints, rarely for a good image, or when the server says', () => {
  expect([undefined, EMPTY, FACE, BUSY, SILENT].map(nextLookMs)).toEqual([1000, 1000, 4000, 2000, 3000]);
});
