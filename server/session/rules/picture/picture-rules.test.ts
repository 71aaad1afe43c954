import { describe, expect, test } from 'vitest';
import type { Detection } from '../../../../models/jobs.ts';
import { gaussian, seeded } from '../../../../simulator/draw/prng.ts';
import { Policy } from '../../../../protocol/policy.ts';
import { type Posture, postureAt, seenAs, sittingPerson } from '../../../../simulator/fixtures/sitting-person.ts';
import { unpack } from './memory.ts';
import { applyRules, initialRules, type RuleChange, type RuleNote, type RulesState } from '../rules.ts';

/** One frame of a script. */
interface Sent {
  readonly detection: Detection;
  readonly digest?: number;
  readonly via?: 'socket' | 'post';
}

interface Outcome {
  readonly opened: readonly (readonly [type: string, second: number])[];
  readonly notes: readonly RuleNote[];
  readonly state: RulesState;
}

const POLICY = Policy.parse({});

/** Runs the rules as the server does: two frames a second, every second of them analysed, a tick a second. */
function sit(
  seconds: number,
  frame: (second: number, random: () => number) => Sent | undefined,
  { seed = 1, every = 1, from = initialRules(0) } = {},
): Outcome {
  const random = seeded(seed);
  let state = from;
  const changes: RuleChange[] = [];
  const notes: RuleNote[] = [];
  const apply = (observation: Parameters<typeof applyRules>[2]) => {
    const result = applyRules(POLICY, state, observation);
    state = result.state;
    changes.push(...result.changes);
    notes.push(...(result.notes ?? []));
  };
  const frameIntervalMs = 500;
  for (let second = 1; second <= seconds; second++) {
    apply({ kind: 'tick', at: second * 1000, frameIntervalMs });
    if (second % every !== 0) continue;
    const at = second + random() * 0.2;
    const sent = frame(at, random);
    if (!sent) continue;
    apply({ kind: 'frame', at: at * 1000, frameIntervalMs });
    apply({ kind: 'detection', at: at * 1000, ...sent });
    if (every === 1) apply({ kind: 'frame', at: at * 1000 + 500, frameIntervalMs });
  }
  const opened = changes
    .filter(({ kind }) => kind === 'open')
    .map(({ type, at }) => [type, Math.round(at / 1000)] as const);
  return { opened, notes, state };
}

const STILL: Posture = postureAt(sittingPerson(3, 1, 1), 0);
let bytes = 0;
const fresh = () => (++bytes * 2_654_435_761) % 2 ** 32;
const person = sittingPerson(7, 7200, 1);
const live = (second: number, random: () => number): Sent => ({
  detection: seenAs(postureAt(person, second), random),
  digest: fresh(),
});
const opensWithin = (type: string, seconds: number, { opened }: Outcome) => {
  const [first] = opened.filter(([opens]) => opens === type);
  expect(first, `${type} of ${JSON.stringify(opened)}`).toBeDefined();
  expect(first![1]).toBeLessThanOrEqual(seconds);
  expect(opened.filter(([opens]) => opens === type)).toHaveLength(1);
};

describe('pictures that no living person in front of one camera makes open an incident within 30 s', () => {
  test('one photograph with fresh noise in each frame: STILL_PICTURE', () => {
    const run = sit(60, (_, random) => ({ detection: seenAs(STILL, random, 0.3), digest: fresh() }));
    opensWithin('STILL_PICTURE', 30, run);
  });

  test('a photograph that is moved by hand: STILL_PICTURE', () => {
    const hand = sittingPerson(11, 100, 2);
    const run = sit(60, (second, random) => {
      const { x, y, size, roll } = postureAt(hand, second);
      return { detection: seenAs({ ...STILL, x, y, size, roll }, random, 0.3), digest: fresh() };
    });
    opensWithin('STILL_PICTURE', 30, run);
  });

  /** What the networks measure of a photograph in a hand: with its crop, other angles in each frame. */
  const moving = sittingPerson(11, 700, 2);
  const measured = (second: number, random: () => number): Detection => {
    const { x, y, size, roll } = postureAt(moving, second);
    const off = (deviation: number) => gaussian(random) * deviation;
    return seenAs(
      {
        ...STILL,
        x,
        y,
        size,
        roll,
        yaw: STILL.yaw + off(1.1),
        pitch: STILL.pitch + off(1.3),
        gazeYaw: STILL.gazeYaw + off(1.2),
        gazePitch: STILL.gazePitch + off(0.9),
        open: STILL.open + off(0.02),
      },
      random,
    );
  };

  test('a photograph that is moved by hand, as networks measure it: STILL_PICTURE within two minutes', () => {
    const run = sit(240, (second, random) => ({ detection: measured(second, random), digest: fresh() }));
    opensWithin('STILL_PICTURE', 120, run);
  });

  test('the same eyes that blink every 20 s are a person who stares', () => {
    const run = sit(600, (second, random) => {
      const detection = measured(second, random);
      const open = Math.floor(second) % 20 === 0 ? 0.2 : detection.open![0];
      return { detection: { ...detection, open: [open, open] }, digest: fresh() };
    });
    expect(run.opened).toEqual([]);
  });

  test('eyes that are not known tell nothing, as behind sunglasses', () => {
    const run = sit(300, (second, random) => {
      const detection = measured(second, random);
      return { detection: { ...detection, gaze: { yaw: 1, pitch: 0, confidence: 0.1 } }, digest: fresh() };
    });
    expect(run.opened).toEqual([]);
  });

  test.each([
    ['two stills in turns', 2],
    ['a loop of 12 frames', 12],
  ])('%s, byte for byte: REPEATED_PICTURE', (_, length) => {
    const frames = Array.from({ length }, (_unused, i) => ({
      detection: seenAs(postureAt(person, i * 7), seeded(i)),
      digest: i * 8 + 5,
    }));
    opensWithin(
      'REPEATED_PICTURE',
      30,
      sit(60, (second) => frames[Math.floor(second) % length]),
    );
  });

  test('a handful of stills in random order, byte for byte: REPEATED_PICTURE within a minute', () => {
    const run = sit(90, (_, random) => {
      const still = Math.floor(random() * 6);
      return { detection: seenAs(postureAt(person, still * 9), seeded(still)), digest: still * 8 + 3 };
    });
    opensWithin('REPEATED_PICTURE', 60, run);
  });

  test('a loop of four minutes, byte for byte: REPEATED_PICTURE 40 s after it began anew', () => {
    const digest = (frame: number) => (frame * 2_654_435_761) % 2 ** 32;
    const run = sit(300, (second, random) => ({ ...live(second, random), digest: digest(Math.floor(second) % 240) }));
    opensWithin('REPEATED_PICTURE', 285, run);
  });

  test.each([
    [5.3, 45],
    [9, 45],
    [12.4, 45],
    [63, 63 + 90],
    [180.7, 180 + 90],
    [420, 420 + 90],
  ])('a video of %d s in a loop, whose frames are not hit: LOOPED_VIDEO within %i s', (length, limit) => {
    const clip = sittingPerson(21, length, 1.5);
    const run = sit(limit + 60, (second, random) => ({
      detection: seenAs(postureAt(clip, second % length), random),
      digest: fresh(),
    }));
    const [first] = run.opened.filter(([type]) => type === 'LOOPED_VIDEO');
    expect(first?.[1]).toBeLessThanOrEqual(limit);
  });

  test('one frame every 9 s of the 18 asked for: FEW_FRAMES', () => {
    opensWithin('FEW_FRAMES', 30, sit(60, live, { every: 9 }));
  });

  test('64 pixels of the 640 asked for: SMALL_PICTURE', () => {
    const run = sit(60, (second, random) => ({
      detection: seenAs(postureAt(person, second), random, 0.25, 64),
      digest: fresh(),
    }));
    opensWithin('SMALL_PICTURE', 30, run);
  });

  test.each([
    ['the socket and posts', (i: number) => ({ via: i % 2 ? 'post' : 'socket' }) as const, () => ({})],
    ['two cameras of other proportions', () => ({}), (i: number) => (i % 3 ? {} : { height: 360 })],
  ])('%s in turns: TWO_SOURCES', (_, via, size) => {
    const run = sit(60, (second, random) => {
      const { detection, digest } = live(second, random);
      const i = Math.floor(second);
      return { detection: { ...detection, ...size(i) }, digest: digest!, ...via(i) };
    });
    opensWithin('TWO_SOURCES', 30, run);
  });

  const HIDDEN: readonly (readonly [string, (detection: Detection) => Partial<Detection>])[] = [
    ['far away', ({ faces: [face] }) => ({ faces: [{ ...face!, box: [300, 200, 24, 30] }] })],
    ['at the edge', ({ faces: [face] }) => ({ faces: [{ ...face!, box: [-90, 140, 160, 200] }] })],
    ['in the dark', () => ({ faceLuma: { mean: 12, deviation: 3 } })],
    ['overexposed', () => ({ faceLuma: { mean: 252, deviation: 2 } })],
    ['without a measurable direction', () => ({ pose: null })],
    ['behind a smeared lens', ({ gaze }) => ({ sharpness: 0.08, gaze: { ...gaze!, confidence: 0.05 } })],
    ['turned by 90 degrees', ({ pose }) => ({ pose: { ...pose!, roll: 88 } })],
  ];
  test.each(HIDDEN)('a face %s: FACE_UNCLEAR', (_, hide) => {
    const run = sit(60, (second, random) => {
      const { detection, digest } = live(second, random);
      return { detection: { ...detection, ...hide(detection) }, digest: digest! };
    });
    opensWithin('FACE_UNCLEAR', 30, run);
  });

  test('black frames in between do not hide an empty chair: NO_FACE or CAMERA_COVERED', () => {
    const black = { luma: { mean: 2, deviation: 1 } };
    const run = sit(40, (second, random) => {
      const { detection, digest } = live(second, random);
      const empty = { ...detection, faces: [], pose: null, gaze: null, open: null, faceLuma: null };
      return { detection: Math.floor(second) % 2 ? { ...empty, ...black } : empty, digest: digest! };
    });
    opensWithin('NO_FACE', 30, run);
    opensWithin('CAMERA_COVERED', 30, run);
  });
});

describe('moments that are noted', () => {
  test('a student turned aside from the first second: TURNED_AT_START, once', () => {
    const run = sit(60, (second, random) => {
      const { detection, digest } = live(second, random);
      return {
        detection: { ...detection, pose: { ...detection.pose!, yaw: detection.pose!.yaw + 20 } },
        digest: digest!,
      };
    });
    expect(run.notes.map(({ type }) => type)).toEqual(['TURNED_AT_START']);
  });

  test('another room in mid-exam: CAMERA_CHANGED, once', () => {
    const run = sit(120, (second, random) => {
      const sent = live(second, random);
      if (second < 60) return sent;
      const print = Uint8Array.from({ length: 192 }, (_, i) => 50 + ((i * 71) % 150) + Math.round(random() * 6));
      return { ...sent, detection: { ...sent.detection, print } };
    });
    expect(run.notes).toMatchObject([{ type: 'CAMERA_CHANGED', details: { what: 'view' } }]);
  });

  test('a camera of other proportions in mid-exam: CAMERA_CHANGED, once', () => {
    const run = sit(120, (second, random) => {
      const sent = live(second, random);
      return second < 60 ? sent : { ...sent, detection: { ...sent.detection, height: 360 } };
    });
    expect(run.notes).toMatchObject([{ type: 'CAMERA_CHANGED', details: { what: 'proportions' } }]);
  });

  test.for([
    ['dusk, until the window is the darkest part', (i: number, second: number) => (i % 16 < 6 ? 190 - second / 20 : 0)],
    [
      'a patch of sun that wanders',
      (i: number, second: number) => 130 * Math.max(0, Math.cos((i % 16) / 2.5 - second / 400)),
    ],
  ] as const)('%s, is no other camera; another one is noted after it', ([, light]) => {
    const seen = (until: number) =>
      sit(3700, (second, random) => {
        const { detection, digest } = live(second, random);
        const print = detection.print.map((value, i) =>
          second > until ? 50 + ((i * 71) % 150) : Math.max(0, Math.min(255, value / 2 + light(i, second))),
        );
        return { detection: { ...detection, print }, digest: digest! };
      });
    expect(seen(3700).notes).toEqual([]);
    expect(seen(3600).notes).toMatchObject([{ type: 'CAMERA_CHANGED', details: { what: 'view' } }]);
  });

  test('a lamp that is switched on, and a slow uplink that scales the picture, are no other camera', () => {
    const run = sit(300, (second, random) => {
      const { detection, digest } = live(second, random);
      const print = detection.print.map((value) => Math.min(255, 20 + value * (second > 150 ? 1.2 : 0.6)));
      const scale = second % 60 > 30 ? 0.5 : 1;
      return { detection: { ...detection, print, width: 640 * scale, height: 480 * scale }, digest: digest! };
    });
    expect(run.notes).toEqual([]);
    expect(run.opened.filter(([type]) => type === 'TWO_SOURCES')).toEqual([]);
  });
});

describe('an honest sitting', () => {
  test.each([
    [31, 0.4],
    [32, 0.7],
    [33, 1],
    [34, 1.2],
  ])('of two hours, person %i, causes none of these', (seed, liveliness) => {
    const honest = sittingPerson(seed, 7200, liveliness);
    const run = sit(
      7199,
      (second, random) => ({ detection: seenAs(postureAt(honest, second), random), digest: fresh() }),
      { seed },
    );
    expect(run.opened.filter(([type]) => type !== 'LOOKING_AWAY')).toEqual([]);
    expect(run.notes).toEqual([]);
  });

  test('on a line that carries a frame every 2 s, or stalls now and then, misses no frames', () => {
    expect(sit(600, live, { every: 2 }).opened).toEqual([]);
    const stalls = sit(600, (second, random) => (second % 60 < 8 ? undefined : live(second, random)));
    expect(stalls.opened).toEqual([]);
  });

  test('with a camera of 320 by 240, or an uplink that leaves 160 pixels, is not small', () => {
    for (const width of [320, 160]) {
      const run = sit(120, (second, random) => ({
        detection: seenAs(postureAt(person, second), random, 0.25, width),
        digest: fresh(),
      }));
      expect(run.opened).toEqual([]);
    }
  });

  test('that goes on after a gap: the view before it is compared with the view after it', () => {
    const before = sit(60, live);
    const gap = applyRules(POLICY, before.state, { kind: 'gap', at: 61_000 }).state;
    const back = applyRules(POLICY, gap, { kind: 'resume', at: 70_000 }).state;
    expect(unpack(back.picture)).toEqual(unpack(before.state.picture));
    expect(unpack(back.picture).scene).toBeDefined();
    expect(unpack(back.picture).trail.count).toBeGreaterThan(50);
    expect(back.calibration).toBe(before.state.calibration);
  });
});

test('randomness of the scripts is what it says', () => {
  const random = seeded(5);
  const values = Array.from({ length: 4000 }, () => gaussian(random));
  const mean = values.reduce((a, b) => a + b) / values.length;
  expect(Math.abs(mean)).toBeLessThan(0.06);
});
