import { isDeepStrictEqual } from 'node:util';
import { appendAudits } from '../../db/audit/append.ts';
import {
  changedTerms,
  deleteEnrolment,
  type EnrolmentRow,
  findEnrolment,
  type NamedEnrolmentRow,
  saveEnrolment,
} from '../../db/enrolments.ts';
import { lockExam } from '../../db/exams.ts';
import { lockOpenCheckIn, moveCheckIns } from '../../db/check-ins.ts';
import { eraseCheckIns } from '../../db/erase-check-ins.ts';
import { moveRunningSessions, sessionMoved } from '../../db/move-sessions.ts';
import { lockUsers } from '../../db/users.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Enrolment, EnrolmentBody } from '../../protocol/http/enrolments.ts';
import { chosenProfile } from '../access/profile-access.ts';
import { noExam } from '../access/refused.ts';
import { refuseAnonymised } from '../auth/accounts/anonymised.ts';
import type { EvidenceRetention } from '../evidence/evidence-retention.ts';
import { followMoves } from '../session/live/move-sessions.ts';
import type { LiveSessions } from '../session/live/session-acts.ts';
import { withdrawAll } from '../session/live/readmissions.ts';
import { refuseOwnExam } from '../access/own-exam.ts';
import { checkBase, revisionOf } from '../../db/revision.ts';
import type { ExamParts } from './write.ts';

export function enrolmentView(row: NamedEnrolmentRow): Enrolment {
  return {
    examId: row.exam_id,
    studentId: row.student_id,
    studentName: row.student_name,
    studentEmail: row.student_email,
    studentNumber: row.student_number,
    room: row.room,
    seat: row.seat,
    extraMinutes: row.extra_minutes,
    detection: row.detection,
    accommodationProfile:
      row.accommodation_profile_id === null || row.profile_name === null || row.profile_version === null
        ? null
        : { id: row.accommodation_profile_id, name: row.profile_name, version: row.profile_version },
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    revision: enrolmentRevision(row),
  };
}

const enrolmentRevision = ({
  extra_minutes,
  detection,
  accommodation_profile_id,
  room,
  seat,
}: Pick<EnrolmentRow, 'extra_minutes' | 'detection' | 'accommodation_profile_id' | 'room' | 'seat'>): string =>
  revisionOf({ extra_minutes, detection, accommodation_profile_id, room, seat });

type Key = Pick<EnrolmentRow, 'exam_id' | 'student_id'>;

/**
 * Enrols a student or replaces the enrolment. A running session keeps the accommodations it started with, and moves to
 * the room: rights, walls and attendance agree before this resolves.
 * @returns whether the enrolment is new
 * @throws ProtocolError `not_found` for an unknown exam, or a student unknown to its organisation; staff cannot be enrolled; `account_disabled` for an anonymised
 * account; `profile_archived`; with a `baseRevision`, `changed_meanwhile`, or `not_enrolled` if it was removed meanwhile
 */
export async function enrol(
  { db, clock, sessions }: ExamParts & { readonly sessions: LiveSessions },
  by: { readonly userId: string },
  { exam_id, student_id }: Key,
  body: EnrolmentBody,
): Promise<{ enrolment: Enrolment; isNew: boolean }> {
  const { moved, ...enrolled } = await db.transaction().execute(async (tx) => {
    const exam = await lockExam(tx, exam_id, 'share');
    if (!exam) throw noExam();
    // Of two changes of one enrolment, the second sees the first.
    const [student] = await lockUsers(tx, [student_id], 'change');
    if (student?.role !== 'student' || student.organisation_id !== exam.organisation_id)
      throw new ProtocolError('not_found', 'student not found');
    refuseAnonymised(student);
    const {
      extraMinutes: extra_minutes,
      detection,
      accommodationProfileId: accommodation_profile_id,
      room,
      seat,
    } = body;
    const before = await findEnrolment(tx, exam_id, student_id);
    const { baseRevision } = body;
    const after = { extra_minutes, detection, accommodation_profile_id, room, seat };
    if (baseRevision === null && before) {
      checkBase('', enrolmentRevision(before), enrolmentRevision(after));
    } else if (typeof baseRevision === 'string') {
      if (!before) throw new ProtocolError('not_enrolled', 'the student is no longer enrolled', { ref: student_id });
      checkBase(baseRevision, enrolmentRevision(before), enrolmentRevision(after));
    }
    if (accommodation_profile_id !== null)
      await chosenProfile(tx, 'accommodation', accommodation_profile_id, {
        organisation: exam.organisation_id,
        had: before?.accommodation_profile_id ?? null,
      });
    const at = new Date(clock());
    const isNew = await saveEnrolment(tx, {
      exam_id,
      student_id,
      extra_minutes,
      detection,
      accommodation_profile_id,
      room,
      seat,
      created_by: by.userId,
      updated_at: at,
    });
    const row = await findEnrolment(tx, exam_id, student_id);
    if (!row) throw new Error('enrolment missing after it was written');
    const inOtherRoom = await moveRunningSessions(tx, [row]);
    await appendAudits(tx, [
      {
        type: 'ENROLMENT_CHANGED',
        entityId: exam_id,
        actor: by.userId,
        at,
        payload: {
          studentId: student_id,
          ...(isNew && { isNew }),
          ...changedTerms(before, row),
          // Which settings is a matter of the student.
          ...(!isDeepStrictEqual(before?.detection ?? {}, row.detection) && { fields: ['detection'] }),
        },
      },
      ...inOtherRoom.map((session) => sessionMoved(session, by.userId, at)),
    ]);
    return { enrolment: enrolmentView(row), isNew, moved: inOtherRoom };
  });
  await followMoves(sessions, moved);
  return enrolled;
}

export const notEnrolled = () => new ProtocolError('not_found', 'student is not enrolled in this exam');

/**
 * Removes an enrolment and withdraws an unused readmission; a running session continues. A check-in leaves its room; in
 * an exam for enrolled students it is closed and its pictures are erased.
 * @throws ProtocolError `not_found`; `forbidden` for the own one, with a session
 */
export async function unenrol(
  { db, clock, pictures }: ExamParts & { readonly pictures: Pick<EvidenceRetention, 'discard'> },
  by: { readonly userId: string },
  { exam_id, student_id }: Key,
): Promise<void> {
  const objects = await db.transaction().execute(async (tx) => {
    // In the order of `enrol`.
    const exam = await lockExam(tx, exam_id, 'share');
    await lockUsers(tx, [student_id], 'change');
    if (by.userId === student_id) await refuseOwnExam(tx, exam_id, by);
    if (!(await deleteEnrolment(tx, exam_id, student_id))) throw notEnrolled();
    const at = new Date(clock());
    const isOut = exam?.open_to === 'enrolled';
    const withdrawn = isOut ? await withdrawAll(tx, { exam_id, student_id }, by.userId, at) : [];
    if (!isOut) await moveCheckIns(tx, [{ exam_id, student_id, room: null }]);
    const checkIn = isOut ? await lockOpenCheckIn(tx, exam_id, student_id) : undefined;
    const erased = await eraseCheckIns(tx, checkIn ? [checkIn] : [], { actor: by.userId, at, reason: 'unenrolled' });
    await appendAudits(tx, [
      ...withdrawn,
      ...erased.audit,
      {
        type: 'ENROLMENT_REMOVED',
        entityId: exam_id,
        actor: by.userId,
        at,
        payload: { studentId: student_id },
      },
    ]);
    return erased.objects;
  });
  if (objects.length > 0) pictures.discard(objects);
}
