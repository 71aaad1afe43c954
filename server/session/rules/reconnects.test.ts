import { describe, expect, test } from 'vitest';
import type { Detection } from '../../../models/jobs.ts';
import { Policy } from '../../../protocol/policy.ts';
import { type Posture, postureAt, seenAs, sittingPerson } from '../../../simulator/fixtures/sitting-person.ts';
import { seeded } from '../../../simulator/draw/prng.ts';
import { applyRules, initialRules } from './rules.ts';

const POLICY = Policy.parse({});
const FRAME_INTERVAL_MS = 500;

interface Sent {
  readonly detection: Detection;
  readonly digest?: number;
  readonly via?: 'socket' | 'post';
}

/** Seconds of each connection and of the gap behind it; without a gap another connection takes over. */
interface Course {
  readonly seconds: number;
  readonly on: number;
  readonly off: number;
}

/** Runs the rules as the server does. @param frame by second, and second of the connection; undefined: none comes */
function sit({ seconds, on, off }: Course, frame: (second: number, within: number) => Sent | undefined) {
  let state = initialRules(0);
  const opened: (readonly [type: string, second: number])[] = [];
  const apply = (observation: Parameters<typeof applyRules>[2]) => {
    const result = applyRules(POLICY, state, observation);
    state = result.state;
    for (const { kind, type } of result.changes)
      if (kind === 'open') opened.push([type, Math.round(observation.at / 1000)]);
    for (const { type } of result.notes ?? []) opened.push([type, Math.round(observation.at / 1000)]);
  };
  for (let second = 0; second < seconds; second++) {
    const within = second % (on + off);
    if (within === on) apply({ kind: 'gap', at: second * 1000 });
    if (within >= on) continue;
    if (within === 0) apply({ kind: 'resume', at: second * 1000 });
    apply({ kind: 'tick', at: second * 1000 + 50, frameIntervalMs: FRAME_INTERVAL_MS });
    const sent = frame(second, within);
    if (!sent) continue;
    const at = second * 1000 + 100;
    apply({ kind: 'frame', at, frameIntervalMs: FRAME_INTERVAL_MS });
    apply({ kind: 'detection', at, ...sent });
    apply({ kind: 'frame', at: at + FRAME_INTERVAL_MS, frameIntervalMs: FRAME_INTERVAL_MS });
  }
  return opened;
}

const random = seeded(5);
const person = sittingPerson(7, 3600, 1);
let frames = 0;
const fresh = () => (++frames * 2_654_435_761) % 2 ** 32;
const live = (second: number, changed: Partial<Posture> = {}): Sent => ({
  detection: seenAs({ ...postureAt(person, second), ...changed }, random),
  digest: fresh(),
});
const but = (second: number, changed: Partial<Detection>): Sent => {
  const { detection, digest } = live(second);
  return { detection: { ...detection, ...changed }, digest: digest! };
};
const NOBODY = { faces: [], pose: null, gaze: null, open: null, visibility: null, faceLuma: null };
const BLACK = { ...NOBODY, luma: { mean: 3, deviation: 1 } };
const STILL = postureAt(person, 1);
const CLIP = sittingPerson(21, 6.3, 1.5);
const kept = Array.from({ length: 12 }, (_, i) => ({ ...live(i * 7), digest: i * 8 + 5 }));

describe('a client that reconnects again and again is judged by what it sent before, too', () => {
  const still: Sent = { detection: seenAs(STILL, random), digest: 17 };
  const cases: readonly (readonly [
    type: string,
    sends: string,
    on: number,
    off: number,
    within: number,
    frame: (second: number, within: number) => Sent | undefined,
  ])[] = [
    [
      'STILL_PICTURE',
      'a still with noise',
      20,
      2,
      60,
      () => ({ detection: seenAs(STILL, random, 0.3), digest: fresh() }),
    ],
    [
      'STILL_PICTURE',
      'a still with noise',
      6,
      1,
      60,
      () => ({ detection: seenAs(STILL, random, 0.3), digest: fresh() }),
    ],
    [
      'LOOPED_VIDEO',
      'a video of 6.3 s',
      20,
      2,
      90,
      (second) => ({ detection: seenAs(postureAt(CLIP, second % 6.3), random), digest: fresh() }),
    ],
    [
      'LOOPED_VIDEO',
      'a video of 6.3 s',
      10,
      2,
      120,
      (second) => ({ detection: seenAs(postureAt(CLIP, second % 6.3), random), digest: fresh() }),
    ],
    ['REPEATED_PICTURE', 'twelve frames', 10, 2, 60, (second) => kept[second % 12]],
    ['REPEATED_PICTURE', 'twelve frames, from the first one each time', 9, 2, 120, (_, within) => kept[within]],
    ['FROZEN_VIDEO', 'one JPEG', 8, 1, 30, () => still],
    ['NO_FACE', 'an empty chair at its end', 5, 1, 30, (second, at) => (at < 2 ? live(second) : but(second, NOBODY))],
    ['NO_FACE', 'an empty chair', 3, 1, 20, (second) => but(second, NOBODY)],
    ['LOOKING_AWAY', 'a face turned aside', 3, 1, 20, (second) => live(second, { yaw: 40 })],
    ['CAMERA_COVERED', 'black pictures', 3, 1, 20, (second) => but(second, BLACK)],
    ['FACE_UNCLEAR', 'a face without a direction', 8, 1, 40, (second) => but(second, { pose: null })],
    ['SMALL_PICTURE', 'tiny pictures', 6, 1, 30, (second) => but(second, { width: 64, height: 48 })],
    ['TWO_SOURCES', 'two cameras', 4, 1, 40, (second) => but(second, second % 2 ? { height: 360 } : {})],
    ['NO_FRAME_RECEIVED', 'nothing', 8, 1, 30, () => undefined],
    ['NO_FRAME_RECEIVED', 'nothing, taking over each time', 8, 0, 30, () => undefined],
    ['FEW_FRAMES', 'one frame', 8, 1, 45, (second, at) => (at === 0 ? live(second) : undefined)],
  ];
  test.each(cases)(
    '%s: %s, on connections of %i s with gaps of %i s, within %i s',
    (type, _, on, off, limit, frame) => {
      const opened = sit({ seconds: limit + 5, on, off }, frame);
      const first = opened.find(([opens]) => opens === type);
      expect(first, JSON.stringify(opened)).toBeDefined();
      expect(first![1]).toBeLessThanOrEqual(limit);
    },
  );

  test('CAMERA_CHANGED: another room, on connections of 2 s', () => {
    const opened = sit({ seconds: 90, on: 2, off: 1 }, (second) =>
      second < 60
        ? live(second)
        : but(second, { print: Uint8Array.from({ length: 192 }, (_, i) => 50 + ((i * 71) % 150)) }),
    );
    expect(opened.map(([type]) => type)).toEqual(['CAMERA_CHANGED']);
  });
});

describe('time in which nothing is observed leaks once', () => {
  const second = 1000;
  /** Half of the hold for nobody in the picture, then `gaps`, then observation goes on at 12 s. */
  function evidenceAfter(...gaps: number[]) {
    let state = initialRules(0);
    const apply = (observation: Parameters<typeof applyRules>[2]) =>
      (state = applyRules(POLICY, state, observation).state);
    apply({ kind: 'resume', at: 0 });
    for (let at = 0; at <= 2 * second; at += 500) {
      apply({ kind: 'frame', at, frameIntervalMs: FRAME_INTERVAL_MS });
      apply({ kind: 'detection', at, ...but(at / second, NOBODY) });
    }
    for (const at of gaps) apply({ kind: 'gap', at });
    apply({ kind: 'resume', at: 4 * second });
    return state.incidents.NO_FACE;
  }

  test('a line that is lost during a pause, and again', () => {
    const paused = evidenceAfter(2 * second);
    expect(paused.evidence.level).toBeGreaterThan(0);
    expect(evidenceAfter(2 * second, 3 * second)).toEqual(paused);
    expect(evidenceAfter(2 * second, 2.5 * second, 4 * second)).toEqual(paused);
  });
});

describe('an honest student', () => {
  const quiet = sittingPerson(31, 3600, 0.4);

  test.each([
    [20, 2],
    [5, 1],
    [60, 30],
  ])('whose line breaks every %i s, for %i s, causes nothing but gaps', (on, off) => {
    const opened = sit({ seconds: 1800, on, off }, (second) => ({
      detection: seenAs(postureAt(quiet, second), random),
      digest: fresh(),
    }));
    expect(opened).toEqual([]);
  });

  test('who is away for 2 s before a gap of 5 s, and 2 s after it, was not away for 3 s', () => {
    const opened = sit({ seconds: 25, on: 10, off: 5 }, (second, within) =>
      within >= 8 || within < 2 ? but(second, NOBODY) : live(second),
    );
    expect(opened).toEqual([]);
  });

  test('whose lost line is noticed 25 s late, and whose first frame comes 6 s after the next one, has one silence', () => {
    const opened = sit({ seconds: 900, on: 280, off: 10 }, (second, within) =>
      within < 6 || within > 255 ? undefined : live(second),
    );
    expect(opened.map(([type]) => type)).toEqual(['NO_FRAME_RECEIVED', 'NO_FRAME_RECEIVED', 'NO_FRAME_RECEIVED']);
  });
});
