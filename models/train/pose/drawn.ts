import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawFrame } from '../../../simulator/draw/frame.ts';
import { EYE_X, MOUTH_Y, NOSE_TIP_Y } from '../../../simulator/draw/head-shape.ts';
import type { Posture } from '../../../simulator/draw/person.ts';
import { project } from '../../../simulator/draw/place.ts';
import { between, gaussian, mixSeed, type Random, seeded } from '../../../simulator/draw/prng.ts';
import { createScene } from '../../../simulator/draw/scene.ts';
import { OwnFaceDetector } from '../../adapters/own-face.ts';
import { JpegDecoder } from '../../decode.ts';
import type { Box } from '../../jobs.ts';

/**
 * Frames of drawn people in random postures, so that people of the demo are measured as well as real ones: `node
 * dist/models/train/pose/drawn.js SCENES FACE_ONNX OUT`. Writes OUT/NNNN-F.jpg and OUT/frames.jsonl: `{file, scene,
 * pose, points, outline, own}`: degrees; pixels of the five landmarks and of the face's outline; our detector's box or
 * null.
 */

type HeadPoint = readonly [x: number, y: number, z: number];

/** Frames per scene: building a head takes 0.3 s, a frame some 20 ms. */
const FRAMES = 10;
const [scenes, detector, out] = process.argv.slice(2);
if (!scenes || !detector || !out) throw new Error('usage: drawn.js SCENES FACE_ONNX OUT');
await mkdir(out, { recursive: true });
const decoder = new JpegDecoder();
const own = await OwnFaceDetector.load(new Map([['face.onnx', await readFile(detector)]]));
const lines: string[] = [];
for (let number = 0; number < Number(scenes); number++) {
  const scene = createScene(mixSeed(0x9a2e, number));
  const random = seeded(mixSeed(0x9a2f, number));
  const shape = scene.person(0).look.shape;
  const points: readonly HeadPoint[] = [
    [-EYE_X * shape.width, 0, 7.3],
    [EYE_X * shape.width, 0, 7.3],
    [0, NOSE_TIP_Y * shape.noseLength, 10.7],
    [-2.4 * shape.width, MOUTH_Y, 7.9],
    [2.4 * shape.width, MOUTH_Y, 7.9],
  ];
  const outline: readonly HeadPoint[] = [
    [0, 6, 7.5],
    [0, -11.2, 8],
    [-6.9 * shape.width, -1, 1.5],
    [6.9 * shape.width, -1, 1.5],
    [-5.6 * shape.width, 4.5, 4],
    [5.6 * shape.width, 4.5, 4],
  ];
  for (let frame = 0; frame < FRAMES; frame++) {
    const posture = anyPosture(random, scene.seat);
    const jpeg = drawFrame(scene, { people: [posture], frame });
    const file = `${String(number).padStart(4, '0')}-${frame}.jpg`;
    await writeFile(join(out, file), jpeg);
    const seen = [...points, ...outline].map((point) => project(point, posture));
    const near = (await own.detect(decoder.decode(jpeg))).find(({ box }) => holds(box, seen[2]!));
    const { yaw, pitch, roll } = posture;
    lines.push(
      JSON.stringify({
        file,
        scene: number,
        pose: [yaw, pitch, roll],
        points: seen.slice(0, 5),
        outline: seen,
        own: near?.box ?? null,
      }),
    );
  }
}
await writeFile(join(out, 'frames.jsonl'), `${lines.join('\n')}\n`);

function anyPosture(random: Random, seat: { x: number; y: number; size: number }): Posture {
  const kind = random();
  const side = random() < 0.5 ? -1 : 1;
  const yaw = kind < 0.4 ? side * between(random, 15, 62) : gaussian(random) * 10;
  const pitch = kind > 0.65 ? between(random, -45, -12) : gaussian(random) * 8 - 2;
  return {
    yaw,
    pitch,
    roll: gaussian(random) * 6,
    gazeYaw: gaussian(random) * 9,
    gazePitch: pitch < -12 ? between(random, -20, 0) : gaussian(random) * 6,
    x: seat.x + gaussian(random) * 30,
    y: seat.y + gaussian(random) * 20,
    size: seat.size * between(random, 0.6, 1.3),
  };
}

function holds([x, y, w, h]: Box, [px, py]: readonly [number, number]): boolean {
  return px > x && px < x + w && py > y && py < y + h;
}
