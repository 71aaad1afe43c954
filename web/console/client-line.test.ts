import { expect, test } from 'vitest';
import { clientText } from './client-line.tsx';

const AT = Date.parse('2026-01-01T10:00:00.000Z');
const client = {
  at: '2026-01-01T10:00:00.000Z',
  visible: true,
  focused: true,
  fullscreen: true,
  screens: 1,
  camera: { label: 'HD Webcam', width: 640, height: 480, fps: 30 },
  waiting: 0,
} as const;

test('the state of the exam page is one line', () => {
  expect(clientText(client, AT + 4200)).toBe(
    'Exam page 4 sec ago · visible · full screen · 1 screen · camera “HD Webcam”, 640 × 480, 30 per second',
  );
});

test('absences, what explains them, and unknown things are named as such', () => {
  const away = { ...client, focused: false, explained: 'file_picker', fullscreen: false, screens: 'unknown' } as const;
  expect(clientText({ ...away, camera: null, waiting: 2 }, AT)).toBe(
    'Exam page 0 sec ago · without focus (file picker) · in a window · screens unknown · no camera · 2 signals waiting',
  );
  expect(clientText({ ...client, visible: false, focused: false }, AT)).toContain('· hidden ·');
  expect(clientText({ ...client, visible: null, focused: null }, AT)).toContain('· not watched ·');
});
