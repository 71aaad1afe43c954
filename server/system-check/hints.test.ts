import { describe, expect, test } from 'vitest';
import type { Face } from '../../models/jobs.ts';
import { checkView, hintsOf } from './hints.ts';

/** In a picture of 640 by 480; its middle and its height. */
function face(x = 320, y = 240, height = 200): Face {
  const at = [x, y] as const;
  return { box: [x - height * 0.4, y - height / 2, height * 0.8, height], score: 0.9, landmarks: [at, at, at, at, at] };
}

const LIT = { mean: 120, deviation: 30 };
const hints = (faces: readonly Face[], mean = 120, faceLuma = LIT) =>
  hintsOf({
    faces,
    width: 640,
    height: 480,
    luma: { mean, deviation: 50 },
    faceLuma: faces.length > 0 ? faceLuma : null,
  });

describe('the hints', () => {
  test('are empty for one face of a good size in the middle of a lit picture', () => {
    expect(hints([face()])).toEqual([]);
  });

  test.each<[string, Face[], number, string[]]>([
    ['nobody', [], 120, ['no_face']],
    ['nobody in the dark', [], 20, ['too_dark', 'no_face']],
    ['nobody in a picture just light enough', [], 50, ['no_face']],
    ['a lit face in front of a black wall', [face()], 8, []],
    ['far to the left', [face(150)], 120, ['off_centre']],
    ['a little to the left', [face(170)], 120, []],
    ['far up', [face(320, 90)], 120, ['off_centre']],
    ['a little up', [face(320, 100)], 120, []],
    ['too far away', [face(320, 240, 86)], 120, ['too_small']],
    ['just near enough', [face(320, 240, 87)], 120, []],
    ['two people', [face(220), face(450, 240, 150)], 120, ['several_faces']],
    ['somebody far behind', [face(), face(550, 200, 59)], 120, []],
    ['somebody behind', [face(), face(550, 200, 60)], 120, ['several_faces']],
    ['all of it at once', [face(600, 60, 80), face(300, 60, 70)], 10, ['several_faces', 'off_centre', 'too_small']],
  ])('%s', (_name, faces, mean, expected) => {
    expect(hints(faces, mean)).toEqual(expected);
  });

  test.each([
    ['a black face against a bright window', { mean: 12, deviation: 5 }, ['too_dark']],
    ['a face in a dark room', { mean: 39.9, deviation: 9.9 }, ['too_dark']],
    ['a dark face with contrast', { mean: 30, deviation: 10 }, []],
    ['a light face without contrast', { mean: 40, deviation: 4 }, []],
  ] as const)('are told by the light of the face: %s', (_name, faceLuma, expected) => {
    expect(hints([face()], 180, faceLuma)).toEqual(expected);
  });

  test('are about the tallest face, wherever it stands in the list', () => {
    expect(hints([face(60, 60, 50), face()])).toEqual([]);
  });
});

test('boxes are fractions of the picture', () => {
  expect(
    checkView({
      faces: [face(160, 120, 240)],
      width: 640,
      height: 480,
      luma: { mean: 99.96, deviation: 40 },
      faceLuma: LIT,
      pose: null,
      gaze: null,
      visibility: null,
      sharpness: null,
      open: null,
      print: new Uint8Array(192),
      ms: { decode: 1, detect: 1, pose: 1 },
    }),
  ).toEqual({ faces: 1, boxes: [{ x: 0.1, y: 0, w: 0.3, h: 0.5 }], luma: 100, hints: [] });
});
