import type { Exam, ExamDefaults, ExamStatus, OpenTo, StaffAccess } from '../../../protocol/http/exams.ts';
import { NO_TIME, readZoned, type ZonedValue, zonedValue } from '../../shared/zoned/zoned-value.ts';

/** An exam as the form holds it; numbers are typed text. */
export interface ExamDraft {
  readonly title: string;
  readonly timeZone: string;
  readonly startsAt: ZonedValue;
  readonly endsAt: ZonedValue;
  readonly minutes: string;
  readonly lateStart: string;
  readonly attempts: string;
  readonly openTo: OpenTo;
  readonly staffAccess: StaffAccess;
  /** Per cent. */
  readonly sample: string;
}

const typed = (value: number | null) => (value === null ? '' : String(value));

export const newDraft = ({ openTo, timeZone, maxAttempts }: ExamDefaults, zone: string): ExamDraft => ({
  title: '',
  // UTC is what a server without a setting has; people plan in their own zone.
  timeZone: timeZone === 'UTC' ? zone : timeZone,
  startsAt: NO_TIME,
  endsAt: NO_TIME,
  minutes: '',
  lateStart: '',
  attempts: typed(maxAttempts),
  openTo,
  staffAccess: 'assigned',
  sample: '0',
});

export const draftOf = (exam: Exam): ExamDraft => ({
  title: exam.title,
  timeZone: exam.timeZone,
  startsAt: zonedValue(exam.startsAt, exam.timeZone),
  endsAt: zonedValue(exam.endsAt, exam.timeZone),
  minutes: typed(exam.durationMinutes),
  lateStart: typed(exam.lateStartMinutes),
  attempts: typed(exam.maxAttempts),
  openTo: exam.openTo,
  staffAccess: exam.staffAccess,
  sample: typed(exam.reviewSamplePercent ?? 0),
});

/** Pure: a draft of one exam, edited from `before`, over what is stored `now`. */
export const rebased = (mine: ExamDraft, before: ExamDraft, now: ExamDraft): ExamDraft =>
  Object.fromEntries(
    Object.entries(mine).map(([name, value]) => {
      const key = name as keyof ExamDraft;
      return [key, JSON.stringify(value) === JSON.stringify(before[key]) ? now[key] : value];
    }),
  ) as unknown as ExamDraft;

export type DraftFault = 'startMissing' | 'endMissing' | 'endBeforeStart' | 'noStart' | 'over';

/** Pure: faults that no single field shows. @param status that the exam is saved with */
export function faultOf(draft: ExamDraft, status: ExamStatus, now: number): DraftFault | undefined {
  const [start, end] = [readZoned(draft.startsAt, draft.timeZone), readZoned(draft.endsAt, draft.timeZone)];
  if (start.kind === 'missing') return 'startMissing';
  if (end.kind === 'missing') return 'endMissing';
  if ('at' in start && 'at' in end && end.at <= start.at) return 'endBeforeStart';
  if (status === 'scheduled' && !('at' in start)) return 'noStart';
  if ((status === 'scheduled' || status === 'active') && 'at' in end && end.at <= now) return 'over';
  return undefined;
}

/** What is allowed, and seldom meant. */
export interface DraftWarnings {
  readonly startPast: boolean;
  /** By how much the latest start and the time limit exceed the end, ms; 0: they do not. */
  readonly beyondEnd: number;
}

/** Pure. @param status that the exam is saved with */
export function warningsOf(draft: ExamDraft, status: ExamStatus, now: number): DraftWarnings {
  const [start, end] = [readZoned(draft.startsAt, draft.timeZone), readZoned(draft.endsAt, draft.timeZone)];
  const isAhead = status === 'draft' || status === 'scheduled' || status === 'active';
  const latest =
    'at' in start && draft.minutes !== '' ? start.at + (Number(draft.lateStart) + Number(draft.minutes)) * 60_000 : 0;
  return {
    startPast: isAhead && 'at' in start && start.at <= now,
    // An end before the start is a fault, which has its own words.
    beyondEnd: isAhead && 'at' in start && 'at' in end && start.at < end.at ? Math.max(0, latest - end.at) : 0,
  };
}

const number = (text: string) => (text === '' ? null : Number(text));

/** Pure: the body of a request. @param before keeps the seconds of times that nobody changed */
export function bodyOf(draft: ExamDraft, before?: Exam) {
  const instant = (name: 'startsAt' | 'endsAt') => {
    const value = draft[name];
    if (before) {
      const { local, second } = zonedValue(before[name], before.timeZone);
      if (draft.timeZone === before.timeZone && local === value.local && second === value.second) return before[name];
    }
    const reading = readZoned(value, draft.timeZone);
    return 'at' in reading ? new Date(reading.at).toISOString() : null;
  };
  return {
    title: draft.title.trim(),
    timeZone: draft.timeZone,
    startsAt: instant('startsAt'),
    endsAt: instant('endsAt'),
    durationMinutes: number(draft.minutes),
    lateStartMinutes: number(draft.lateStart),
    maxAttempts: number(draft.attempts),
    openTo: draft.openTo,
    staffAccess: draft.staffAccess,
    reviewSamplePercent: Number(draft.sample),
  };
}
