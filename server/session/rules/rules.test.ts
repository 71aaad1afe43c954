import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AWAY,
  COVERED,
  freshPrint,
  NOBODY,
  pose,
  type Seen,
  STRAIGHT,
  TWO_FACES,
} from '../../../simulator/fixtures/detections.ts';
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
    const run = settled().show(seen, 5).show(STRAIGHT, 1).show(seen, 5).show(STRAIGHT, 2);
    expect(run.told).toEqual([`OPEN ${type} 11..${11 + hold}`, `CLOSE ${type} 11..22`]);
  });

  test('opens again only after it closed, by a hold of its own (E5)', () => {
    const run = settled().show(seen, 5).show(STRAIGHT, 4).show(seen, 5);
    expect(run.told).toEqual([
      `OPEN ${type} 11..${11 + hold}`,
      `CLOSE ${type} 11..16`,
      `OPEN ${type} 20..${20 + hold}`,
    ]);
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

  test('begins anew after a gap: what lasted before it does not count (E6)', () => {
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

  test('does not open for single frames, however many', () => {
    const run = settled();
    for (let i = 0; i < 10; i++) run.show(TWO_FACES, 1).show(STRAIGHT, 1);
    expect(run.told).toEqual([]);
  });

  test('closes when the second person has gone', () => {
    expect(settled().show(TWO_FACES, 5).show(STRAIGHT, 2).told.at(-1)).toBe('CLOSE MULTIPLE_FACES 11..16');
  });
});

describe('a covered camera', () => {
  test('says nothing about faces: no NO_FACE beside it', () => {
    const run = settled().show({ ...COVERED, faces: [] }, 20);
    expect(run.told).toEqual(['OPEN CAMERA_COVERED 11..14']);
  });

  test('nor about second faces or directions that a detector finds in the dark', () => {
    const dark = COVERED.luma!;
    const run = settled()
      .show({ ...TWO_FACES, luma: dark }, 10)
      .show({ ...AWAY, luma: dark }, 10);
    expect(run.told).toEqual(['OPEN CAMERA_COVERED 11..14']);
  });

  test('featureless is covered as dark is', () => {
    const run = settled().show({ luma: { mean: 200, deviation: 3 } }, 5);
    expect(run.told).toEqual(['OPEN CAMERA_COVERED 11..14']);
  });

  test('NO_FACE that lasted ends when the camera is covered', () => {
    const run = settled()
      .show(NOBODY, 6)
      .show({ ...COVERED, faces: [] }, 6);
    expect(run.told).toEqual(['OPEN NO_FACE 11..14', 'CLOSE NO_FACE 11..17', 'OPEN CAMERA_COVERED 17..20']);
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
