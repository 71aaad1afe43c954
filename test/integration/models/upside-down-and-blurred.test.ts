import { type CanvasRenderingContext2D, createCanvas, loadImage } from '@napi-rs/canvas';
import { beforeAll, expect, test } from 'vitest';
import { analyse, type Pipeline } from '../../../models/analyse.ts';
import { JpegDecoder } from '../../../models/decode.ts';
import { checkModels, openPipeline } from '../../../models/load.ts';
import { shippedFolder } from '../../../models/manifest.ts';
import { clips } from '../../../simulator/draw/clips.ts';
import { createScene } from '../../../simulator/draw/scene.ts';

/** Faces in which the networks see an upright one although it is none, or no eyes although none are hidden. */

const PEOPLE = [9, 14];
let pipeline: Pipeline;
const pictures = new Map<number, Uint8Array>();
beforeAll(async () => {
  const models = await checkModels({ folders: [shippedFolder()], face: 'own', gaze: 'own' });
  pipeline = await openPipeline(models, new JpegDecoder());
  for (const person of PEOPLE) pictures.set(person, clips(createScene(person)).attentive[0]!);
});

async function detectionOf(
  person: number,
  effect: (context: CanvasRenderingContext2D, width: number, height: number) => void,
) {
  const image = await loadImage(Buffer.from(pictures.get(person)!));
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  effect(context, image.width, image.height);
  context.drawImage(image, 0, 0);
  return analyse(pipeline, canvas.encodeSync('jpeg', 85));
}

test.each(PEOPLE)(
  'person %i upside down: the head is tilted by 180 degrees, the eyes are not judged',
  async (person) => {
    const { pose, gaze, open } = await detectionOf(person, (context, width, height) => {
      context.translate(width, height);
      context.rotate(Math.PI);
    });
    expect(180 - Math.abs(pose!.roll)).toBeLessThan(15);
    expect({ gaze, open }).toEqual({ gaze: null, open: null });
  },
);

test.each(PEOPLE)('person %i behind a smeared lens: little fine contrast, and unknown eyes', async (person) => {
  const clear = await detectionOf(person, () => {});
  expect(clear.sharpness).toBeGreaterThan(0.15);
  expect(clear.gaze!.confidence).toBeGreaterThan(0.6);
  const smeared = await detectionOf(person, (context) => {
    context.filter = 'blur(9px)';
  });
  expect(smeared.sharpness).toBeLessThan(0.11);
  expect(smeared.gaze!.confidence).toBeLessThan(0.2);
  expect(Math.abs(smeared.pose!.roll)).toBeLessThan(15);
});
