import { expect, test } from 'vitest';
import { noteAnalysis, readProgress } from './calibration-progress.ts';

const START = { since: undefined, startedAt: 1000 };
const pose = { yaw: 0, pitch: 0, roll: 0 };

test('calibration time runs from the first image with one face and a pose, for the seconds of the policy', () => {
  let progress = noteAnalysis(START, { faces: 0, pose: null }, 2000);
  progress = noteAnalysis(progress, { faces: 2, pose }, 3000);
  progress = noteAnalysis(progress, { faces: 1, pose: null }, 4000);
  expect(readProgress(progress, 10, 5000)).toEqual({ share: 0, maySkip: false });
  progress = noteAnalysis(progress, { faces: 1, pose }, 6000);
  progress = noteAnalysis(progress, { faces: 0, pose: null }, 7000);
  progress = noteAnalysis(progress, { faces: 1, pose }, 8000);
  expect(readProgress(progress, 10, 11_000).share).toBe(0.5);
  expect(readProgress(progress, 10, 60_000)).toEqual({ share: 1, maySkip: false });
});

test('calibration time runs beside faces that do not count as people, such as posters', () => {
  expect(noteAnalysis(START, { faces: 3, pose, others: 0 }, 2000).since).toBe(2000);
  expect(noteAnalysis(START, { faces: 3, pose, others: 1 }, 2000).since).toBeUndefined();
  expect(noteAnalysis(START, { faces: 0, pose: null, others: 0 }, 2000).since).toBeUndefined();
});

test('calibration can be skipped after 15 s without a usable image', () => {
  expect(readProgress(START, 10, 15_999)).toEqual({ share: 0, maySkip: false });
  expect(readProgress(START, 10, 16_000)).toEqual({ share: 0, maySkip: true });
});
