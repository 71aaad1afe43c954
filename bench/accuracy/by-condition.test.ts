import { expect, it } from 'vitest';
import { NOBODY } from '../../simulator/fixtures/detections.ts';
import { labelled, look, packRecord } from './fixtures/pack.ts';
import { conditionSections } from './by-condition.ts';
import type { Look } from './looks.ts';

const found = (looks: readonly Look[]) =>
  new Map(
    conditionSections(looks)
      .flatMap(({ measures }) => measures)
      .map(({ name, value, n }) => [name, [value, n]]),
  );

it('face sizes are scaled to an image of 320 px, by the longer side', () => {
  // 64, 31, and 10 px at half the size.
  const faces = [labelled([0, 0, 50, 128]), labelled([200, 0, 62, 40]), labelled([400, 0, 20, 20])];
  const bands = found([look(packRecord({ faces }), NOBODY)]);
  expect(['64 px and more', '20 to 32 px', 'under 12 px', '32 to 64 px'].map((name) => bands.get(name)![1])).toEqual([
    1, 1, 1, 0,
  ]);
});

it('background faces are excluded from the other conditions', () => {
  const bands = found([look(packRecord({ faces: [labelled([0, 0, 38, 38]), labelled([240, 140, 160, 200])] }), {})]);
  expect(bands.get('colour')).toEqual([100, 1]);
});

it('light, skin and colour are classified from the pixels', () => {
  const record = packRecord({ faces: [labelled([240, 140, 160, 200])] });
  const seen = look(record, {});
  const looks = [
    seen,
    { ...seen, picture: { ...seen.picture, luma: 40, skin: [60] } },
    { ...seen, picture: { ...seen.picture, luma: 200, grey: true } },
  ];
  const bands = found(looks);
  expect(bands.get('dark (luma under 60)')).toEqual([100, 1]);
  expect(bands.get('bright (luma 170 and more)')).toEqual([100, 1]);
  expect(bands.get('face luma dark (luma under 80)')).toEqual([100, 1]);
  expect(bands.get('face luma medium (luma 80 to 140)')).toEqual([100, 1]);
  expect(bands.get('grey')).toEqual([100, 1]);
});
