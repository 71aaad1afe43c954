import { describe, expect, test } from 'vitest';
import { T0 } from '../../../test/support/rows.ts';
import { Policy } from '../../../protocol/policy.ts';
import { deadlineOf, isShownTo, whyClosed } from './exam-window.ts';

const MINUTE = 60_000;
const exam = {
  status: 'active' as const,
  starts_at: new Date(T0),
  ends_at: new Date(T0 + 60 * MINUTE),
  duration_minutes: 45,
  late_start_minutes: null,
};

describe('an exam is shown to a student', () => {
  test.each([
    ['draft', 'all', true, false],
    ['scheduled', 'all', false, true],
    ['active', 'all', false, true],
    ['completed', 'all', false, true],
    ['archived', 'all', true, false],
    ['active', 'enrolled', false, false],
    ['active', 'enrolled', true, true],
    ['draft', 'enrolled', true, false],
  ] as const)('%s, open to %s, enrolled %s: %s', (status, open_to, enrolled, shown) => {
    expect(isShownTo({ status, open_to }, enrolled)).toBe(shown);
  });
});

describe('an exam can be started', () => {
  test('while it is active, from its beginning to before its end', () => {
    expect(whyClosed(exam, 0, T0)).toBeUndefined();
    expect(whyClosed(exam, 0, T0 + 60 * MINUTE - 1)).toBeUndefined();
    expect(whyClosed({ ...exam, starts_at: null, ends_at: null }, 0, T0)).toBeUndefined();
  });

  test('not before its start, which a retry can mend, and not after its end', () => {
    expect(whyClosed(exam, 0, T0 - 1)).toMatchObject({
      code: 'exam_outside_window',
      message: 'exam has not started',
      retryable: true,
    });
    expect(whyClosed(exam, 0, T0 + 60 * MINUTE)).toMatchObject({
      code: 'exam_outside_window',
      message: 'exam has ended',
      retryable: false,
    });
  });

  test('not in another status', () => {
    expect(whyClosed({ ...exam, status: 'scheduled' }, 0, T0)).toMatchObject({
      code: 'exam_not_active',
      message: 'exam is scheduled',
    });
  });

  test('later by the extra minutes, and not earlier', () => {
    expect(whyClosed(exam, 30, T0 + 90 * MINUTE - 1)).toBeUndefined();
    expect(whyClosed(exam, 30, T0 + 90 * MINUTE)).toMatchObject({ code: 'exam_outside_window' });
    expect(whyClosed(exam, 30, T0 - 1)).toMatchObject({ code: 'exam_outside_window' });
  });
});

describe('the deadline of a session', () => {
  const policy = Policy.parse({ calibration: { seconds: 0 } });

  test.each([
    ['own time first', exam, 0, 0, 45],
    ['the end of the window first', exam, 0, 20, 60],
    ['own time, with extra minutes', exam, 15, 0, 60],
    ['the end of the window, with extra minutes', exam, 15, 50, 75],
    ['no window', { ...exam, ends_at: null }, 10, 0, 55],
    ["no limit of one's own", { ...exam, duration_minutes: null }, 10, 0, 70],
  ] as const)('%s', (_name, given, extra, startedAfter, minutes) => {
    expect(deadlineOf({ ...given, policy }, extra, T0 + startedAfter * MINUTE)).toEqual(
      new Date(T0 + minutes * MINUTE),
    );
  });

  test('is null without a duration and an end', () => {
    expect(deadlineOf({ ...exam, ends_at: null, duration_minutes: null, policy }, 30, T0)).toBeNull();
  });

  test('calibration does not use exam time, and does not move the end of the window', () => {
    const calibrated = { policy: Policy.parse({ calibration: { seconds: 20 } }) };
    expect(deadlineOf({ ...exam, ...calibrated }, 0, T0)).toEqual(new Date(T0 + 45 * MINUTE + 20_000));
    expect(deadlineOf({ ...exam, ...calibrated }, 0, T0 + 15 * MINUTE)).toEqual(new Date(T0 + 60 * MINUTE));
  });
});
