import { expect, test } from 'vitest';
import { type Constant, onnxFile } from '../../support/onnx-file.ts';
import type { RgbImage } from '../../../models/image.ts';
import type { Face } from '../../../models/jobs.ts';
import { OwnGazeEstimator } from '../../../models/adapters/own-gaze.ts';

/** Networks whose answers are known: the head is what a test says, an eye looks where its dark spot is. */

const EYE = 40;
const VALUES = EYE * EYE * 3;

interface Head {
  readonly pose: readonly number[];
  readonly eyes: readonly number[];
  readonly visibility: number;
}

function headFile({ pose, eyes, visibility }: Head): Uint8Array {
  const constants: Constant[] = [
    { name: 'p', shape: [1, 3], data: Float32Array.from(pose) },
    { name: 'e', shape: [1, 2, 2], data: Float32Array.from(eyes) },
    { name: 'v', shape: [1], data: Float32Array.of(visibility) },
  ];
  return onnxFile({
    inputs: [{ name: 'face', type: 'uint8', shape: ['n', 64, 64, 3] }],
    outputs: [
      { name: 'pose', type: 'float32', shape: ['n', 3] },
      { name: 'eyes', type: 'float32', shape: ['n', 2, 2] },
      { name: 'visibility', type: 'float32', shape: ['n'] },
    ],
    constants,
    nodes: [
      ['p', 'pose'],
      ['e', 'eyes'],
      ['v', 'visibility'],
    ].map(([from, to]) => ({ op: 'Identity', inputs: [from!], output: to! })),
  });
}

/**
 * Yaw and pitch grow with how far the darkness is to the right and above: no light is lost by adding up, as an even
 * picture gives 0.
 */
function eyesFile(confidence: readonly number[]): Uint8Array {
  const weights = Float32Array.from({ length: VALUES * 2 }, (_, i) => {
    const pixel = Math.floor(i / 6);
    const [x, y] = [(pixel % EYE) - (EYE - 1) / 2, Math.floor(pixel / EYE) - (EYE - 1) / 2];
    return (i % 2 === 0 ? -x : y) / 50_000;
  });
  return onnxFile({
    inputs: [{ name: 'eyes', type: 'uint8', shape: ['n', EYE, EYE, 3] }],
    outputs: [
      { name: 'gaze', type: 'float32', shape: ['n', 2] },
      { name: 'confidence', type: 'float32', shape: ['n'] },
      { name: 'open', type: 'float32', shape: ['n'] },
    ],
    constants: [
      { name: 'rows', shape: [2], data: BigInt64Array.of(-1n, BigInt(VALUES)) },
      { name: 'weights', shape: [VALUES, 2], data: weights },
      { name: 'c', shape: [2], data: Float32Array.from(confidence) },
      { name: 'o', shape: [2], data: Float32Array.of(0.8, 1.3) },
    ],
    nodes: [
      { op: 'Cast', inputs: ['eyes'], output: 'light', attributes: { to: 1 } },
      { op: 'Reshape', inputs: ['light', 'rows'], output: 'flat' },
      { op: 'MatMul', inputs: ['flat', 'weights'], output: 'gaze' },
      { op: 'Identity', inputs: ['c'], output: 'confidence' },
      { op: 'Identity', inputs: ['o'], output: 'open' },
    ],
  });
}

const CENTRED = [0.3, 0.4, 0.7, 0.4];
const SEEN: Head = { pose: [5, -3, 0], eyes: CENTRED, visibility: 0.9 };
/** The crop is 270 pixels, from (185, 105); eyes are 108 apart, their squares 67 wide. */
const FACE: Face = {
  box: [220, 140, 180, 200],
  score: 1,
  landmarks: [
    [0, 0],
    [0, 0],
    [0, 0],
    [0, 0],
    [0, 0],
  ],
};
const CROP = { x: 310 - 135, y: 240 - 135, side: 270 };

const estimator = (head: Head, confidence = [0.9, 0.9]): Promise<OwnGazeEstimator> =>
  OwnGazeEstimator.load(
    new Map([
      ['gaze.onnx', headFile(head)],
      ['eyes.onnx', eyesFile(confidence)],
    ]),
  );

/** A light picture with a dark spot by each eye, moved by so much. */
function picture(dx: number, dy: number, eyes: readonly number[] = CENTRED): RgbImage {
  const image = { width: 640, height: 480, data: new Uint8Array(640 * 480 * 3).fill(220) };
  for (const eye of [0, 2]) {
    const x = Math.round(CROP.x + eyes[eye]! * CROP.side + dx);
    const y = Math.round(CROP.y + eyes[eye + 1]! * CROP.side + dy);
    for (let row = y - 5; row < y + 5; row++) image.data.fill(10, (row * 640 + x - 5) * 3, (row * 640 + x + 5) * 3);
  }
  return image;
}

test('pose, visibility and openness are the outputs of the networks, clamped to their ranges', async () => {
  const seen = await (await estimator({ ...SEEN, visibility: 1.2 })).estimate(picture(0, 0), FACE);
  expect(seen).toMatchObject({ pose: { yaw: 5, pitch: -3, roll: 0 }, visibility: 1, open: [expect.closeTo(0.8), 1] });
  expect(seen.gaze).toMatchObject({
    yaw: expect.closeTo(0, 0),
    pitch: expect.closeTo(0, 0),
    confidence: expect.closeTo(0.9),
  });
});

test('a gaze to image right and up has positive yaw and pitch, although one eye is mirrored', async () => {
  const { gaze } = await (await estimator(SEEN)).estimate(picture(12, -8), FACE);
  expect(gaze!.yaw).toBeGreaterThan(3);
  expect(gaze!.pitch).toBeGreaterThan(2);
  expect(gaze!.confidence).toBeCloseTo(0.9);
});

test('a tilted head is levelled first', async () => {
  const leaning = [0.35, 0.3, 0.6, 0.55];
  const lean = Math.PI / 4;
  const upright = await (await estimator(SEEN)).estimate(picture(12, 0), FACE);
  const along = picture(12 * Math.cos(lean), 12 * Math.sin(lean), leaning);
  const { gaze } = await (await estimator({ ...SEEN, eyes: leaning })).estimate(along, FACE);
  expect(gaze!.yaw).toBeGreaterThan(upright.gaze!.yaw / 2);
  expect(Math.abs(gaze!.pitch)).toBeLessThan(gaze!.yaw / 4);
});

test('with one unknown eye the gaze is that of the other one', async () => {
  const both = await (await estimator(SEEN)).estimate(picture(12, 0), FACE);
  const { gaze } = await (await estimator(SEEN, [0.9, 0.1])).estimate(picture(12, 0), FACE);
  expect(gaze!.yaw).toBeCloseTo(both.gaze!.yaw, 0);
  expect(gaze!.confidence).toBeCloseTo(0.9 * 0.85);
});

test.each([
  ['a face too small for its eyes', SEEN, { ...FACE, box: [280, 210, 50, 55] as const }],
  ['a head turned so far that one eye is hidden', { ...SEEN, pose: [40, 0, 0] }, FACE],
  ['eyes outside the picture', { ...SEEN, eyes: [-1.2, 0.4, 0.7, 0.4] }, FACE],
  ['eyes that are no numbers', { ...SEEN, eyes: [Number.NaN, 0.4, 0.7, 0.4] }, FACE],
  ['eyes at one place', { ...SEEN, eyes: [0.5, 0.4, 0.5, 0.4] }, FACE],
])('%s: a pose and no gaze', async (_name, head, face) => {
  expect(await (await estimator(head)).estimate(picture(0, 0), face)).toMatchObject({
    pose: { pitch: expect.any(Number) },
    gaze: null,
    open: null,
  });
});

test('a NaN pose counts as no pose, and the eyes are not measured', async () => {
  const seen = await (
    await estimator({ pose: [Number.NaN, 0, 0], eyes: CENTRED, visibility: Number.NaN })
  ).estimate(picture(0, 0), FACE);
  expect(seen).toMatchObject({ pose: null, gaze: null, visibility: null, open: null });
});

test('a face of a few pixels is not measured', async () => {
  expect(await (await estimator(SEEN)).estimate(picture(0, 0), { ...FACE, box: [300, 200, 20, 23] })).toMatchObject({
    pose: null,
    gaze: null,
    visibility: null,
    open: null,
  });
});

test('without eyes: a pose, and nothing of the eyes', async () => {
  expect(await (await estimator(SEEN)).estimate(picture(0, 0), FACE, false)).toMatchObject({
    pose: { yaw: 5, pitch: -3, roll: 0 },
    visibility: expect.closeTo(SEEN.visibility),
    gaze: null,
    open: null,
  });
});

test('an earlier frame does not affect a result', async () => {
  const used = await estimator(SEEN);
  const first = await used.estimate(picture(12, -8), FACE);
  await used.estimate(picture(-12, 8), FACE);
  expect(await used.estimate(picture(12, -8), FACE)).toEqual(first);
});
