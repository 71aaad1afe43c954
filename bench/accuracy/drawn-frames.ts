import { JpegDecoder } from '../../models/decode.ts';
import type { RgbImage } from '../../models/image.ts';
import { clipContent } from '../../simulator/draw/clips.ts';
import { drawFrame } from '../../simulator/draw/frame.ts';
import type { Posture } from '../../simulator/draw/person.ts';
import { between, mixSeed, type Random, seeded } from '../../simulator/draw/prng.ts';
import { createScene, type Scene } from '../../simulator/draw/scene.ts';
import { blur, coverWithHand, coverWithSunglasses, eyesBetween } from './obstruct.ts';
import { keep, toJpeg } from './pixels.ts';

/** Far from the seeds of tests, demo and simulator; never train on these scenes. */
const FIRST_SEED = 770_001;
const QUALITY = 0.9;

/** Contents of drawn frames, and the number of each per scene. */
const KINDS = {
  straight: 3,
  turned: 6,
  down: 4,
  gaze: 8,
  shut: 2,
  sunglasses: 2,
  hand: 2,
  blurred: 2,
  empty: 2,
  second: 3,
} as const;
export const FRAMES_A_SCENE = Object.values(KINDS).reduce((sum, count) => sum + count, 0);
export type DrawnKind = keyof typeof KINDS;

export interface DrawnFrame {
  readonly kind: DrawnKind;
  readonly scene: number;
  readonly jpeg: Uint8Array;
  /** Exact posture of the student; undefined if the seat is empty. */
  readonly truth: Posture | undefined;
}

const decoder = new JpegDecoder();

/** All frames of one scene; the same scene number gives the same frames. */
export function* drawnFrames(number: number): Generator<DrawnFrame> {
  const scene = createScene(FIRST_SEED + number);
  let frame = 0;
  for (const [kind, count] of Object.entries(KINDS) as [DrawnKind, number][]) {
    for (let i = 0; i < count; i++, frame++) {
      const random = seeded(mixSeed(scene.seed, frame));
      if (kind === 'empty')
        yield { kind, scene: number, truth: undefined, jpeg: drawFrame(scene, { people: [], frame }) };
      else if (kind === 'second')
        yield {
          kind,
          scene: number,
          truth: undefined,
          jpeg: drawFrame(scene, { ...clipContent(scene, 'second', i), frame }),
        };
      else {
        const truth = posture(kind, scene, random);
        yield { kind, scene: number, truth, jpeg: draw(kind, scene, truth, frame, random) };
      }
    }
  }
}

function posture(kind: DrawnKind, scene: Scene, random: Random): Posture {
  const near = {
    ...scene.seat,
    yaw: between(random, -10, 10),
    pitch: between(random, -8, 6),
    roll: between(random, -5, 5),
    gazeYaw: between(random, -5, 5),
    gazePitch: between(random, -6, 3),
  };
  switch (kind) {
    case 'straight':
      return { ...near, yaw: between(random, -3, 3), pitch: between(random, -3, 3) };
    case 'turned':
      return {
        ...near,
        yaw: between(random, -55, 55),
        pitch: between(random, -18, 20),
        roll: between(random, -18, 18),
      };
    case 'down':
      return {
        ...near,
        yaw: between(random, -20, 20),
        pitch: between(random, -45, -20),
        gazePitch: between(random, -15, 0),
      };
    case 'gaze':
      return { ...near, gazeYaw: between(random, -30, 30), gazePitch: between(random, -15, 15) };
    case 'shut':
      return { ...near, open: 0 };
    default:
      return { ...near, gazeYaw: between(random, -20, 20) };
  }
}

function draw(kind: DrawnKind, scene: Scene, truth: Posture, frame: number, random: Random): Uint8Array {
  const jpeg = drawFrame(scene, { people: [truth], frame });
  if (kind !== 'sunglasses' && kind !== 'hand' && kind !== 'blurred') return jpeg;
  const image = keep(decoder.decode(jpeg));
  return toJpeg(obstruct(kind, image, scene, truth, frame, random), QUALITY);
}

function obstruct(
  kind: 'sunglasses' | 'hand' | 'blurred',
  image: RgbImage,
  scene: Scene,
  truth: Posture,
  frame: number,
  random: Random,
): RgbImage {
  if (kind === 'blurred') return blur(image);
  // The same frame with closed lids differs in the eyes only, which locates them.
  const shut = decoder.decode(drawFrame(scene, { people: [{ ...truth, open: 0 }], frame }));
  const eyes = eyesBetween(image, shut);
  if (kind === 'sunglasses') coverWithSunglasses(image, eyes, between(random, 8, 45));
  else coverWithHand(image, eyes, random() < 0.5 ? 1 : -1);
  return image;
}
