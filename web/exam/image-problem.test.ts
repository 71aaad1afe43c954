import { expect, test } from 'vitest';
import { imageProblem } from './image-problem.ts';
import { t } from './messages.ts';

const analysis = { frame: 1, faces: 1, pose: null, gaze: null };

test.each([
  ['a second person', { faces: 3, others: 1 }, t.anotherPerson],
  ['a poster', { faces: 2, others: 0 }, undefined],
  ['two faces, by a server that does not say who counts', { faces: 2 }, t.anotherPerson],
  ['nobody', { faces: 0 }, undefined],
  ['a dark face', { others: 0, tooDark: true }, t.tooDark],
  ['a dark face and a second person', { faces: 2, others: 1, tooDark: true }, t.anotherPerson],
] as const)('the student is told of %s', (_name, seen, text) => {
  expect(imageProblem({ ...analysis, ...seen })).toBe(text);
});

test('no problem is shown before the first image', () => {
  expect(imageProblem(undefined)).toBeUndefined();
});
