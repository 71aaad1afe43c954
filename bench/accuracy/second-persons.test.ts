import { expect, it } from 'vitest';
import { face, NOBODY } from '../../simulator/fixtures/detections.ts';
import { labelled, look, packRecord } from './fixtures/pack.ts';
import type { Look } from './looks.ts';
import { secondPersonSections } from './second-persons.ts';

// Detection of face() in the test support: 160 x 200 pixels around (320, 240).
const THERE = labelled([240, 140, 160, 200]);

function value(looks: readonly Look[], name: string) {
  const found = secondPersonSections(looks)
    .flatMap(({ measures }) => measures)
    .find((measure) => measure.name === name);
  if (!found) throw new Error(`no measure named ${name}`);
  return [found.value, found.n];
}

it('a scene with several people has a second face of the height that the server asks for', () => {
  const two = packRecord({ faces: [THERE, labelled([20, 20, 48, 60])] });
  const small = packRecord({ faces: [THERE, labelled([20, 20, 48, 59])] });
  const unsure = packRecord({ faces: [THERE, labelled([20, 20, 48, 60], { ignore: true })] });
  const looks = [
    look(two, { faces: [face(200), face(60, 0.8, 44)] }),
    look(two, {}),
    look(small, {}),
    look(unsure, {}),
  ];
  expect(value(looks, 'scenes with several people called several')).toEqual([50, 2]);
});

it('a single person is one sure face in webcam framing', () => {
  const alone = packRecord({ faces: [THERE] });
  const tight = packRecord({ height: 210, faces: [THERE] });
  const looks = [look(alone, {}), look(alone, NOBODY), look(tight, {})];
  expect(value(looks, 'single persons found')).toEqual([50, 2]);
});

it('round things are watches, clocks and gauges without anybody', () => {
  const looks = [
    look(packRecord({ source: 'gauges' }), {}),
    look(packRecord({ origin: 'x/watch/1.jpg' }), NOBODY),
    look(packRecord(), {}),
  ];
  expect(value(looks, 'watches, clocks and gauges with a false face')).toEqual([500, 2]);
});

it('small faces are not counted by source', () => {
  const record = packRecord({ source: 'rooms', faces: [THERE, labelled([0, 0, 30, 39])] });
  expect(value([look(record, {})], 'rooms')).toEqual([100, 1]);
});
