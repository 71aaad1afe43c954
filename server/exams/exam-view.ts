import type { ExamRow } from '../../db/exams.ts';
import type { Exam } from '../../protocol/http/exams.ts';

/** Exam for staff. */
export function examView(row: ExamRow): Exam {
  return {
    id: row.id,
    title: row.title,
    startsAt: row.starts_at?.toISOString() ?? null,
    endsAt: row.ends_at?.toISOString() ?? null,
    durationMinutes: row.duration_minutes,
    lateStartMinutes: row.late_start_minutes,
    timeZone: row.time_zone,
    maxAttempts: row.max_attempts,
    status: row.status,
    openTo: row.open_to,
    staffAccess: row.staff_access,
    organisationId: row.organisation_id,
    policy: row.policy,
    policyVersion: row.policy_version,
    createdAt: row.created_at.toISOString(),
  };
}
