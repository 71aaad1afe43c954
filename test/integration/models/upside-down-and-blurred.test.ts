import { beforeAll, expect, test } from 'vitest';
import { analyse, type Pipeline } from '../../../models/analyse.ts';
import { JpegDecoder } from '../../../models/decode.ts';
import { checkModels, openPipeline } from '../../../models/load.ts';
import { shippedFolder } from '../../../models/manifest.ts';
import { DrawnPerson } from '../../../bench/cheats/seen/drawn.ts';
import { blurred, decoded, encoded, held, type Pixels } from '../../../bench/cheats/seen/effects.ts';
import { seeded } from '../../../simulator/draw/prng.ts';

/** Faces in which the networks see an upright one although it is none, or no eyes although none are hidden. */

const PEOPLE = [41, 43];
let pipeline: Pipeline;
beforeAll(async () => {
  const models = await checkModels({ folders: [shippedFolder()], face: 'own', gaze: 'own' });
  pipeline = await openPipeline(models, new JpegDecoder());
});

const upsideDown = (pixels: Pixels) => held(pixels, { x: 0, y: 0, roll: 180, scale: 1, tilt: 0 });

const detectionOf = async (person: number, effect: (pixels: Pixels) => Pixels) => {
  const picture = new DrawnPerson(person, 20).picture(5);
  return analyse(pipeline, encoded(effect(decoded(picture)), 0, seeded(person)));
};

test.each(PEOPLE)(
  'person %i, upside down: the head is tilted by 180 degrees, and no direction of the eyes is given',
  async (person) => {
    const { pose, gaze, open } = await detectionOf(person, upsideDown);
    expect(180 - Math.abs(pose!.roll)).toBeLessThan(15);
    expect({ gaze, open }).toEqual({ gaze: null, open: null });
  },
);

test.each(PEOPLE)(
  'person %i behind a smeared lens: the face has little fine contrast, and its eyes are unknown',
  async (person) => {
    const clear = await detectionOf(person, (pixels) => pixels);
    expect(clear.sharpness).toBeGreaterThan(0.15);
    expect(clear.gaze!.confidence).toBeGreaterThan(0.6);
    const smeared = await detectionOf(person, (pixels) => blurred(pixels, 10));
    expect(smeared.sharpness).toBeLessThan(0.11);
    expect(smeared.gaze!.confidence).toBeLessThan(0.2);
    expect(Math.abs(smeared.pose!.roll)).toBeLessThan(15);
  },
);
