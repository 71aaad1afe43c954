import { expect, test } from 'vitest';
import { needsWideLook, THRESHOLD, UNSURE } from './wide-look.ts';

const SURE = { score: THRESHOLD };
const DOUBTFUL = { score: UNSURE };

test('one sure face, or nobody, is not looked at again', () => {
  expect(needsWideLook([])).toBe(false);
  expect(needsWideLook([SURE])).toBe(false);
});

test.each([[[SURE, SURE]], [[SURE, DOUBTFUL]], [[DOUBTFUL]]])('%j is looked at on the larger canvas', (found) => {
  expect(needsWideLook(found)).toBe(true);
});
