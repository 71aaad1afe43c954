import { type AttendeeRow, countAttendance, listAttendees, type RoomCounts } from '../../../../db/attendance.ts';
import type { Db } from '../../../../db/executor.ts';
import { Attendance, AttendanceState, type Attendee, AttendeePage } from '../../../../protocol/http/attendance.ts';
import { Room } from '../../../../protocol/http/enrolments.ts';
import { PageQuery, PathId } from '../../../../protocol/http/lists.ts';
import { seenExam } from '../../../access/exam-access.ts';
import { pageBy } from '../../lists/page.ts';
import { type Route, staffRoute } from '../../pipeline/route.ts';

const AttendeeQuery = PageQuery.extend({ state: AttendanceState.optional(), room: Room.optional() });

const iso = (date: Date | null) => date?.toISOString() ?? null;

const COUNTS = ['expected', 'running', 'checkedIn', 'finished', 'missing', 'unexpected', 'sessions'] as const;

const sum = (rooms: readonly RoomCounts[]) =>
  Object.fromEntries(
    COUNTS.map((name) => [name, rooms.reduce((total, counts) => total + counts[name], 0)]),
  ) as unknown as RoomCounts;

const counts = ({ expected, running, checkedIn, finished, missing, unexpected }: RoomCounts) => ({
  expected,
  running,
  checkedIn,
  finished,
  missing,
  unexpected,
});

const attendeeView = (row: AttendeeRow): Attendee => ({
  studentId: row.student_id,
  studentName: row.student_name,
  studentEmail: row.student_email,
  studentNumber: row.student_number,
  room: row.room,
  seat: row.seat,
  enrolled: row.enrolled,
  extraMinutes: row.extra_minutes,
  state: row.state,
  checkedIn: row.checked_in,
  anonymised: row.anonymised,
  session:
    row.session_id === null
      ? null
      : {
          id: row.session_id,
          attempt: row.attempt!,
          startedAt: row.started_at!.toISOString(),
          deadline: iso(row.deadline),
          endedAt: iso(row.ended_at),
          endReason: row.end_reason,
        },
});

/** Who is expected at an exam, and who is there. */
export function attendanceRoutes({ db }: { readonly db: Db }): Route[] {
  return [
    staffRoute({
      method: 'GET',
      path: '/api/exams/:id/attendance',
      tag: 'Enrolment',
      summary: 'Counts expected, checked-in, running, finished and missing students',
      description:
        "By room and in total, from each student's latest attempt. Staff of a room see that room. Checked in is who has started, while no picture of the camera has arrived; it lags by up to 15 s.",
      answer: Attendance,
      params: PathId,
      handle: async ({ params, who }) => {
        const { id } = await seenExam(db, params.id, who);
        const rooms = await countAttendance(db, id, who);
        const total = sum(rooms);
        return {
          total: counts(total),
          rooms: rooms.map((room) => ({ room: room.room, ...counts(room) })),
          sessions: total.sessions,
        };
      },
    }),
    staffRoute({
      method: 'GET',
      path: '/api/exams/:id/attendance/students',
      tag: 'Enrolment',
      summary: 'Lists students of an exam with their latest attempt',
      description:
        'Enrolled students, and others who started. Ordered by student id. Staff of a room see the students of that room.',
      answer: AttendeePage,
      params: PathId,
      query: AttendeeQuery,
      handle: async ({ params, query, who }) => {
        const { id } = await seenExam(db, params.id, who);
        const { cursor, limit, state, room } = query;
        const rows = await listAttendees(db, id, { cursor, limit, state, room, seenBy: who });
        return pageBy(rows, limit, attendeeView, (row) => row.student_id);
      },
    }),
  ];
}
