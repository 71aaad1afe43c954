import { expect, test } from 'vitest';
import { event } from '../test/wire-fixtures.ts';
import { detailLines } from './event-details.ts';

test('details of a vision event have the analysis, its confidence and the models', () => {
  const details = {
    faces: 2,
    pose: { yaw: -3.14, pitch: 20 },
    luma: { mean: 120, deviation: 40.55 },
    models: ['face@3', 'gaze@2'],
  };
  expect(detailLines(event(1, { confidence: 0.934, details })).map(({ name, text }) => `${name}: ${text}`)).toEqual([
    'Faces: 2',
    'Head: yaw -3.1°, pitch 20°',
    'Brightness: mean 120, deviation 40.6 of 255',
    'Confidence: 93%',
    'Models: face@3, gaze@2',
  ]);
});

test('unknown fields are shown as they are', () => {
  expect(
    detailLines(event(1, { confidence: null, details: { pose: null, models: [], clientAt: 'x', nested: { a: 1 } } })),
  ).toEqual([
    { name: 'Client clock', text: 'x' },
    { name: 'nested', text: '{"a":1}' },
  ]);
});

test('an act of staff names its author, never by an id', () => {
  const act = event(1, {
    source: 'proctor',
    confidence: null,
    details: { by: 'id-1', readmissionId: 'id-2', minutes: 5 },
  });
  const texts = (staff?: Parameters<typeof detailLines>[1]) => detailLines(act, staff).map(({ text }) => text);
  expect(texts([{ id: 'id-1', name: 'Ada', email: 'ada@example.org' }])).toEqual(['Ada (ada@example.org)', '5']);
  expect(texts().join()).not.toContain('id-');
});
