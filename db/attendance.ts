import { type RawBuilder, sql } from 'kysely';
import type { AttendanceState } from '../protocol/http/attendance.ts';
import type { Executor } from './executor.ts';
import { isRoom } from './room-named.ts';
import type { SessionRow } from './sessions.ts';
import { attendanceSeenBy, type Viewer } from './visibility.ts';

export interface RoomCounts {
  readonly room: string | null;
  readonly expected: number;
  readonly running: number;
  /** Of the running ones. */
  readonly checkedIn: number;
  readonly finished: number;
  readonly missing: number;
  readonly unexpected: number;
  readonly sessions: number;
}

export interface AttendeeRow {
  readonly student_id: string;
  readonly student_name: string;
  readonly student_email: string;
  readonly student_number: string | null;
  readonly external_id: string | null;
  readonly anonymised: boolean;
  readonly room: string | null;
  readonly seat: string | null;
  readonly enrolled: boolean;
  readonly extra_minutes: number;
  readonly state: AttendanceState;
  readonly checked_in: boolean;
  readonly session_id: string | null;
  readonly attempt: number | null;
  readonly started_at: Date | null;
  readonly deadline: Date | null;
  readonly ended_at: Date | null;
  readonly end_reason: SessionRow['end_reason'];
}

/** Enrolled students, and others who started, with their latest attempt, as far as the person sees them. */
const seenPeople = (examId: string, viewer: Viewer): RawBuilder<unknown> => sql`
  WITH latest AS (
    SELECT DISTINCT ON (student_id) student_id, id, attempt, room, status, started_at, deadline, ended_at, end_reason,
      last_frame_at
    FROM sessions WHERE exam_id = ${examId}::uuid ORDER BY student_id, attempt DESC),
  enrolled AS (SELECT student_id, room, seat, extra_minutes FROM enrolments WHERE exam_id = ${examId}::uuid),
  people AS (
    SELECT coalesce(enrolled.student_id, latest.student_id) AS student_id,
      CASE WHEN enrolled.student_id IS NULL THEN latest.room ELSE enrolled.room END AS room, enrolled.seat,
      enrolled.student_id IS NOT NULL AS enrolled, coalesce(enrolled.extra_minutes, 0) AS extra_minutes,
      CASE WHEN latest.id IS NULL THEN 'missing' WHEN latest.status = 'ended' THEN 'finished' ELSE 'running' END AS state,
      COALESCE(latest.status <> 'ended' AND latest.last_frame_at IS NULL AND NOT EXISTS (
        SELECT FROM analysis_minutes m WHERE m.session_id = latest.id AND m.received > 0), false) AS checked_in,
      latest.id AS session_id, latest.attempt, latest.started_at, latest.deadline, latest.ended_at, latest.end_reason
    FROM enrolled FULL JOIN latest ON latest.student_id = enrolled.student_id),
  seen AS (
    SELECT people.*, users.anonymised_at IS NOT NULL AS anonymised
    FROM people JOIN exams ON exams.id = ${examId}::uuid JOIN users ON users.id = people.student_id
    WHERE ${attendanceSeenBy(viewer)})`;

/** Counts by room, rooms without students left out. Nobody expects an anonymised account that has not started. */
export async function countAttendance(ex: Executor, examId: string, viewer: Viewer): Promise<RoomCounts[]> {
  const { rows } = await sql<RoomCounts>`${seenPeople(examId, viewer)}
    SELECT room, count(*) FILTER (WHERE enrolled AND NOT (anonymised AND state = 'missing'))::integer AS expected,
      count(*) FILTER (WHERE state = 'running')::integer AS running,
      count(*) FILTER (WHERE checked_in)::integer AS "checkedIn",
      count(*) FILTER (WHERE state = 'finished')::integer AS finished,
      count(*) FILTER (WHERE state = 'missing' AND NOT anonymised)::integer AS missing,
      count(*) FILTER (WHERE NOT enrolled)::integer AS unexpected,
      coalesce(sum(attempt), 0)::integer AS sessions
    FROM seen GROUP BY room ORDER BY room NULLS LAST`.execute(ex);
  return rows;
}

interface AttendeeFilter {
  /** Id of the last student of the previous page. */
  readonly cursor: string | undefined;
  readonly limit: number;
  readonly state?: AttendanceState | undefined;
  readonly room?: string | undefined;
  readonly seenBy: Viewer;
}

/** Ordered by student id. */
export async function listAttendees(
  ex: Executor,
  examId: string,
  { cursor, limit, state, room, seenBy }: AttendeeFilter,
): Promise<AttendeeRow[]> {
  const { rows } = await sql<AttendeeRow>`${seenPeople(examId, seenBy)}
    SELECT seen.*, users.name AS student_name, users.email AS student_email,
      users.student_number, users.external_id
    FROM seen JOIN users ON users.id = seen.student_id
    WHERE (${cursor ?? null}::uuid IS NULL OR seen.student_id > ${cursor ?? null}::uuid)
      AND (${state ?? null}::text IS NULL OR seen.state = ${state ?? null}::text)
      AND ${room === undefined ? sql`true` : isRoom('seen.room', room)}
    ORDER BY seen.student_id LIMIT ${limit}`.execute(ex);
  return rows;
}
