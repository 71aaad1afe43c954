import { expect, test } from 'vitest';
import { event } from '../test/wire-fixtures.ts';
import { detailLines } from './seen-details.ts';

test('what the models saw is told with their confidence and versions', () => {
  const details = {
    faces: 2,
    pose: { yaw: -3.14, pitch: 20 },
    luma: { mean: 120, deviation: 40.55 },
    models: ['face@3', 'gaze@2'],
  };
  expect(detailLines(event(1, { confidence: 0.934, details })).map(({ name, words }) => `${name}: ${words}`)).toEqual([
    'Faces: 2',
    'Head: yaw -3.1°, pitch 20°',
    'Brightness: mean 120, deviation 40.6 of 255',
    'Confidence: 93 %',
    'Models: face@3, gaze@2',
  ]);
});

test('what is not known by name is shown as it is', () => {
  expect(
    detailLines(event(1, { confidence: null, details: { pose: null, models: [], clientAt: 'x', nested: { a: 1 } } })),
  ).toEqual([
    { name: "Client's clock", words: 'x' },
    { name: 'nested', words: '{"a":1}' },
  ]);
});
