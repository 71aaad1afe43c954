import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Detection } from '../../../models/jobs.ts';
import type { InferencePool } from '../../../server/inference/pool.ts';
import { hintsOf } from '../../../server/system-check/hints.ts';
import { clipContent, type ClipName } from '../../../simulator/draw/clips.ts';
import { drawFrame, type FrameContent } from '../../../simulator/draw/frame.ts';
import { createScene, type Scene } from '../../../simulator/draw/scene.ts';
import { darken, paste } from '../../support/altered-picture.ts';
import { photos } from '../../support/photos.ts';
import { sharedFolder, sharedRequired } from '../../support/requirements.ts';
import { RulesRun } from '../../support/rules-run.ts';
import { detectIn, startShippedModels } from '../../support/shipped-models.ts';
import { FULL_SIZE } from '../../support/size.ts';

/** Drawn and real pictures through the inference host, and what the rules make of them at a frame a second. */
const SEEDS = FULL_SIZE || sharedRequired ? [1, 9, 14] : [1];

let pool: InferencePool;
beforeAll(async () => {
  pool = await startShippedModels();
});
afterAll(() => pool?.close());

/** The result depends on the picture alone (no hints here), so each picture is analysed once. */
const detections = new WeakMap<Uint8Array, Detection>();

async function detect(jpeg: Uint8Array): Promise<Detection> {
  const known = detections.get(jpeg);
  if (known) return known;
  const detection = await detectIn(pool, jpeg);
  detections.set(jpeg, detection);
  return detection;
}

async function watch(pictures: readonly Uint8Array[], policy = {}): Promise<RulesRun & { detections: Detection[] }> {
  const run = Object.assign(new RulesRun(policy), { detections: [] as Detection[] });
  for (const jpeg of pictures) {
    const detection = await detect(jpeg);
    run.detections.push(detection);
    const at = (run.now + 1) * 1000;
    run.apply({ kind: 'frame', at }).apply({ kind: 'detection', detection, at });
  }
  return run;
}

const opened = (run: RulesRun) => run.changes.filter(({ kind }) => kind === 'open').map(({ type }) => type);
const frames = (scene: Scene, clip: ClipName, count: number, change: Partial<FrameContent> = {}) =>
  Array.from({ length: count }, (_, i) => drawFrame(scene, { ...clipContent(scene, clip, i), ...change }));
const darkened = (pictures: readonly Uint8Array[], share: number) =>
  Promise.all(pictures.map((jpeg) => darken(jpeg, share)));
const blackFrames = frames(createScene(1), 'covered', 20);
/** Every third picture is a black one. */
const everyThirdBlack = (pictures: readonly Uint8Array[]) =>
  Array.from({ length: 30 }, (_, i) =>
    i % 3 === 2 ? blackFrames[i % blackFrames.length]! : pictures[i % pictures.length]!,
  );
const covered = ({ luma }: Detection) => luma.mean < 16 || luma.deviation < 6;

describe.each(SEEDS)('drawn scene %i', (seed) => {
  const scene = createScene(seed);
  const attentive = frames(scene, 'attentive', 12);

  test('a person in a dark room is seen, and the camera is not covered', async () => {
    const run = await watch(await darkened(attentive.slice(0, 8), 0.08));
    expect(run.detections.map(({ faces }) => faces.length)).toEqual(Array.from({ length: 8 }, () => 1));
    expect(run.detections.every(covered)).toBe(true);
    expect(opened(run)).toEqual([]);
  });

  test('two people in a dark room are MULTIPLE_FACES', async () => {
    const run = await watch(await darkened(frames(scene, 'second', 8), 0.08));
    expect(run.detections.every(covered)).toBe(true);
    expect(opened(run)).toEqual(['MULTIPLE_FACES']);
  });

  test('a lit face in front of a black wall is neither covered nor too dark', async () => {
    const night = { ...scene, room: { ...scene.room, pixels: new Uint8ClampedArray(scene.room.pixels.length) } };
    const run = await watch(frames(night, 'attentive', 8));
    expect(opened(run)).toEqual([]);
    for (const detection of run.detections) expect(hintsOf(detection)).not.toContain('too_dark');
  });

  test('a black face in a bright room is too dark', async () => {
    const dim = ([r, g, b]: readonly [number, number, number]) => [r * 0.05, g * 0.05, b * 0.05] as const;
    const { light } = scene.room;
    const against = {
      ...light,
      key: dim(light.key),
      sky: dim(light.sky),
      ground: dim(light.ground),
      screen: dim(light.screen),
    };
    const pictures = frames({ ...scene, room: { ...scene.room, light: against } }, 'attentive', 8);
    const seen = (await watch(pictures)).detections.filter(({ faces }) => faces.length > 0);
    expect(seen.length).toBeGreaterThan(0);
    for (const detection of seen) {
      expect(detection.luma.mean).toBeGreaterThan(50);
      expect(hintsOf(detection)).toContain('too_dark');
    }
  });

  test.each([
    ['an empty chair', 'empty', 'NO_FACE'],
    ['a second person', 'second', 'MULTIPLE_FACES'],
    ['looking aside', 'away', 'LOOKING_AWAY'],
    ['looking down', 'down', 'LOOKING_AWAY'],
  ] as const)('every third frame black: %s is noted', async (_what, clip, type) => {
    const run = await watch([...attentive, ...everyThirdBlack(frames(scene, clip, 8))]);
    expect(opened(run)).toEqual([type]);
  });

  test('a long covering opens CAMERA_COVERED and nothing else', async () => {
    expect(opened(await watch([...attentive, ...blackFrames]))).toEqual(['CAMERA_COVERED']);
  });

  test('a face on a poster, a fifth of the student, stops no calibration', async () => {
    const self = clipContent(scene, 'attentive', 0).people[0]!;
    const side = scene.guestSeat.x > scene.seat.x ? 1 : -1;
    const poster = {
      ...self,
      yaw: 0,
      pitch: 0,
      roll: 0,
      x: scene.seat.x + side * 200,
      y: 90,
      size: POSTER * self.size,
    };
    const run = await watch(frames(scene, 'attentive', 14, { poster }));
    expect(run.detections.filter(({ faces }) => faces.length === 2).length).toBeGreaterThan(0);
    expect(opened(run)).toEqual([]);
    expect(run.state.calibration.done).toBe(true);
  });
});

/** Height of the head on the poster, as a share of the student's. */
const POSTER = 0.22;

describe.runIf(sharedFolder)(`photos${sharedFolder ? '' : ' (skipped: not available)'}`, () => {
  const people = () => ['ONE_', 'AWAY_', 'EYES_', 'MULTI_'].flatMap(photos);

  test.each([0.5, 0.3, 0.2, 0.1])(
    'at %d of their light: a face is found in each, and none is covered',
    async (share) => {
      const pictures = await darkened(people(), share);
      const run = await watch(pictures);
      expect(run.detections.filter(({ faces }) => faces.length > 0)).toHaveLength(18);
      expect(run.detections.filter(covered).length).toBeGreaterThan(10);
      expect(opened(run)).not.toContain('CAMERA_COVERED');
    },
  );

  test('two people at a tenth of the light are MULTIPLE_FACES', async () => {
    const pictures = await darkened(photos('MULTI_'), 0.1);
    expect(opened(await watch(pictures))).toEqual(['MULTIPLE_FACES']);
  });

  test('lit faces in front of a black wall are not too dark, at half of the light either', async () => {
    for (const jpeg of [...photos('ONE_'), ...(await darkened(photos('ONE_'), 0.5))])
      expect(hintsOf(await detect(jpeg))).not.toContain('too_dark');
  });

  test.each([
    ['NONE_', 'NO_FACE'],
    ['MULTI_', 'MULTIPLE_FACES'],
    ['AWAY_0', 'LOOKING_AWAY'],
  ])('every third frame black: %s is %s', async (prefix, type) => {
    const run = await watch([...photos('ONE_'), ...everyThirdBlack(photos(prefix))]);
    expect(opened(run)).toContain(type);
    expect(opened(run)).not.toContain('CAMERA_COVERED');
  });

  test('a photo on the wall, a fifth of the student, stops no calibration', async () => {
    const [first, ...others] = photos('ONE_');
    const { faces } = await detect(first!);
    const [x, y, w, h] = faces[0]!.box;
    // The photo shows the face with as much again around it.
    const part = [x - w / 2, y - h / 2, 2 * w, 2 * h] as const;
    const hung = await Promise.all(
      others.map((jpeg) => paste(jpeg, first!, part, [20, 20, 2 * w * POSTER, 2 * h * POSTER])),
    );
    const run = await watch([...hung, ...hung]);
    expect(run.detections.filter((seen) => seen.faces.length === 2).length).toBeGreaterThan(0);
    expect(opened(run)).toEqual([]);
    expect(run.state.calibration.done).toBe(true);
  });
});
