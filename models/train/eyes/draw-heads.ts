/**
 * Eyes of the simulator's drawn heads, with the angles they were painted from.
 *
 * npm run build:server
 * node dist/models/train/eyes/draw-heads.js --first 5000 --scenes 200 --frames 10 --out drawn
 *
 * Writes `drawn.bin`, uint8 [n, 80, 80, 3] RGB, each square spanning 1.5 crops around an eye's centre (the eye at image
 * right mirrored), and `drawn.jsonl`, one line per eye: yaw, pitch (degrees in the picture's frame, mirrored like the
 * eye), gap and width (lids, centimetres), head yaw and pitch, eye distance in pixels, scene and frame.
 */
import { openSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { drawFrame } from '../../../simulator/draw/frame.ts';
import { HALF_WIDTH, lidGap } from '../../../simulator/draw/eyes.ts';
import { EYE_X, headDistance, type HeadShape } from '../../../simulator/draw/head-shape.ts';
import type { Posture } from '../../../simulator/draw/person.ts';
import { project } from '../../../simulator/draw/place.ts';
import { between, mixSeed, type Random, seeded } from '../../../simulator/draw/prng.ts';
import { createScene } from '../../../simulator/draw/scene.ts';
import { JpegDecoder } from '../../decode.ts';
import { eyeSquares } from '../../eye-squares.ts';
import type { Point } from '../../jobs.ts';
import { LevelledCrop } from '../../levelled-crop.ts';

const SIZE = 80;
const SPAN = 1.5;

function posture(random: Random): Posture {
  const wide = random() < 0.6;
  const look = (range: number, usual: number): number =>
    wide ? between(random, -range, range) : between(random, -usual, usual);
  return {
    yaw: between(random, -30, 30) * (random() < 0.5 ? 1 : 0.25),
    pitch: between(random, -22, 14),
    roll: between(random, -10, 10),
    gazeYaw: look(42, 10),
    gazePitch: look(25, 8) - 3,
    x: between(random, 230, 410),
    y: between(random, 180, 260),
    size: between(random, 120, 330),
    open: random() < 0.75 ? 1 : random(),
  };
}

/** Depth of the skin at x, y of the head, searched from the front inwards. */
function surface(shape: HeadShape, x: number, y: number): number {
  let z = 12;
  for (let i = 0; i < 60; i++) z -= 0.8 * headDistance(shape, x, y, z);
  return z;
}

/** Mean of the two corners in the picture. */
function eyeCentre(shape: HeadShape, at: Posture, side: -1 | 1): Point {
  const [a, b] = [-1, 1].map((end) => {
    const x = side * (EYE_X + end * HALF_WIDTH);
    const y = 0.05 * end * HALF_WIDTH;
    return project([x, y, surface(shape, x, y)], at);
  }) as [Point, Point];
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

const crop = new LevelledCrop(SIZE);
const bytes = new Uint8Array(SIZE * SIZE * 3);

const { values } = parseArgs({
  options: {
    first: { type: 'string', default: '5000' },
    scenes: { type: 'string', default: '200' },
    frames: { type: 'string', default: '10' },
    out: { type: 'string' },
  },
});
if (!values.out) throw new Error('usage: draw-heads [--first SEED] [--scenes N] [--frames N] --out NAME');
const decoder = new JpegDecoder();
const pictures = openSync(`${values.out}.bin`, 'w');
const labels = openSync(`${values.out}.jsonl`, 'w');
for (let seed = Number(values.first), end = seed + Number(values.scenes); seed < end; seed++) {
  const scene = createScene(seed);
  const random = seeded(mixSeed(seed, 0xe7e5));
  for (let frame = 0; frame < Number(values.frames); frame++) {
    const at = posture(random);
    const image = decoder.decode(drawFrame(scene, { people: [at], frame }));
    const { shape } = scene.person(0).look;
    const [left, right] = [eyeCentre(shape, at, -1), eyeCentre(shape, at, 1)];
    const squares = eyeSquares(image, [left, right], at.yaw);
    if (!squares) throw new Error('an eye was drawn outside the picture');
    for (const side of [-1, 1] as const) {
      const square = squares[side < 0 ? 0 : 1];
      crop.toBytes(image, { ...square, side: square.side * SPAN }, bytes, side > 0);
      writeSync(pictures, bytes);
      writeSync(
        labels,
        `${JSON.stringify({
          yaw: -side * at.gazeYaw,
          pitch: at.gazePitch,
          gap: lidGap({ open: at.open ?? 1, pitch: at.gazePitch }),
          width: HALF_WIDTH,
          headYaw: -side * at.yaw,
          headPitch: at.pitch,
          distance: Math.hypot(right[0] - left[0], right[1] - left[1]),
          scene: seed,
          frame,
        })}\n`,
      );
    }
  }
}
