import { expect, test } from 'vitest';
import { leftOut, nextStep, stepsOf } from './steps.ts';

const wants = { photo: true, document: true, room: true, keepDays: 7 };
const none = new Set<never>();

test('only what the policy asks for is a step, in a fixed order', () => {
  const steps = stepsOf({ ...wants, document: false }, { missing: ['room', 'photo'], retake: [] }, none);
  expect(steps).toEqual([
    { kind: 'photo', state: 'wanted' },
    { kind: 'room', state: 'wanted' },
  ]);
  expect(nextStep(steps)).toBe('photo');
});

test('what staff ask for again is a step, although it is there', () => {
  const steps = stepsOf(wants, { missing: [], retake: ['document'] }, none);
  expect(steps.map(({ state }) => state)).toEqual(['there', 'again', 'there']);
  expect(nextStep(steps)).toBe('document');
});

test('a step that the student cannot take is passed over and named as left out', () => {
  const steps = stepsOf(wants, { missing: ['photo', 'room'], retake: [] }, new Set(['photo'] as const));
  expect(nextStep(steps)).toBe('room');
  expect(leftOut(steps)).toEqual(['photo', 'room']);
});

test('there is no next step once all are there', () => {
  const steps = stepsOf(wants, { missing: [], retake: [] }, new Set(['photo'] as const));
  expect(nextStep(steps)).toBeUndefined();
  expect(leftOut(steps)).toEqual([]);
});
