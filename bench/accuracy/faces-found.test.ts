import { describe, expect, it } from 'vitest';
import { face, NOBODY } from '../../simulator/fixtures/detections.ts';
import { labelled, look, packRecord } from './fixtures/pack.ts';
import { faceSections } from './faces-found.ts';
import type { Look } from './looks.ts';

// Detection of face() in the test support: 160 x 200 pixels around (320, 240).
const THERE = labelled([240, 140, 160, 200]);
const ELSEWHERE = labelled([20, 20, 50, 60]);

function value(looks: readonly Look[], name: string) {
  const found = faceSections(looks)
    .flatMap(({ measures }) => measures)
    .find((measure) => measure.name === name);
  if (!found) throw new Error(`no measure named ${name}`);
  return [found.value, found.n];
}

describe('frontal faces', () => {
  const name = 'found, of 40 px and more';

  it('counts detections that overlap the labelled face', () => {
    const record = packRecord({ faces: [THERE, ELSEWHERE] });
    expect(value([look(record, {}), look(record, NOBODY)], name)).toEqual([25, 4]);
  });

  it('excludes turned, small and ignored faces', () => {
    const faces = [
      labelled([240, 140, 160, 200], { pose: { yaw: 21, pitch: 0, roll: 0 } }),
      labelled([0, 0, 30, 39]),
      labelled([400, 300, 100, 100], { ignore: true }),
    ];
    expect(value([look(packRecord({ faces }), {})], name)).toEqual([null, 0]);
  });

  it('counts one person detected as several, by the rule of the server', () => {
    const alone = packRecord({ faces: [THERE] });
    const looks = [
      look(alone, {}),
      look(alone, { faces: [face(200), face(59)] }),
      look(alone, { faces: [face(200), face(60)] }),
    ];
    expect(value(looks, 'one person taken for several')[0]).toBeCloseTo(100 / 3);
    const unclear = packRecord({ faces: [THERE, labelled([0, 0, 40, 40], { ignore: true })] });
    expect(value([look(unclear, {})], 'one person taken for several')).toEqual([null, 0]);
  });

  it('separates full-frame portraits from webcam framing', () => {
    const tight = packRecord({ height: 210, faces: [THERE] });
    expect(value([look(tight, {})], "found, of 40 px and more, face under 0.7 of the picture's height")).toEqual([
      null,
      0,
    ]);
  });
});

describe('images without a person', () => {
  const animal = packRecord({ origin: 'x/wild_cat/1.jpg' });

  it('counts images with a false face, animals and objects separately', () => {
    const looks = [
      look(packRecord(), NOBODY),
      look(packRecord(), {}),
      look(animal, {}),
      look(packRecord({ kind: 'noface_frame' }), {}),
    ];
    expect(value(looks, 'object pictures with a false face')).toEqual([500, 2]);
    expect(value(looks, 'animals and cartoons with a false face')).toEqual([1000, 1]);
  });

  it('a face in an ambiguous label is not a false positive', () => {
    const record = { ...animal, kind: 'neg_ign' as const, faces: [{ ...THERE, ignore: true }] };
    expect(value([look(record, {})], 'animals and cartoons with a false face')).toEqual([0, 1]);
  });
});

it('a group is an image of three or more faces', () => {
  const two = packRecord({ faces: [THERE, ELSEWHERE] });
  const three = packRecord({ faces: [THERE, ELSEWHERE, labelled([500, 20, 50, 60])] });
  const looks = [look(two, {}), look(three, { faces: [face(200, 0.9, 320), face(100, 0.8, 560)] })];
  expect(value(looks, 'faces found')[1]).toBe(3);
  expect(value(looks, 'taken for several people')).toEqual([100, 1]);
});
