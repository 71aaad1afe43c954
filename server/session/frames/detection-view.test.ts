import { expect, test } from 'vitest';
import { detection, face, NOBODY } from '../../../simulator/fixtures/detections.ts';
import { analysisOf } from './detection-view.ts';

test('the analysis has the box of the largest face, in fractions of the picture', () => {
  const seen = detection({ faces: [face(100, 0.95, 500), face(240, 0.8, 320)] });
  expect(analysisOf(7, seen)).toMatchObject({ frame: 7, faces: 2, box: { x: 0.35, y: 0.25, w: 0.3, h: 0.5 } });
});

test('the analysis of a frame without a face has no box', () => {
  expect(analysisOf(1, detection(NOBODY))).toEqual({ frame: 1, faces: 0, pose: null, gaze: null, box: null });
});
