import { expect, test } from 'vitest';
import { detection, face, NOBODY } from '../../../simulator/fixtures/detections.ts';
import { Policy } from '../../../protocol/policy.ts';
import { analysisOf } from './detection-view.ts';

const POLICY = Policy.parse({});

test('the analysis has the box of the largest face, in fractions of the picture', () => {
  const seen = detection({ faces: [face(100, 0.95, 500), face(240, 0.8, 320)] });
  expect(analysisOf(7, seen, POLICY)).toMatchObject({ frame: 7, faces: 2, box: { x: 0.35, y: 0.25, w: 0.3, h: 0.5 } });
});

test('the analysis of a frame without a face has no box', () => {
  expect(analysisOf(1, detection(NOBODY), POLICY)).toEqual({
    frame: 1,
    faces: 0,
    pose: null,
    gaze: null,
    box: null,
    others: 0,
    tooDark: false,
  });
});

test('the analysis counts the faces that are people by the policy besides the largest', () => {
  const seen = detection({ faces: [face(200), face(40, 0.8, 500), face(60, 0.8, 600)] });
  expect(analysisOf(1, seen, POLICY)).toMatchObject({ faces: 3, others: 1 });
  const strict = Policy.parse({ multipleFaces: { minHeightRatio: 0.2 } });
  expect(analysisOf(1, seen, strict)).toMatchObject({ faces: 3, others: 2 });
});

test('the analysis says that a face is too dark', () => {
  expect(analysisOf(1, detection({ faceLuma: { mean: 12, deviation: 5 } }), POLICY).tooDark).toBe(true);
});
