import { expect, it } from 'vitest';
import { detection, face, NOBODY, pose, type Seen, TWO_FACES } from '../../simulator/fixtures/detections.ts';
import type { Posture } from '../../simulator/draw/person.ts';
import { drawnSections, type DrawnLook } from './drawn.ts';
import type { DrawnKind } from './drawn-frames.ts';

// A head where face() of the test support places one.
const STRAIGHT: Posture = { x: 320, y: 220, size: 240, yaw: 0, pitch: 0, roll: 0, gazeYaw: 0, gazePitch: 0 };
const look = (kind: DrawnKind, truth: Partial<Posture> | undefined, seen: Seen, scene = 1): DrawnLook => ({
  frame: { kind, scene, truth: truth && { ...STRAIGHT, ...truth } },
  detection: detection(seen),
});
const measure = (looks: readonly DrawnLook[], name: string) =>
  drawnSections(looks)
    .flatMap(({ measures }) => measures)
    .find((one) => one.name === name)!;

it('a face counts as detected if it overlaps the head', () => {
  const looks = [look('straight', {}, {}), look('shut', {}, NOBODY), look('gaze', {}, { faces: [face(200, 0.9, 60)] })];
  expect(measure(looks, 'found: straight').value).toBeCloseTo(100 / 3);
});

it('counts false faces in empty rooms and detected second people', () => {
  const looks = [
    look('empty', undefined, {}),
    look('empty', undefined, NOBODY),
    look('second', undefined, TWO_FACES),
    look('second', undefined, {}),
  ];
  expect(measure(looks, 'empty room with a face')).toMatchObject({ value: 50, n: 2 });
  expect(measure(looks, 'second person seen')).toMatchObject({ value: 50, n: 2 });
});

it('looking down is measured relative to the pose of the same person looking straight', () => {
  const looks = [
    look('straight', { pitch: 1 }, { pose: pose(0, -5) }, 1),
    look('down', { pitch: -35 }, { pose: pose(0, -37) }, 1),
    look('straight', {}, { pose: pose(0, 2) }, 2),
    look('down', { pitch: -25 }, { pose: pose(0, -23) }, 2),
  ];
  expect(
    measure(looks, 'pitch -45 to -30 deg from the own straight: mean error (above 0: read too high)'),
  ).toMatchObject({ value: 4, n: 1 });
  expect(
    measure(looks, 'pitch -30 to -20 deg from the own straight: mean error (above 0: read too high)'),
  ).toMatchObject({ value: 0, n: 1 });
});

it('gaze error is measured on frames with a known gaze, and their share is reported', () => {
  const gaze = (yaw: number, confidence: number) => ({ yaw, pitch: 0, confidence });
  const looks = [
    look('gaze', { gazeYaw: 20 }, { gaze: gaze(14, 0.9) }),
    look('gaze', { gazeYaw: -20 }, { gaze: gaze(-18, 0.6) }),
    look('gaze', { gazeYaw: -20 }, { gaze: gaze(20, 0.59) }),
    look('gaze', {}, { gaze: null }),
    look('shut', { open: 0 }, { gaze: gaze(0, 0.7) }),
  ];
  expect(measure(looks, 'yaw where known, mean absolute error')).toMatchObject({ value: 4, n: 2 });
  expect(measure(looks, 'known: sharp open eyes')).toMatchObject({ value: 50, n: 4 });
  expect(measure(looks, 'known: shut eyes')).toMatchObject({ value: 100, n: 1 });
});
