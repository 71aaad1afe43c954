import { findStudentExam, type StudentExamRow } from '../../db/available-exams.ts';
import { listCheckInPictures } from '../../db/check-in-pictures.ts';
import { type CheckInRow, findOpenCheckIn, listCheckInDecisions, waitingPlace } from '../../db/check-ins.ts';
import type { Db } from '../../db/executor.ts';
import { CHECK_IN_PLACES } from '../../protocol/check-in-bounds.ts';
import type { MyCheckIn, MyCheckInState } from '../../protocol/http/check-in.ts';
import { asksCheckIn, checkInOf } from '../../protocol/policy.ts';
import { noExam } from '../access/refused.ts';
import type { Clock } from '../clock.ts';
import { availableExam } from '../exams/student-view.ts';
import { needsCheckIn } from '../session/live/check-in-gate.ts';
import { isShownTo } from '../session/live/exam-window.ts';
import { countPictures, missingKinds } from './kinds.ts';
import { decisionView, namesFor, pictureView, wantsView } from './views.ts';

interface ReadParts {
  readonly db: Db;
  readonly clock: Clock;
}

interface Student {
  readonly userId: string;
  readonly organisationId: string;
}

/** @throws ProtocolError `not_found` for an exam that does not concern the student */
async function concernedExam(db: Db, examId: string, who: Student): Promise<StudentExamRow> {
  const row = await findStudentExam(db, examId, who.userId);
  if (!row) throw noExam();
  const enrolled = row.extra_minutes !== null;
  const isOffered = (enrolled || row.organisation_id === who.organisationId) && isShownTo(row, enrolled);
  const isConcerned = row.check_in ?? row.readmission ?? (row.last && row.last.status !== 'ended' ? row.last : null);
  if (!isOffered && !isConcerned) throw noExam(row);
  return row;
}

/** The student's open check-in at an exam, and what the exam asks for. @throws ProtocolError `not_found` */
export async function readMyCheckIn({ db, clock }: ReadParts, examId: string, who: Student): Promise<MyCheckIn> {
  const exam = await concernedExam(db, examId, who);
  const open = exam.check_in ? await findOpenCheckIn(db, examId, who.userId) : undefined;
  const now = clock();
  const { photo, document, room, keepDays } = checkInOf(exam.policy);
  return {
    exam: availableExam(exam, now),
    required: needsCheckIn(exam),
    wants: open ? wantsView(open.wants) : asksCheckIn(exam.policy) ? { photo, document, room, keepDays } : null,
    room: exam.room,
    checkIn: open ? await openView(db, open, exam) : null,
    serverTime: new Date(now).toISOString(),
  };
}

async function openView(db: Db, row: CheckInRow, { policy }: StudentExamRow): Promise<MyCheckIn['checkIn']> {
  const pictures = await listCheckInPictures(db, row.id);
  const [newest] = await listCheckInDecisions(db, row.id, 1);
  return {
    id: row.id,
    state: row.state,
    revision: row.revision,
    openedAt: row.opened_at.toISOString(),
    submittedAt: row.state === 'waiting' ? row.since.toISOString() : null,
    place: await waitingPlace(db, row, CHECK_IN_PLACES),
    pictures: pictures.map(pictureView),
    missing: missingKinds(row.wants, countPictures(pictures)),
    retake: row.retake,
    decision: newest ? decisionView(newest, namesFor(policy)) : null,
  };
}

/** As much as a page that waits asks for every few seconds: rows found by one index. */
export async function readMyState({ db, clock }: ReadParts, examId: string, userId: string): Promise<MyCheckInState> {
  const row = await findOpenCheckIn(db, examId, userId);
  return {
    id: row?.id ?? null,
    state: row?.state ?? null,
    revision: row?.revision ?? null,
    place: row ? await waitingPlace(db, row, CHECK_IN_PLACES) : null,
    serverTime: new Date(clock()).toISOString(),
  };
}
