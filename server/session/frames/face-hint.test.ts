import { expect, test } from 'vitest';
import { LastFaceHint } from './face-hint.ts';

const T0 = 1_000_000;
const TRACE = Uint8Array.of(1);

test('a hint is for the frames of the next half second, by the arrival of its own', () => {
  const last = new LastFaceHint();
  expect(last.at(T0)).toBeUndefined();
  last.keep(TRACE, T0);
  expect([0, 499, 500, -1].map((ms) => last.at(T0 + ms))).toEqual([TRACE, TRACE, undefined, undefined]);
});

test('a search that leaves none, and another camera, end it', () => {
  const last = new LastFaceHint();
  last.keep(TRACE, T0);
  last.keep(undefined, T0 + 100);
  expect(last.at(T0 + 200)).toBeUndefined();
  last.keep(TRACE, T0 + 300);
  last.forget();
  expect(last.at(T0 + 300)).toBeUndefined();
});
