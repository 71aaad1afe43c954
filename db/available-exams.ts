import { sql } from 'kysely';
import type { DetectionChanges } from '../protocol/accommodations.ts';
import type { CheckInRow } from './check-ins.ts';
import { type EnrolledProfile, joinedProfile } from './enrolments.ts';
import type { ExamRow } from './exams.ts';
import type { Executor } from './executor.ts';
import { isFrozen } from './frozen.ts';
import type { ReadmissionRow } from './readmissions.ts';
import type { SessionRow } from './sessions.ts';
import { newestFirst } from './newest-first.ts';

/** An exam with one student's enrolment, latest attempt and the unused readmission that follows this attempt. */
export interface StudentExamRow extends ExamRow {
  /** Null if the student is not enrolled. */
  readonly extra_minutes: number | null;
  readonly detection: DetectionChanges | null;
  readonly profile: EnrolledProfile | null;
  readonly room: string | null;
  readonly last: LastAttempt | null;
  readonly readmission: Readmission | null;
  /** The open one. */
  readonly check_in: Pick<CheckInRow, 'id' | 'state'> | null;
}

export interface LastAttempt extends Pick<
  SessionRow,
  'id' | 'attempt' | 'status' | 'end_reason' | 'started_at' | 'time_from' | 'deadline' | 'ended_at'
> {
  /** Latest end that the readmission used last allows, of this attempt and of those that follow it. */
  readonly until: Date | null;
  /** Whether an appeal about it is open. */
  readonly appealed: boolean;
}
export type Readmission = Pick<ReadmissionRow, 'id' | 'kind' | 'extra_minutes' | 'until' | 'created_by'>;

const beside = (ex: Executor, studentId: string) =>
  ex
    .selectFrom('exams')
    .leftJoin('enrolments', (join) =>
      join.onRef('enrolments.exam_id', '=', 'exams.id').on('enrolments.student_id', '=', studentId),
    )
    .leftJoin('profiles', 'profiles.id', 'enrolments.accommodation_profile_id')
    .leftJoin('profile_versions', (join) =>
      join
        .onRef('profile_versions.profile_id', '=', 'profiles.id')
        .onRef('profile_versions.version', '=', 'profiles.version'),
    )
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('sessions')
          .select([
            'sessions.id',
            'sessions.attempt',
            'sessions.status',
            'sessions.end_reason',
            'sessions.started_at',
            'sessions.time_from',
            'sessions.deadline',
            'sessions.ended_at',
            isFrozen.as('appealed'),
          ])
          .whereRef('sessions.exam_id', '=', 'exams.id')
          .where('sessions.student_id', '=', studentId)
          .orderBy('attempt', 'desc')
          .limit(1)
          .as('last'),
      (join) => join.onTrue(),
    )
    .leftJoin('readmissions', (join) =>
      join
        .onRef('readmissions.exam_id', '=', 'exams.id')
        .on('readmissions.student_id', '=', studentId)
        .onRef('readmissions.session_id', '=', 'last.id')
        .on('readmissions.used_at', 'is', null)
        .on('readmissions.withdrawn_at', 'is', null),
    )
    .leftJoin('check_ins', (join) =>
      join
        .onRef('check_ins.exam_id', '=', 'exams.id')
        .on('check_ins.student_id', '=', studentId)
        .on('check_ins.closed_at', 'is', null),
    )
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('readmissions as used')
          .innerJoin('sessions as attempts', 'attempts.id', 'used.used_session_id')
          .select('used.until')
          .whereRef('attempts.exam_id', '=', 'exams.id')
          .where('attempts.student_id', '=', studentId)
          .orderBy('used.used_at', 'desc')
          .orderBy('used.id', 'desc')
          .limit(1)
          .as('granted'),
      (join) => join.onTrue(),
    )
    .selectAll('exams')
    .select([
      'enrolments.extra_minutes',
      'enrolments.detection',
      'enrolments.room',
      'profiles.id as profile_id',
      'profiles.name as profile_name',
      'profiles.version as profile_version',
      'profile_versions.content as profile_terms',
      'last.id as last_id',
      'last.attempt as last_attempt',
      'last.status as last_status',
      'last.end_reason as last_end_reason',
      'last.started_at as last_started_at',
      'last.time_from as last_time_from',
      'last.deadline as last_deadline',
      'last.ended_at as last_ended_at',
      'last.appealed as last_appealed',
      'granted.until as last_until',
      'readmissions.id as readmission_id',
      'readmissions.kind as readmission_kind',
      'readmissions.extra_minutes as readmission_extra',
      'readmissions.until as readmission_until',
      'readmissions.created_by as readmission_by',
      'check_ins.id as check_in_id',
      'check_ins.state as check_in_state',
    ]);

type FlatRow = Awaited<ReturnType<ReturnType<typeof beside>['executeTakeFirstOrThrow']>>;

const nested = (row: FlatRow): StudentExamRow => ({
  ...row,
  profile: joinedProfile(row),
  last:
    row.last_id === null
      ? null
      : {
          id: row.last_id,
          attempt: row.last_attempt!,
          status: row.last_status!,
          end_reason: row.last_end_reason,
          started_at: row.last_started_at!,
          time_from: row.last_time_from,
          deadline: row.last_deadline,
          ended_at: row.last_ended_at,
          until: row.last_until,
          appealed: row.last_appealed === true,
        },
  readmission:
    row.readmission_id === null
      ? null
      : {
          id: row.readmission_id,
          kind: row.readmission_kind!,
          extra_minutes: row.readmission_extra!,
          until: row.readmission_until,
          created_by: row.readmission_by!,
        },
  check_in: row.check_in_id === null ? null : { id: row.check_in_id, state: row.check_in_state! },
});

export async function findStudentExam(
  ex: Executor,
  examId: string,
  studentId: string,
): Promise<StudentExamRow | undefined> {
  const row = await beside(ex, studentId).where('exams.id', '=', examId).executeTakeFirst();
  return row && nested(row);
}

/** As `windowEnd` and `extraMinutesOf` of the server: with the profile's minutes, or its per cent of duration or window. */
const ownEnd = sql<Date>`exams.ends_at + make_interval(mins => coalesce(enrolments.extra_minutes, 0)
  + coalesce((profile_versions.content ->> 'extraMinutes')::integer, 0)
  + coalesce(ceil((profile_versions.content ->> 'extraPercent')::numeric / 100
      * coalesce(exams.duration_minutes, greatest(0,
          extract(epoch FROM exams.ends_at - coalesce(exams.starts_at, exams.active_since))::numeric / 60))), 0)::integer)`;

const organisationOf = (ex: Executor, userId: string) =>
  ex.selectFrom('users').select('organisation_id').where('users.id', '=', userId);

/**
 * Exams that closed after `since` and that the student never started, newest first: those of their enrolments, and
 * those that were open to all of their organisation.
 */
export async function listMissedExams(
  ex: Executor,
  studentId: string,
  { now, since, cursor, limit }: { now: Date; since: Date; cursor: string | undefined; limit: number },
): Promise<StudentExamRow[]> {
  const enrolled = ex.selectFrom('enrolments').select('exam_id').where('student_id', '=', studentId);
  const open = ex
    .selectFrom('exams as offered')
    .select('offered.id as exam_id')
    .where('offered.open_to', '=', 'all')
    .where('offered.organisation_id', '=', organisationOf(ex, studentId));
  let query = beside(ex, studentId)
    .where('exams.id', 'in', enrolled.union(open))
    .where('last.id', 'is', null)
    // Closed by hand without an end: recent if it was opened recently.
    .where(sql<Date>`coalesce(exams.ends_at, exams.active_since, exams.created_at)`, '>', since)
    .where((eb) =>
      eb.or([
        eb('exams.status', '=', 'completed'),
        eb.and([eb('exams.status', 'in', ['scheduled', 'active']), eb(ownEnd, '<=', now)]),
      ]),
    )
    .orderBy('exams.id', 'desc')
    .limit(limit);
  if (cursor !== undefined) query = query.where('exams.id', '<', cursor);
  return (await query.execute()).map(nested);
}

/**
 * Exams available to the student now or later, newest first: scheduled or active, open to them or to all of their
 * organisation, and not past. An exam with a running session or an unused readmission is always included.
 */
export async function listAvailableExams(
  ex: Executor,
  studentId: string,
  filter: { now: Date; cursor: string | undefined; limit: number },
): Promise<StudentExamRow[]> {
  const query = beside(ex, studentId)
    .where((eb) =>
      eb.or([
        eb('last.status', '<>', 'ended'),
        eb.and([
          eb('readmissions.id', 'is not', null),
          eb.or([
            eb('exams.status', 'in', ['active', 'completed']),
            // Open by its times; the status follows within seconds.
            eb.and([eb('exams.status', '=', 'scheduled'), eb('exams.starts_at', '<=', filter.now)]),
          ]),
        ]),
        eb.and([
          eb('exams.status', 'in', ['scheduled', 'active']),
          eb.or([
            eb.and([eb('exams.open_to', '=', 'all'), eb('exams.organisation_id', '=', organisationOf(ex, studentId))]),
            eb('enrolments.student_id', 'is not', null),
          ]),
          eb.or([eb('exams.ends_at', 'is', null), eb(ownEnd, '>', filter.now)]),
        ]),
      ]),
    )
    .orderBy('exams.id', 'desc');
  return newestFirst(
    filter,
    (below, places) => examBelow(ex, below, places),
    async ({ below, downTo, limit }) => {
      let stretch = query.limit(limit);
      if (below !== undefined) stretch = stretch.where('exams.id', '<', below);
      if (downTo !== undefined) stretch = stretch.where('exams.id', '>=', downTo);
      return (await stretch.execute()).map(nested);
    },
  );
}

async function examBelow(ex: Executor, below: string | undefined, places: number): Promise<string | undefined> {
  let query = ex
    .selectFrom('exams')
    .select('id')
    .orderBy('id', 'desc')
    .offset(places - 1)
    .limit(1);
  if (below !== undefined) query = query.where('id', '<', below);
  return (await query.executeTakeFirst())?.id;
}
