import type { StudentExamRow } from '../../../db/available-exams.ts';
import {
  type AccommodationTerms,
  percentMinutes,
  type SessionAccommodations,
} from '../../../protocol/accommodations.ts';
import { MINUTE_MS } from './exam-window.ts';

type Granting = Pick<
  StudentExamRow,
  'starts_at' | 'ends_at' | 'active_since' | 'duration_minutes' | 'extra_minutes' | 'detection' | 'profile'
>;

/**
 * Minutes added to the duration and to the end of the window: of the enrolment and of its profile. `db/available-exams.ts`
 * states the same in SQL.
 */
export function extraMinutesOf(exam: Omit<Granting, 'detection'>): number {
  return (exam.extra_minutes ?? 0) + (exam.profile ? profileMinutes(exam, exam.profile.terms) : 0);
}

/**
 * A per cent is that of the duration, or of the window of an exam without one, which begins when it was opened if it has
 * no start; of neither it is nothing.
 */
function profileMinutes(
  {
    duration_minutes,
    starts_at,
    ends_at,
    active_since,
  }: Pick<Granting, 'starts_at' | 'ends_at' | 'active_since' | 'duration_minutes'>,
  { extraMinutes, extraPercent }: AccommodationTerms,
): number {
  const begins = starts_at ?? active_since;
  const window = begins && ends_at ? Math.max(0, ends_at.getTime() - begins.getTime()) : 0;
  const ms = duration_minutes === null ? window : duration_minutes * MINUTE_MS;
  return extraMinutes + percentMinutes(ms, extraPercent);
}

/** Accommodations of a session that starts now, with a copy of the profile; null without any. */
export function grantedTo(exam: Granting): SessionAccommodations | null {
  const { detection, profile } = exam;
  if (exam.extra_minutes === null || detection === null) return null;
  const extraMinutes = extraMinutesOf(exam);
  if (!profile) return extraMinutes > 0 || Object.keys(detection).length > 0 ? { extraMinutes, detection } : null;
  const { id, name, version, terms } = profile;
  const { breakMinutes, headCovering, note, detection: changes } = terms;
  return {
    extraMinutes,
    detection,
    profile: { id, name, version, detection: changes, breakMinutes, headCovering, note },
  };
}
