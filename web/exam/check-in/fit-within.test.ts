import { expect, test } from 'vitest';
import { fitWithin } from './fit-within.ts';

test('a picture keeps its shape and has no side longer than allowed', () => {
  expect(fitWithin(4000, 3000, 1600)).toEqual({ width: 1600, height: 1200 });
  expect(fitWithin(3000, 4000, 1600)).toEqual({ width: 1200, height: 1600 });
});

test('a small picture is not enlarged', () => {
  expect(fitWithin(640, 480, 1600)).toEqual({ width: 640, height: 480 });
});
