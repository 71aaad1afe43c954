import { describe, expect, test } from 'vitest';
import {
  AWAY,
  COVERED,
  detection,
  NOBODY,
  pose,
  type Seen,
  STRAIGHT,
  TWO_FACES,
} from '../../../simulator/fixtures/detections.ts';
import { RulesRun } from '../../../test/support/rules-run.ts';
import type { Excuse } from './rules.ts';

/** A second of frames each. */
function show(run: RulesRun, seen: Seen, seconds: number, excuse?: Excuse): RulesRun {
  for (let i = 0; i < seconds; i++) {
    const at = (run.now + 1) * 1000;
    run.apply({ kind: 'frame', at, frameIntervalMs: 1000 });
    run.apply({ kind: 'detection', detection: detection(seen), at, ...(excuse && { excuse }) });
  }
  return run;
}

const settled = () => show(new RulesRun(), STRAIGHT, 12);
const told = (run: RulesRun) => run.changes.map(({ kind, type }) => `${kind} ${type}`);

describe('R2: a head turn that was asked for', () => {
  test.each([
    ['LOOKING_AWAY', AWAY],
    ['NO_FACE', NOBODY],
  ] as const)('opens no %s, and does not count for one after it', (type, seen) => {
    const run = show(settled(), seen, 15, 'turn');
    expect(told(run)).toEqual([]);
    expect(told(show(run, seen, 2))).toEqual([]);
    expect(told(show(run, seen, 3))).toEqual([`open ${type}`]);
  });

  test('excuses neither a second person nor a covered camera', () => {
    expect(told(show(settled(), TWO_FACES, 4, 'turn'))).toContain('open MULTIPLE_FACES');
    expect(told(show(settled(), COVERED, 6, 'turn'))).toContain('open CAMERA_COVERED');
  });

  test('ends what was open: it is not judged any longer', () => {
    const run = show(settled(), AWAY, 8);
    expect(told(run)).toEqual(['open LOOKING_AWAY']);
    expect(told(show(run, AWAY, 1, 'turn'))).toEqual(['open LOOKING_AWAY', 'close LOOKING_AWAY']);
  });

  test('is no part of the calibration', () => {
    const run = show(new RulesRun(), STRAIGHT, 4);
    show(run, { pose: pose(40) }, 6, 'turn');
    expect(show(run, STRAIGHT, 8).state.calibration.baseline).toEqual({ yaw: 0, pitch: 0 });
  });
});

describe('R3: a look at the room', () => {
  test('opens nothing that the camera shows, and the rules go on after it', () => {
    const run = settled();
    for (const seen of [NOBODY, COVERED, TWO_FACES, AWAY]) show(run, seen, 8, 'look');
    expect(told(run)).toEqual([]);
    show(run, NOBODY, 5);
    expect(told(run)).toEqual(['open NO_FACE']);
  });

  test('is followed by a new calibration: the camera stands elsewhere', () => {
    const run = show(settled(), NOBODY, 20, 'look');
    const turned: Seen = { pose: pose(10, 4) };
    show(run, turned, 12);
    expect(run.state.calibration).toMatchObject({ done: true, baseline: { yaw: 10, pitch: 4 } });
    expect(told(run)).toEqual([]);
  });

  test('missing frames are still missed', () => {
    const run = show(settled(), NOBODY, 3, 'look');
    run.apply({ kind: 'tick', at: (run.now + 15) * 1000, frameIntervalMs: 1000 });
    expect(told(run)).toEqual(['open NO_FRAME_RECEIVED']);
  });
});
