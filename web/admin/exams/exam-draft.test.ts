import { expect, test } from 'vitest';
import type { Exam } from '../../../protocol/http/exams.ts';
import { bodyOf, draftOf, type ExamDraft, faultOf, warningsOf } from './exam-draft.ts';
import { readZoned, zonedValue } from '../../shared/zoned/zoned-value.ts';

const exam = {
  title: 'Geometry',
  timeZone: 'Europe/Berlin',
  startsAt: '2026-10-25T01:30:17.250Z',
  endsAt: '2026-10-25T04:00:00.000Z',
  durationMinutes: 60,
  lateStartMinutes: 1,
  maxAttempts: null,
  openTo: 'enrolled',
  staffAccess: 'assigned',
  reviewSamplePercent: 15,
} as Exam;
const draft = draftOf(exam);
const at = (local: string) => ({ local, second: false });
const changed = (change: Partial<ExamDraft>) => ({ ...draft, ...change });

test('times that nobody changed are saved as they were, to the millisecond and in the repeated hour', () => {
  expect(draft.startsAt).toEqual({ local: '2026-10-25T02:30', second: true });
  expect(bodyOf(draft, exam)).toMatchObject({ startsAt: exam.startsAt, endsAt: exam.endsAt });
});

test('a start in the past, and a latest start whose time limit exceeds the end, are warned of', () => {
  const now = Date.parse('2026-10-25T00:00:00.000Z');
  expect(warningsOf(draft, 'draft', now)).toEqual({ startPast: false, beyondEnd: 0 });
  expect(warningsOf(changed({ lateStart: '120' }), 'draft', now).beyondEnd).toBeGreaterThan(29 * 60_000);
  expect(warningsOf(changed({ endsAt: { local: '2026-10-24T02:30' } }), 'draft', now).beyondEnd).toBe(0);
  expect(warningsOf(draft, 'scheduled', now + 86_400_000).startPast).toBe(true);
  expect(warningsOf(draft, 'completed', now + 86_400_000)).toEqual({ startPast: false, beyondEnd: 0 });
});

test('empty numbers are no limit, and zero is zero', () => {
  expect(bodyOf(draft, exam)).toMatchObject({ lateStartMinutes: 1, maxAttempts: null, durationMinutes: 60 });
  expect(bodyOf(changed({ minutes: '', attempts: '2' }), exam)).toMatchObject({
    durationMinutes: null,
    maxAttempts: 2,
  });
});

test('another zone keeps the time of day, which is then another instant', () => {
  const moved = bodyOf(changed({ timeZone: 'America/New_York', endsAt: at('2026-10-25T05:00') }), exam);
  expect(moved).toMatchObject({ startsAt: '2026-10-25T06:30:00.000Z', endsAt: '2026-10-25T09:00:00.000Z' });
});

test('a time that the clock skips is refused; of one that it repeats the author says which', () => {
  const zone = 'Europe/Berlin';
  expect(faultOf(changed({ startsAt: at('2026-03-29T02:30') }), 'draft', 0)).toBe('startMissing');
  expect(faultOf(changed({ endsAt: at('2027-03-28T02:00') }), 'draft', 0)).toBe('endMissing');
  const twice = readZoned(at('2026-10-25T02:30'), zone);
  expect(twice).toMatchObject({ kind: 'twice', at: Date.parse('2026-10-25T00:30:00Z') });
  expect(readZoned({ local: '2026-10-25T02:30', second: true }, zone)).toMatchObject({
    at: Date.parse('2026-10-25T01:30:00Z'),
  });
  expect(zonedValue('2026-10-25T00:30:00Z', zone)).toEqual({ local: '2026-10-25T02:30', second: false });
});

test('the end follows the start by the clock of the zone, also where its hour comes twice', () => {
  const second = { local: '2026-10-25T02:15', second: true };
  const first = { local: '2026-10-25T02:45', second: false };
  expect(faultOf(changed({ startsAt: first, endsAt: second }), 'draft', 0)).toBeUndefined();
  expect(faultOf(changed({ startsAt: second, endsAt: first }), 'draft', 0)).toBe('endBeforeStart');
});

test('a scheduled exam needs a start, and an end that is still to come', () => {
  expect(faultOf(changed({ startsAt: at('') }), 'scheduled', 0)).toBe('noStart');
  expect(faultOf(draft, 'scheduled', Date.parse('2026-10-26T00:00:00Z'))).toBe('over');
  expect(faultOf(draft, 'draft', Date.parse('2026-10-26T00:00:00Z'))).toBeUndefined();
});

test('the share of calm sessions to look at is saved as it was, and none without the setting', () => {
  expect(bodyOf(draft, exam)).toMatchObject({ reviewSamplePercent: 15 });
  const { reviewSamplePercent: _none, ...older } = exam;
  expect(bodyOf(draftOf(older))).toMatchObject({ reviewSamplePercent: 0 });
});
