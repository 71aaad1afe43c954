import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { T0 } from '../../../test/support/rows.ts';
import type { StudentExamRow } from '../../../db/available-exams.ts';
import { AccommodationTerms } from '../../../protocol/accommodations.ts';
import { Policy } from '../../../protocol/policy.ts';
import { deadlineOf } from './exam-window.ts';
import { extraMinutesOf, grantedTo } from './granted.ts';

const MINUTE = 60_000;
type Exam = Parameters<typeof grantedTo>[0];

const exam = (more: Partial<Exam> = {}): Exam => ({
  starts_at: null,
  ends_at: null,
  active_since: null,
  duration_minutes: 90,
  extra_minutes: 0,
  detection: {},
  profile: null,
  ...more,
});
const profile = (terms: object): StudentExamRow['profile'] => ({
  id: '00000000-0000-7000-8000-00000000000a',
  name: 'Extra time',
  version: 3,
  terms: AccommodationTerms.parse(terms),
});

describe('extra time', () => {
  test("is the enrolment's minutes and the profile's", () => {
    expect(extraMinutesOf(exam({ extra_minutes: 10 }))).toBe(10);
    expect(extraMinutesOf(exam({ extra_minutes: 10, profile: profile({ extraMinutes: 15 }) }))).toBe(25);
  });

  test.each([
    [90, 25, 23],
    [90, 50, 45],
    [60, 33, 20],
    [1, 1, 1],
    [100, 7, 7],
    [1440, 400, 5760],
  ])(
    'of a duration of %i min and %i %% is %i min, rounded up to whole minutes',
    (duration_minutes, percent, minutes) => {
      expect(extraMinutesOf(exam({ duration_minutes, profile: profile({ extraPercent: percent }) }))).toBe(minutes);
    },
  );

  test('in per cent counts from the window of an exam without a duration, and is none without either', () => {
    const window = { starts_at: new Date(T0), ends_at: new Date(T0 + 61 * MINUTE) };
    const more = { duration_minutes: null, profile: profile({ extraPercent: 50 }) };
    expect(extraMinutesOf(exam({ ...window, ...more }))).toBe(31);
    expect(extraMinutesOf(exam(more))).toBe(0);
    const opened = { ends_at: window.ends_at, active_since: new Date(T0 + MINUTE) };
    expect(extraMinutesOf(exam({ ...opened, ...more })), 'without a start: from when it was opened').toBe(30);
    const late = { ends_at: window.ends_at, active_since: new Date(T0 + 90 * MINUTE) };
    expect(extraMinutesOf(exam({ ...late, ...more })), 'opened again after its end').toBe(0);
  });

  test('in minutes and in per cent together is refused', () => {
    expect(AccommodationTerms.safeParse({ extraMinutes: 5, extraPercent: 5 }).success).toBe(false);
  });

  test('of a profile never makes a deadline earlier', () => {
    const minutes = fc.integer({ min: 1, max: 1440 });
    const policy = Policy.parse({});
    fc.assert(
      fc.property(
        fc.option(minutes),
        fc.option(minutes),
        fc.option(minutes),
        fc.integer({ min: 0, max: 1440 }),
        fc.oneof(
          fc.record({ extraMinutes: fc.integer({ min: 0, max: 1440 }) }),
          fc.record({ extraPercent: fc.integer({ min: 0, max: 400 }) }),
        ),
        (duration_minutes, from, length, extra_minutes, terms) => {
          const starts_at = from === null ? null : new Date(T0 - from * MINUTE);
          const ends_at = length === null ? null : new Date(T0 + length * MINUTE);
          const without = exam({ duration_minutes, starts_at, ends_at, extra_minutes });
          const withOne = { ...without, profile: profile(terms) };
          const deadline = (row: Exam) =>
            deadlineOf(
              { ...row, status: 'active', late_start_minutes: null, policy },
              extraMinutesOf(row),
              T0,
            )?.getTime() ?? Infinity;
          expect(deadline(withOne)).toBeGreaterThanOrEqual(deadline(without));
          // Whole minutes, and all of the per cent.
          const extra = extraMinutesOf(withOne) - extra_minutes;
          expect(Number.isSafeInteger(extra)).toBe(true);
          if ('extraPercent' in terms && duration_minutes !== null)
            expect(extra * 100).toBeGreaterThanOrEqual(duration_minutes * terms.extraPercent);
        },
      ),
    );
  });
});

describe('accommodations granted at the start', () => {
  test('are none without an enrolment, or with one that changes nothing', () => {
    expect(grantedTo(exam({ extra_minutes: null, detection: null }))).toBeNull();
    expect(grantedTo(exam())).toBeNull();
  });

  test('have a copy of the profile with its name and version, and all extra minutes', () => {
    const terms = { extraPercent: 10, breakMinutes: 15, headCovering: true, note: 'reads aloud' };
    expect(grantedTo(exam({ extra_minutes: 5, detection: { gaze: false }, profile: profile(terms) }))).toEqual({
      extraMinutes: 14,
      detection: { gaze: false },
      profile: {
        id: '00000000-0000-7000-8000-00000000000a',
        name: 'Extra time',
        version: 3,
        detection: {},
        breakMinutes: 15,
        headCovering: true,
        note: 'reads aloud',
      },
    });
  });
});
