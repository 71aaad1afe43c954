import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AWAY,
  COVERED,
  DARK_ROOM,
  face,
  freshPrint,
  NOBODY,
  pose,
  type Seen,
  STRAIGHT,
  TWO_FACES,
} from '../../../simulator/fixtures/detections.ts';
import type { RuleChange } from './rules.ts';
import { RulesRun } from '../../../test/support/rules-run.ts';

/** Ten seconds of a student who sits straight: times below count from there. */
const settled = () => new RulesRun().show(STRAIGHT, 10);

describe.each([
  ['NO_FACE', NOBODY, 3],
  ['LOOKING_AWAY', AWAY, 3],
  ['CAMERA_COVERED', COVERED, 3],
] as const)('%s', (type, seen, hold) => {
  test('opens when it has lasted for its hold, dated from its first frame (E5)', () => {
    const run = settled().show(seen, hold);
    expect(run.told).toEqual([]);
    run.show(seen, 1);
    expect(run.told).toEqual([`OPEN ${type} 11..${11 + hold}`]);
  });

  test('closes with its duration: from its first frame to the first clear one (E5)', () => {
    const run = settled().show(seen, 6).show(STRAIGHT, 2);
    expect(run.told).toEqual([`OPEN ${type} 11..${11 + hold}`, `CLOSE ${type} 11..17`]);
  });

  test('does not open when it ends before its hold', () => {
    expect(settled().show(seen, hold).show(STRAIGHT, 5).told).toEqual([]);
  });

  test('does not end and begin again over one frame that missed it', () => {
    const missed = type === 'CAMERA_COVERED' ? NOBODY : STRAIGHT;
    const run = settled().show(seen, 5).show(missed, 1).show(seen, 5).show(missed, 2);
    expect(run.told).toEqual([`OPEN ${type} 11..${11 + hold}`, `CLOSE ${type} 11..22`]);
  });

  test('opens again only after it closed, by a hold of its own when its evidence is used up (E5)', () => {
    const run = settled().show(seen, 5).show(STRAIGHT, 8).show(seen, 5);
    expect(run.told).toEqual([
      `OPEN ${type} 11..${11 + hold}`,
      `CLOSE ${type} 11..16`,
      `OPEN ${type} 24..${24 + hold}`,
    ]);
  });

  test('opens again sooner when it is repeated before its evidence is used up', () => {
    const run = settled().show(seen, 5).show(STRAIGHT, 4).show(seen, 5);
    expect(run.told).toEqual([`OPEN ${type} 11..${11 + hold}`, `CLOSE ${type} 11..16`, `OPEN ${type} 20..21`]);
  });

  test.each([
    [2, 1, 15],
    [1, 1, 21],
    [2, 2, 20],
    [3, 3, 18],
  ])('of %i s with %i s between, for ever, is one incident within 30 s', (on, off, opensAt) => {
    const between = type === 'CAMERA_COVERED' ? NOBODY : STRAIGHT;
    const run = settled();
    while (run.now < 200) run.show(seen, on).show(between, off);
    const told = run.told.filter((line) => line.includes(type));
    expect(told).toEqual([`OPEN ${type} 11..${opensAt}`]);
    run.show(between, 10);
    expect(run.told.filter((line) => line.includes(`CLOSE ${type}`))).toHaveLength(1);
  });

  // Who looks aside is there, and may be thinking.
  const [off, often] = type === 'LOOKING_AWAY' ? [4, 5] : [9, 6];
  test(`of 1 to 2 s with ${off} to ${off + 4} s between, for two hours, never opens`, () => {
    const between = type === 'CAMERA_COVERED' ? NOBODY : STRAIGHT;
    const run = settled();
    for (let i = 0; run.now < 7200; i++) run.show(seen, 1 + (i % 2)).show(between, off + ((i * 7) % 5));
    expect(run.told.filter((line) => line.includes(type))).toEqual([]);
  });

  test(`of 2 s with ${often} s between, for ever, is one incident within four minutes`, () => {
    const between = type === 'CAMERA_COVERED' ? NOBODY : STRAIGHT;
    const run = settled();
    while (run.now < 600) run.show(seen, 2).show(between, often);
    const told = run.told.filter((line) => line.includes(type));
    expect(told).toHaveLength(1);
    expect(run.changes.find((change) => change.type === type)!.at).toBeLessThanOrEqual(250_000);
    run.show(between, 60);
    expect(run.told.filter((line) => line.includes(`CLOSE ${type}`))).toHaveLength(1);
  });

  test('is reported again every ten seconds while it lasts, with the frames so far', () => {
    const run = settled().show(seen, 25);
    expect(run.changes.map(({ kind, at, frames }) => [kind, at / 1000, frames])).toEqual([
      ['open', 11 + hold, hold + 1],
      ['update', 21 + hold, hold + 11],
      ['update', 31 + hold, hold + 21],
    ]);
  });

  test('ends with the last frame when the connection is lost, not with the gap (E6)', () => {
    const run = settled().show(seen, 5).gap(40);
    expect(run.told).toEqual([`OPEN ${type} 11..${11 + hold}`, `CLOSE ${type} 11..15`]);
  });

  test('a hold starts again after a gap of more than twice its length: time without observation counts as clear (E6)', () => {
    const run = settled().show(seen, hold).gap(20).resume(60).show(seen, hold);
    expect(run.told).toEqual([]);
    expect(run.show(seen, 1).told).toEqual([`OPEN ${type} 61..${61 + hold}`]);
  });
});

describe('MULTIPLE_FACES', () => {
  test('opens with the second frame in a row, dated from the first (E5)', () => {
    const run = settled().show(TWO_FACES, 1);
    expect(run.told).toEqual([]);
    expect(run.show(TWO_FACES, 1).told).toEqual(['OPEN MULTIPLE_FACES 11..12']);
  });

  test('does not open for one frame in three, however many', () => {
    const run = settled();
    for (let i = 0; i < 100; i++) run.show(TWO_FACES, 1).show(STRAIGHT, 2);
    expect(run.told.filter((line) => line.includes('MULTIPLE_FACES'))).toEqual([]);
  });

  test('opens once for every second frame: somebody who shows now and then', () => {
    const run = settled();
    for (let i = 0; i < 50; i++) run.show(TWO_FACES, 1).show(STRAIGHT, 1);
    expect(run.told.filter((line) => line.includes('MULTIPLE_FACES'))).toEqual(['OPEN MULTIPLE_FACES 11..15']);
  });

  test('closes when the second person has gone', () => {
    expect(settled().show(TWO_FACES, 5).show(STRAIGHT, 2).told.at(-1)).toBe('CLOSE MULTIPLE_FACES 11..16');
  });
});

describe('a covered camera', () => {
  test('says nothing about faces: no NO_FACE beside it', () => {
    expect(settled().show(COVERED, 20).told).toEqual(['OPEN CAMERA_COVERED 11..14']);
  });

  test('featureless is covered as dark is', () => {
    const run = settled().show({ faces: [], luma: { mean: 200, deviation: 3 } }, 5);
    expect(run.told).toEqual(['OPEN CAMERA_COVERED 11..14']);
  });

  test('is over with the first frame that shows a face', () => {
    expect(settled().show(COVERED, 6).show(STRAIGHT, 1).told).toEqual([
      'OPEN CAMERA_COVERED 11..14',
      'CLOSE CAMERA_COVERED 11..17',
    ]);
  });

  test('leaves an incident open that lasted before it, which ends where sight ended if it is over after it', () => {
    const run = settled().show(NOBODY, 6).show(COVERED, 60);
    expect(run.told).toEqual(['OPEN NO_FACE 11..14', 'OPEN CAMERA_COVERED 17..20']);
    expect(run.show(STRAIGHT, 2).told.slice(2)).toEqual(['CLOSE CAMERA_COVERED 17..77', 'CLOSE NO_FACE 11..17']);
  });

  test('counts as unknown time of an incident that continues after it', () => {
    const run = settled().show(NOBODY, 6).show(COVERED, 60).show(NOBODY, 3).show(STRAIGHT, 2);
    expect(run.changes.findLast(({ kind, type }) => kind === 'close' && type === 'NO_FACE')).toMatchObject({
      startedAt: 11_000,
      at: 80_000,
      frames: 9,
      unknownMs: 60_000,
    });
  });

  test('ends an incident where sight ended when the connection is lost behind it', () => {
    expect(settled().show(NOBODY, 6).show(COVERED, 2).gap(40).told).toEqual([
      'OPEN NO_FACE 11..14',
      'CLOSE NO_FACE 11..17',
    ]);
  });
});

describe('a dark room', () => {
  const dark = DARK_ROOM.luma!;

  test('is not a covered camera while a face is seen: people and directions are judged as in the light', () => {
    const run = settled()
      .show(DARK_ROOM, 20)
      .show({ ...TWO_FACES, luma: dark }, 5)
      .show({ ...AWAY, luma: dark }, 6);
    expect(run.told).toEqual(['OPEN MULTIPLE_FACES 31..32', 'CLOSE MULTIPLE_FACES 31..36', 'OPEN LOOKING_AWAY 36..39']);
  });

  test.each([1, 2, 5, 9])('is not covered while a face is found in one frame and missed in the next %i', (missed) => {
    const run = settled();
    for (let i = 0; i < 20; i++) run.show(DARK_ROOM, 1).show({ faces: [], luma: dark }, missed);
    expect(run.told).toEqual([]);
  });

  test('is covered when no face was found for 10 s and the hold', () => {
    const run = settled().show(DARK_ROOM, 5).show(COVERED, 12);
    expect(run.told).toEqual([]);
    expect(run.show(COVERED, 1).told).toEqual(['OPEN CAMERA_COVERED 25..28']);
  });
});

describe('frames that cannot be judged', () => {
  const shows = {
    NO_FACE: NOBODY,
    LOOKING_AWAY: AWAY,
    'LOOKING_AWAY ': { pose: pose(0, -40) },
    MULTIPLE_FACES: TWO_FACES,
  };

  test.each(Object.entries(shows))('every third frame: %s opens all the same', (type, seen) => {
    for (const blind of ['covered', 'invalid'] as const) {
      const run = settled();
      for (let i = 0; i < 30; i++) {
        if (i % 3 !== 2) run.show(seen, 1);
        else if (blind === 'covered') run.show(COVERED, 1);
        else run.invalid();
      }
      const opened = run.changes.filter((change) => change.kind === 'open' && change.type !== 'INVALID_IMAGE');
      expect(opened.map((change) => [change.type, change.startedAt])).toEqual([[type.trim(), 11_000]]);
      // Two frames make a second person; three seconds that are known make the others.
      expect(opened[0]!.at).toBe(type === 'MULTIPLE_FACES' ? 12_000 : 15_000);
    }
  });

  test('do not stand in for time: a condition that was seen for 2 s has lasted 2 s', () => {
    expect(settled().show(NOBODY, 2).show(COVERED, 2).show(NOBODY, 1).told).toEqual([]);
  });

  test('neither end a frozen video nor count as one', () => {
    const still = { print: freshPrint() };
    const run = settled();
    for (let i = 0; i < 10; i++) run.show(still, 2).show(COVERED, 1);
    expect(run.told).toEqual(['OPEN FROZEN_VIDEO 11..26']);
    expect(
      settled()
        .show({ ...COVERED, print: freshPrint() }, 20)
        .told.filter((line) => line.includes('FROZEN')),
    ).toEqual([]);
  });

  const frames = fc.array(
    fc.constantFrom<Seen>(
      STRAIGHT,
      NOBODY,
      TWO_FACES,
      AWAY,
      { pose: pose(0, -40) },
      { pose: null },
      DARK_ROOM,
      { ...TWO_FACES, luma: DARK_ROOM.luma! },
      { print: Uint8Array.from({ length: 192 }, (_, i) => i) },
    ),
    { minLength: 1, maxLength: 60 },
  );
  const noSight = (type: string) => type === 'CAMERA_COVERED' || type === 'INVALID_IMAGE';

  test('inserted anywhere, one or many, change no incident but those of a covered camera or broken images', () => {
    fc.assert(
      fc.property(
        frames,
        fc.array(fc.record({ before: fc.nat(60), count: fc.integer({ min: 1, max: 20 }), broken: fc.boolean() }), {
          maxLength: 10,
        }),
        (course, insertions) => {
          const plain = new RulesRun();
          const run = new RulesRun();
          /** Second of each frame of the course, in the run with insertions. */
          const at: number[] = [];
          course.forEach((seen, i) => {
            for (const { count, broken } of insertions.filter(({ before }) => before === i))
              for (let n = 0; n < count; n++) {
                if (broken) run.invalid();
                else run.show(COVERED, 1);
              }
            // The same picture in both, for the comparison with the one before it.
            const shown = { print: freshPrint(), ...seen };
            plain.show(shown, 1);
            run.show(shown, 1);
            at.push(run.now);
          });
          const told = (changes: readonly RuleChange[], seconds: (ms: number) => number) =>
            changes
              .filter(({ kind, type }) => kind !== 'update' && !noSight(type))
              .map((change) =>
                change.kind === 'open'
                  ? [change.kind, change.type, change.frames, seconds(change.startedAt), seconds(change.at)]
                  : [change.kind, change.type, change.frames, seconds(change.startedAt)],
              );
          expect(told(run.changes, (ms) => ms / 1000)).toEqual(
            told(plain.changes, (ms) => at[Math.round(ms / 1000) - 1]!),
          );
          expect(run.state.calibration.baseline).toEqual(plain.state.calibration.baseline);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('inserted between unchanged frames, they can only delay a lasting incident', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.entries(shows)),
        fc.array(fc.record({ after: fc.nat(200), broken: fc.boolean() }), { maxLength: 200 }),
        ([type, seen], insertions) => {
          const run = settled();
          for (let second = 11; second < 71; second++) {
            const between = insertions.filter(({ after }) => after % 60 === second - 11);
            between.forEach(({ broken }, i) => {
              const at = second - 1 + (i + 1) / (between.length + 1);
              if (broken) run.invalid(at);
              else run.see(COVERED, at);
            });
            run.see(seen, second);
          }
          const opened = run.changes.filter((change) => change.kind === 'open' && !noSight(change.type));
          expect(opened.map((change) => change.type)).toEqual([type.trim()]);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a poster behind the student', () => {
  const poster = face(40, 0.8, 550);

  test('a fifth of their height stops no calibration, and is nobody', () => {
    const run = new RulesRun().show({ faces: [face(), poster], pose: pose(12, 4) }, 12);
    expect(run.told).toEqual([]);
    expect(run.state.calibration).toMatchObject({ done: true, baseline: { yaw: 12, pitch: 4 } });
  });

  test('and a second person: the frames are not used for calibration, and MULTIPLE_FACES opens', () => {
    const run = new RulesRun().show({ faces: [face(), poster, face(80, 0.7, 100)], pose: pose(12) }, 20);
    expect(run.told).toEqual(['OPEN MULTIPLE_FACES 1..2']);
    expect(run.state.calibration.samples).toEqual([]);
  });
});

describe('any course of an exam', () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({
        do: fc.constant('show' as const),
        seen: fc.constantFrom<Seen>(STRAIGHT, NOBODY, TWO_FACES, AWAY, COVERED, { pose: pose(0, -40) }),
        secs: fc.integer({ min: 1, max: 8 }),
      }),
      fc.record({ do: fc.constant('still' as const), secs: fc.integer({ min: 1, max: 20 }) }),
      fc.record({ do: fc.constant('wait' as const), secs: fc.integer({ min: 1, max: 20 }) }),
      fc.record({ do: fc.constant('gap' as const), secs: fc.integer({ min: 1, max: 30 }) }),
      fc.record({ do: fc.constant('invalid' as const), secs: fc.integer({ min: 1, max: 3 }) }),
    ),
    { maxLength: 25 },
  );

  test('opens and closes each type in turn, never ends one before it began, and leaves none open after the end (E5 E6)', () => {
    fc.assert(
      fc.property(steps, (course) => {
        const run = new RulesRun();
        for (const step of course) {
          if (step.do === 'show') run.show(step.seen, step.secs);
          else if (step.do === 'still') run.show({ print: freshPrint() }, step.secs);
          else if (step.do === 'wait') run.wait(step.secs);
          else if (step.do === 'gap') run.gap().resume(run.now + step.secs);
          else for (let i = 0; i < step.secs; i++) run.invalid();
        }
        run.gap();
        const open = new Set<string>();
        for (const { kind, type, startedAt, at, frames, confidence } of run.changes) {
          expect(open.has(type), `${kind} ${type}`).toBe(kind !== 'open');
          expect(at).toBeGreaterThanOrEqual(startedAt);
          expect(frames).toBeGreaterThan(0);
          expect(confidence).toBeGreaterThan(0);
          expect(confidence).toBeLessThanOrEqual(1);
          if (kind === 'open') open.add(type);
          if (kind === 'close') open.delete(type);
        }
        expect([...open]).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('a student who sits straight causes nothing, at whatever times the frames come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 200, max: 5000 }), { minLength: 1, maxLength: 60 }), (gaps) => {
        const run = new RulesRun();
        for (const gap of gaps) run.see(STRAIGHT, run.now + gap / 1000);
        expect(run.changes).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
