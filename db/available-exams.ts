import { sql } from 'kysely';
import type { DetectionChanges } from '../protocol/accommodations.ts';
import type { ExamRow } from './exams.ts';
import type { Executor } from './executor.ts';
import { newestFirst } from './newest-first.ts';

/** An exam with one student's enrolment and running session. */
export interface StudentExamRow extends ExamRow {
  /** Null if the student is not enrolled. */
  readonly extra_minutes: number | null;
  readonly detection: DetectionChanges | null;
  /** Id of the running session. */
  readonly session_id: string | null;
}

const beside = (ex: Executor, studentId: string) =>
  ex
    .selectFrom('exams')
    .leftJoin('enrolments', (join) =>
      join.onRef('enrolments.exam_id', '=', 'exams.id').on('enrolments.student_id', '=', studentId),
    )
    .leftJoin('sessions', (join) =>
      join
        .onRef('sessions.exam_id', '=', 'exams.id')
        .on('sessions.student_id', '=', studentId)
        .on('sessions.status', '<>', 'ended'),
    )
    .selectAll('exams')
    .select(['enrolments.extra_minutes', 'enrolments.detection', 'sessions.id as session_id']);

export async function findStudentExam(
  ex: Executor,
  examId: string,
  studentId: string,
): Promise<StudentExamRow | undefined> {
  return beside(ex, studentId).where('exams.id', '=', examId).executeTakeFirst();
}

/**
 * Exams available to the student now or later, newest first: scheduled or active, open to them or to all of their
 * organisation, and not past. An exam
 * with a running session is always included.
 */
export async function listAvailableExams(
  ex: Executor,
  studentId: string,
  filter: { now: Date; cursor: string | undefined; limit: number },
): Promise<StudentExamRow[]> {
  const end = sql<Date>`exams.ends_at + make_interval(mins => coalesce(enrolments.extra_minutes, 0))`;
  const query = beside(ex, studentId)
    .where((eb) =>
      eb.or([
        eb('sessions.id', 'is not', null),
        eb.and([
          eb('exams.status', 'in', ['scheduled', 'active']),
          eb.or([
            eb.and([
              eb('exams.open_to', '=', 'all'),
              eb('exams.organisation_id', '=', (q) =>
                q.selectFrom('users').select('organisation_id').where('users.id', '=', studentId),
              ),
            ]),
            eb('enrolments.student_id', 'is not', null),
          ]),
          eb.or([eb('exams.ends_at', 'is', null), eb(end, '>', filter.now)]),
        ]),
      ]),
    )
    .orderBy('exams.id', 'desc');
  return newestFirst(
    filter,
    (below, places) => examBelow(ex, below, places),
    ({ below, downTo, limit }) => {
      let stretch = query.limit(limit);
      if (below !== undefined) stretch = stretch.where('exams.id', '<', below);
      if (downTo !== undefined) stretch = stretch.where('exams.id', '>=', downTo);
      return stretch.execute();
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
