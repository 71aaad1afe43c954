import { expect, test } from 'vitest';
import type { Box, Face } from './jobs.ts';
import { suppress } from './nms.ts';

const RULES = { iou: 0.4, contained: 0.7 };

function face(score: number, box: Box): Face {
  return {
    score,
    box,
    landmarks: [
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ],
  };
}

test('returns the best score first', () => {
  const faces = suppress([face(0.7, [0, 0, 10, 10]), face(0.9, [50, 0, 10, 10]), face(0.8, [0, 50, 10, 10])], RULES);
  expect(faces.map(({ score }) => score)).toEqual([0.9, 0.8, 0.7]);
});

test('suppresses the lower-scoring of two boxes above the overlap limit and keeps both below it', () => {
  // Shifted by 4 of 10: intersection 60, union 140, 0.43. By 5: 50 of 150, 0.33.
  expect(suppress([face(0.9, [0, 0, 10, 10]), face(0.8, [4, 0, 10, 10])], RULES)).toHaveLength(1);
  expect(suppress([face(0.9, [0, 0, 10, 10]), face(0.8, [5, 0, 10, 10])], RULES)).toHaveLength(2);
});

test('suppresses a small box inside a better one despite a low IoU', () => {
  const outer = face(0.9, [0, 0, 100, 100]);
  expect(suppress([outer, face(0.8, [40, 40, 20, 20])], RULES)).toEqual([outer]);
  expect(suppress([outer, face(0.8, [40, 40, 20, 20])], { iou: 0.4, contained: 1 })).toHaveLength(2);
});

test('keeps a small box inside a worse one with a low IoU', () => {
  expect(suppress([face(0.8, [0, 0, 100, 100]), face(0.9, [40, 40, 20, 20])], RULES)).toHaveLength(2);
});

test('a suppressed box suppresses no other', () => {
  const faces = suppress([face(0.9, [0, 0, 10, 10]), face(0.8, [4, 0, 10, 10]), face(0.7, [8, 0, 10, 10])], RULES);
  expect(faces.map(({ score }) => score)).toEqual([0.9, 0.7]);
});
