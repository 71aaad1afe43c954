import { expect, it } from 'vitest';
import { face, pose } from '../../simulator/fixtures/detections.ts';
import { labelled, look, packRecord } from './fixtures/pack.ts';
import { headPoseSection } from './head-pose.ts';
import type { Look } from './looks.ts';

const at = (yaw: number, pitch: number, more = {}) =>
  packRecord({ faces: [labelled([240, 140, 160, 200], { pose: { yaw, pitch, roll: 0 }, ...more })] });
const value = (looks: readonly Look[], name: string) =>
  headPoseSection(looks).measures.find((measure) => measure.name === name);

it('head pose error is the mean absolute distance from the labels', () => {
  const looks = [look(at(10, 0), { pose: pose(14) }), look(at(-10, 0), { pose: pose(-16) })];
  expect(value(looks, 'yaw, mean absolute error')).toMatchObject({ value: 5, n: 2 });
});

it('the signed pitch error of looking down is reported', () => {
  const looks = [
    look(at(0, -30), { pose: pose(0, -25) }),
    look(at(0, -40), { pose: pose(0, -31) }),
    look(at(0, -10), { pose: pose(0, 10) }),
  ];
  expect(value(looks, 'pitch under -20 deg: mean error (above 0: read too high)')).toMatchObject({ value: 7, n: 2 });
});

it('excludes uncertain labels, faces other than the measured one, and heads without a pose', () => {
  const looks = [
    look(at(0, 0, { mesh_score: 0.8 }), { pose: pose(50) }),
    look(at(0, 0), { faces: [face(200, 0.9, 320), face(300, 0.9, 560)], pose: pose(50) }),
    look(at(0, 0), { pose: null }),
  ];
  expect(value(looks, 'yaw, mean absolute error')).toMatchObject({ value: null, n: 0 });
  expect(value(looks, 'pose given')).toMatchObject({ value: 0, n: 1 });
});
