import { expect, test } from 'vitest';
import { overlayOf, analysisText } from './overlay.ts';

const box = { x: 0.4, y: 0.2, w: 0.2, h: 0.4 };
const pose = { yaw: 30, pitch: -30, roll: 0 };

test('the head points to image right and down for positive yaw and negative pitch', () => {
  const overlay = overlayOf({ frame: 1, faces: 1, pose, gaze: null, box });
  expect(overlay?.head).toEqual({ x1: 0.5, y1: 0.4, x2: expect.closeTo(0.6), y2: expect.closeTo(0.6) });
  expect(overlay?.gaze).toBeUndefined();
});

test('the gaze is relative to the head, and hidden below the minimum confidence', () => {
  const gaze = { yaw: -30, pitch: 30, confidence: 0.9 };
  expect(overlayOf({ frame: 1, faces: 1, pose, gaze, box })?.gaze).toMatchObject({ x1: 0.5, x2: 0.5 });
  expect(overlayOf({ frame: 1, faces: 1, pose, gaze: { ...gaze, confidence: 0.1 }, box })?.gaze).toBeUndefined();
});

test('without a face there is no overlay', () => {
  expect(overlayOf({ frame: 1, faces: 0, pose: null, gaze: null, box: null })).toBeUndefined();
  expect(overlayOf({ frame: 1, faces: 1, pose, gaze: null })).toBeUndefined();
});

test('the text describes the overlay', () => {
  expect(analysisText({ frame: 1, faces: 0, pose: null, gaze: null })).toBe('No face detected');
  expect(analysisText({ frame: 1, faces: 2, pose, gaze: { yaw: 4.6, pitch: 0, confidence: 1 } })).toBe(
    '2 faces; head 30° right, 30° down; eyes 5° right, 0° up',
  );
});
