import { expect, test } from 'vitest';
import { LastFaceHint } from './face-hint.ts';

const T0 = 1_000_000;
const TRACE = Uint8Array.of(1);

test('a face hint is valid for half a second after the arrival of its frame', () => {
  const last = new LastFaceHint();
  expect(last.at(T0)).toBeUndefined();
  last.keep(TRACE, T0);
  expect([0, 499, 500, -1].map((ms) => last.at(T0 + ms))).toEqual([TRACE, TRACE, undefined, undefined]);
});

test('a face hint ends with a search that finds none, and with another camera', () => {
  const last = new LastFaceHint();
  last.keep(TRACE, T0);
  last.keep(undefined, T0 + 100);
  expect(last.at(T0 + 200)).toBeUndefined();
  last.keep(TRACE, T0 + 300);
  last.forget();
  expect(last.at(T0 + 300)).toBeUndefined();
});
