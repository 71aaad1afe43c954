import type { ExamRow } from '../../db/exams.ts';
import type { Executor } from '../../db/executor.ts';
import { listProfileNames, type ProfileRow } from '../../db/profiles.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import { revisionOf } from '../../db/revision.ts';

/** Exams for staff, with the names of their profiles. */
export async function examViews(ex: Executor, rows: readonly ExamRow[]): Promise<(row: ExamRow) => Exam> {
  const ids = new Set(rows.map((row) => row.policy_profile_id).filter((id) => id !== null));
  const profiles = await listProfileNames(ex, [...ids]);
  return (row) => examView(row, profiles);
}

/** Exam for staff. */
export const viewOfExam = async (ex: Executor, row: ExamRow): Promise<Exam> => (await examViews(ex, [row]))(row);

function examView(row: ExamRow, profiles: ReadonlyMap<string, ProfileRow>): Exam {
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
    reviewSamplePercent: row.review_sample_percent,
    organisationId: row.organisation_id,
    policy: row.policy,
    policyVersion: row.policy_version,
    policyProfile: profileOf(row, profiles),
    createdAt: row.created_at.toISOString(),
    revision: examRevision(row),
  };
}

/** Without the status, which has an act of its own and follows the schedule. */
export const examRevision = (row: ExamRow): string =>
  revisionOf({
    title: row.title,
    starts_at: row.starts_at,
    ends_at: row.ends_at,
    duration_minutes: row.duration_minutes,
    late_start_minutes: row.late_start_minutes,
    time_zone: row.time_zone,
    max_attempts: row.max_attempts,
    open_to: row.open_to,
    staff_access: row.staff_access,
    review_sample_percent: row.review_sample_percent,
    policy_version: row.policy_version,
    policy_profile_id: row.policy_profile_id,
    policy_profile_version: row.policy_profile_version,
  });

function profileOf(
  { policy_profile_id: id, policy_profile_version: version }: ExamRow,
  profiles: ReadonlyMap<string, ProfileRow>,
): Exam['policyProfile'] {
  const profile = id === null ? undefined : profiles.get(id);
  if (!profile || version === null) return null;
  return { id: profile.id, name: profile.name, version, currentVersion: profile.version };
}
