import { type ExamRow, findExam } from '../../db/exams.ts';
import type { Executor } from '../../db/executor.ts';
import { type ExamFacts, listRooms, type Viewer } from '../../db/visibility.ts';
import { noExam } from './refused.ts';
import { reachOf, type Rooms, roomsOf, roomsSeen } from './rights.ts';

/** Rooms of an exam that the person sees. */
export async function examRooms(ex: Executor, exam: ExamFacts, who: Viewer): Promise<Rooms> {
  const assigned = reachOf(who, exam) === 'assigned' ? roomsOf(await listRooms(ex, who.userId, exam.id)) : undefined;
  return roomsSeen(who, exam, assigned);
}

/** An exam for staff who see all or some of its rooms. @throws ProtocolError `not_found` */
export async function seenExam(ex: Executor, id: string, who: Viewer): Promise<ExamRow> {
  const exam = await findExam(ex, id);
  if (!exam || (await examRooms(ex, exam, who)) === undefined) throw noExam(exam);
  return exam;
}

/** An exam that the person manages. @throws ProtocolError `not_found` */
export async function managedExam(ex: Executor, id: string, who: Viewer): Promise<ExamRow> {
  const exam = await findExam(ex, id);
  if (!exam || !manages(who, exam)) throw noExam(exam);
  return exam;
}

/** Whether the person manages exams and people of the organisation. */
export const manages = (
  { role, organisationId }: Viewer,
  { organisation_id }: { readonly organisation_id: string },
): boolean => role === 'admin' || (role === 'manager' && organisation_id === organisationId);
