import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { T0 } from '../../../test/support/rows.ts';
import type { LastAttempt } from '../../../db/available-exams.ts';
import { Policy } from '../../../protocol/policy.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { statusAt } from './exam-window.ts';
import { type AttemptFacts, nextAttempt } from './next-attempt.ts';

const MINUTE = 60_000;
const CALIBRATION = 10;
const at = (minutes: number) => new Date(T0 + minutes * MINUTE);

const EXAM: AttemptFacts['exam'] = {
  status: 'active',
  starts_at: at(0),
  ends_at: at(240),
  duration_minutes: 60,
  late_start_minutes: null,
  max_attempts: 1,
  policy: Policy.parse({ calibration: { seconds: CALIBRATION } }),
};

const ended = (more: Partial<LastAttempt> = {}): LastAttempt => ({
  id: 's',
  attempt: 1,
  status: 'ended',
  end_reason: 'finished',
  started_at: at(0),
  time_from: at(0),
  deadline: at(60),
  ended_at: at(20),
  until: null,
  appealed: false,
  ...more,
});

const facts = (more: Partial<AttemptFacts> = {}): AttemptFacts => ({
  exam: EXAM,
  extraMinutes: 0,
  last: null,
  readmission: null,
  ...more,
});

const codeOf = (what: AttemptFacts, minutes: number) => {
  try {
    return nextAttempt(what, at(minutes).getTime());
  } catch (error) {
    return error instanceof ProtocolError ? error.code : error;
  }
};

const readmission = (kind: 'continue' | 'new', extra = 0, until: Date | null = null) => ({
  kind,
  extra_minutes: extra,
  until,
});

describe('attempts', () => {
  test('the first attempt has the whole duration after the calibration', () => {
    expect(nextAttempt(facts(), T0)).toEqual({
      kind: 'new',
      attempt: 1,
      deadline: new Date(at(60).getTime() + CALIBRATION * 1000),
      timeFrom: at(0),
    });
  });

  test('an ended attempt counts: a second start of an exam with one attempt is refused', () => {
    expect(codeOf(facts({ last: ended() }), 30)).toBe('attempts_used');
  });

  test('a further attempt has the time that remains of the first, so that starting again wins none', () => {
    const exam = { ...EXAM, max_attempts: 3 };
    expect(codeOf(facts({ exam, last: ended() }), 30)).toMatchObject({
      attempt: 2,
      deadline: new Date(at(60).getTime() + CALIBRATION * 1000),
    });
    const second = ended({ attempt: 2, started_at: at(30), ended_at: at(40), deadline: at(60) });
    expect(codeOf(facts({ exam, last: second }), 50)).toMatchObject({ attempt: 3, timeFrom: at(0) });
    expect(codeOf(facts({ exam, last: second }), 61)).toBe('readmission_required');
  });

  test('a further attempt keeps the minutes that a proctor added, and gains those of a changed enrolment', () => {
    const exam = { ...EXAM, max_attempts: 2 };
    expect(codeOf(facts({ exam, last: ended({ deadline: at(90) }) }), 70)).toMatchObject({ deadline: at(90) });
    expect(codeOf(facts({ exam, last: ended(), extraMinutes: 45 }), 70)).toMatchObject({
      deadline: new Date(at(105).getTime() + CALIBRATION * 1000),
    });
  });

  test.each(['terminated', 'expired'] as const)(
    'after a session %s only staff readmit, with attempts left too',
    (end_reason) => {
      const exam = { ...EXAM, max_attempts: null };
      expect(codeOf(facts({ exam, last: ended({ end_reason }) }), 30)).toBe('readmission_required');
    },
  );

  test('a running session is named, with or without a readmission', () => {
    const running = ended({ status: 'active', end_reason: null, ended_at: null });
    expect(codeOf(facts({ last: running }), 30)).toBe('session_exists');
    expect(codeOf(facts({ last: running, readmission: readmission('new') }), 30)).toBe('session_exists');
  });

  test('a late start is possible for the set time, and the limit is for the first attempt only', () => {
    const exam = { ...EXAM, late_start_minutes: 15, max_attempts: 2 };
    expect(codeOf(facts({ exam }), 15)).toMatchObject({ attempt: 1 });
    expect(codeOf(facts({ exam }), 15.1)).toBe('exam_outside_window');
    expect(codeOf(facts({ exam, last: ended() }), 30)).toMatchObject({ attempt: 2 });
  });
});

describe('readmissions', () => {
  test('a continued session has the time that was left when it ended, from the start on', () => {
    const last = ended({ end_reason: 'terminated' });
    expect(codeOf(facts({ last, readmission: readmission('continue') }), 100)).toEqual({
      kind: 'continue',
      sessionId: 's',
      deadline: at(140),
    });
    expect(codeOf(facts({ last, readmission: readmission('continue', 10) }), 100)).toMatchObject({ deadline: at(150) });
  });

  test('an expired session continues only with added minutes', () => {
    const last = ended({ end_reason: 'expired', ended_at: at(60) });
    expect(codeOf(facts({ last, readmission: readmission('continue') }), 70)).toBe('readmission_required');
    expect(codeOf(facts({ last, readmission: readmission('continue', 5) }), 70)).toMatchObject({ deadline: at(75) });
  });

  test('a new attempt under a readmission has its own whole time and exceeds the limit of attempts', () => {
    expect(codeOf(facts({ last: ended(), readmission: readmission('new') }), 100)).toMatchObject({
      kind: 'new',
      attempt: 2,
      timeFrom: at(100),
      deadline: new Date(at(160).getTime() + CALIBRATION * 1000),
    });
  });

  test('`until` of a readmission bounds the attempts that follow it too, but for minutes that a proctor adds later', () => {
    const exam = { ...EXAM, max_attempts: 3 };
    const last = ended({ attempt: 2, time_from: at(30), until: at(45), deadline: at(45), ended_at: at(35) });
    expect(codeOf(facts({ exam, last }), 36)).toMatchObject({ attempt: 3, deadline: at(45) });
    expect(codeOf(facts({ exam, last }), 46)).toBe('readmission_required');
    expect(codeOf(facts({ exam, last: { ...last, deadline: at(50) } }), 36)).toMatchObject({ deadline: at(50) });
    const unlimited = { ...exam, ends_at: null, duration_minutes: null };
    expect(codeOf(facts({ exam: unlimited, last }), 36)).toMatchObject({ deadline: at(45) });
  });

  test('the end of the window bounds a readmission; `until` replaces it', () => {
    const last = ended();
    expect(codeOf(facts({ last, readmission: readmission('new') }), 230)).toMatchObject({ deadline: at(240) });
    expect(codeOf(facts({ last, readmission: readmission('new') }), 240)).toBe('exam_outside_window');
    const completed = { ...EXAM, status: 'completed' as const };
    expect(codeOf(facts({ exam: completed, last, readmission: readmission('new', 0, at(280)) }), 250)).toMatchObject({
      deadline: at(280),
    });
    expect(codeOf(facts({ exam: { ...EXAM, status: 'archived' }, last, readmission: readmission('new') }), 100)).toBe(
      'exam_not_active',
    );
  });
});

/** A student's history under random acts, against the sums of what was granted. */
const ACTS = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ do: 'start' as const }) },
  { weight: 3, arbitrary: fc.constantFrom({ do: 'finish' as const }, { do: 'terminate' as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('extend' as const), minutes: fc.integer({ min: 1, max: 30 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('readmit' as const),
      kind: fc.constantFrom('continue' as const, 'new' as const),
      minutes: fc.integer({ min: 0, max: 20 }),
      until: fc.constantFrom(null, 10, 30, 100),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.integer({ min: 0, max: 45 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('status' as const),
      to: fc.constantFrom('active' as const, 'completed' as const),
    }),
  },
);

describe('over random sequences of starts, ends, readmissions, extensions, status changes and time', () => {
  test('nobody has more attempts than allowed plus readmissions, or more time than granted', () => {
    fc.assert(
      fc.property(
        fc.array(ACTS, { maxLength: 40 }),
        fc.constantFrom(1, 2, 3),
        fc.constantFrom(0, 15),
        fc.constantFrom(null, 10),
        (acts, maxAttempts, extraMinutes, late) => {
          const exam = { ...EXAM, active_since: at(-60), max_attempts: maxAttempts, late_start_minutes: late };
          const WHOLE = (60 + extraMinutes) * MINUTE + CALIBRATION * 1000;
          let now = T0;
          let status: 'active' | 'completed' = 'active';
          let last: LastAttempt | null = null;
          let pending: ReturnType<typeof readmission> | null = null;
          let attempts = 0;
          let newReadmissions = 0;
          let granted = 0;
          let used = 0;
          let startedAt = 0;
          let until: Date | null = null;
          let extendedSince = 0;
          const end = (reason: 'finished' | 'terminated' | 'expired', when: number) => {
            used += when - startedAt;
            last = { ...last!, status: 'ended', end_reason: reason, ended_at: new Date(when) };
          };
          for (const act of acts) {
            const running = last !== null && last.status !== 'ended';
            switch (act.do) {
              case 'wait': {
                now += act.minutes * MINUTE;
                const deadline = last?.deadline;
                if (running && deadline && deadline.getTime() <= now) end('expired', deadline.getTime());
                break;
              }
              case 'start': {
                const before: LastAttempt | null = last;
                const use: typeof pending = pending;
                let next;
                try {
                  next = nextAttempt(
                    {
                      exam: { ...exam, status: statusAt({ ...exam, status }, now) },
                      extraMinutes,
                      last: before,
                      readmission: use,
                    },
                    now,
                  );
                } catch (error) {
                  expect(error).toBeInstanceOf(ProtocolError);
                  break;
                }
                expect(running).toBe(false);
                expect(next.deadline!.getTime()).toBeGreaterThan(now);
                if (before && use) {
                  if (next.kind === 'new') newReadmissions += 1;
                  granted += use.extra_minutes * MINUTE + (next.kind === 'new' ? WHOLE : 0);
                  pending = null;
                  until = use.until;
                  extendedSince = 0;
                } else if (!before) granted += WHOLE;
                const bound: Date | null = until;
                if (bound) expect(next.deadline!.getTime()).toBeLessThanOrEqual(bound.getTime() + extendedSince);
                if (next.kind === 'new') {
                  attempts += 1;
                  last = {
                    id: `s${attempts}`,
                    attempt: next.attempt,
                    status: 'active',
                    appealed: false,
                    end_reason: null,
                    started_at: new Date(now),
                    time_from: next.timeFrom,
                    deadline: next.deadline,
                    ended_at: null,
                    until,
                  };
                } else
                  last = {
                    ...before!,
                    status: 'active',
                    end_reason: null,
                    deadline: next.deadline,
                    ended_at: null,
                    until,
                  };
                startedAt = now;
                break;
              }
              case 'finish':
                if (running) end('finished', now);
                break;
              case 'terminate':
                if (running) end('terminated', now);
                break;
              case 'extend':
                if (running) {
                  const extended: LastAttempt = last!;
                  last = { ...extended, deadline: new Date(extended.deadline!.getTime() + act.minutes * MINUTE) };
                  granted += act.minutes * MINUTE;
                  extendedSince += act.minutes * MINUTE;
                }
                break;
              case 'readmit':
                if (last && !running && !pending)
                  pending = readmission(
                    act.kind,
                    act.minutes,
                    act.until === null ? null : new Date(now + act.until * MINUTE),
                  );
                break;
              case 'status':
                status = act.to;
                break;
            }
            expect(attempts).toBeLessThanOrEqual(maxAttempts + newReadmissions);
            expect(used).toBeLessThanOrEqual(granted);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
