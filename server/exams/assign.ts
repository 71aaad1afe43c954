import { uuidv7 } from 'uuidv7';
import {
  deleteAssignment,
  findAssignment,
  insertAssignment,
  type NamedAssignmentRow,
  type OwnAssignmentRow,
} from '../../db/assignments.ts';
import { appendAudit } from '../../db/audit/append.ts';
import { lockExam } from '../../db/exams.ts';
import { lockUsers } from '../../db/users.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Assignment, AssignmentBody, OwnAssignment } from '../../protocol/http/assignments.ts';
import type { AccessChanges } from '../access/live-access.ts';
import { noExam } from '../access/refused.ts';
import { refuseAnonymised } from '../auth/accounts/anonymised.ts';
import type { ExamParts } from './write.ts';

export interface AssignParts extends ExamParts {
  readonly access: AccessChanges;
}

export const assignmentView = (row: NamedAssignmentRow): Assignment => ({
  id: row.id,
  examId: row.exam_id,
  userId: row.user_id,
  userName: row.user_name,
  userEmail: row.user_email,
  role: row.user_role,
  room: row.room,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
});

export const ownAssignmentView = (row: OwnAssignmentRow): OwnAssignment => ({
  id: row.id,
  examId: row.exam_id,
  examTitle: row.exam_title,
  room: row.room,
  createdAt: row.created_at.toISOString(),
});

/**
 * Assigns a proctor or reviewer of the exam's organisation; an assignment that exists stays as it is. Their open
 * consoles gain the sessions before this resolves.
 * @returns whether it is new
 * @throws ProtocolError `not_found`; `account_disabled` for an anonymised account
 */
export async function assignStaff(
  { db, clock, access }: AssignParts,
  by: { readonly userId: string },
  exam_id: string,
  { userId: user_id, room }: AssignmentBody,
): Promise<{ readonly assignment: Assignment; readonly isNew: boolean }> {
  const result = await db.transaction().execute(async (tx) => {
    const exam = await lockExam(tx, exam_id, 'share');
    if (!exam) throw noExam();
    const [user] = await lockUsers(tx, [user_id], 'share');
    const assignable = user?.role === 'proctor' || user?.role === 'reviewer';
    if (!assignable || user.organisation_id !== exam.organisation_id)
      throw new ProtocolError('not_found', 'no proctor or reviewer of the organisation has this id', { ref: user_id });
    refuseAnonymised(user);
    const at = new Date(clock());
    const isNew = await insertAssignment(tx, {
      id: uuidv7(),
      exam_id,
      user_id,
      room,
      created_by: by.userId,
      created_at: at,
    });
    const row = await findAssignment(tx, { exam_id, user_id, room });
    if (!row) throw new Error('assignment missing after it was written');
    if (isNew)
      await appendAudit(tx, {
        type: 'STAFF_ASSIGNED',
        entityId: exam_id,
        actor: by.userId,
        at,
        payload: { userId: user_id, wholeExam: room === null, room, assignmentId: row.id },
      });
    return { assignment: assignmentView(row), isNew };
  });
  if (result.isNew) await access.assigned(user_id);
  return result;
}

/** Their open consoles lose the sessions before this resolves. @throws ProtocolError `not_found` */
export async function unassignStaff(
  { db, clock, access }: AssignParts,
  by: { readonly userId: string },
  examId: string,
  id: string,
): Promise<void> {
  const { user_id } = await db.transaction().execute(async (tx) => {
    const row = await deleteAssignment(tx, examId, id);
    if (!row) throw new ProtocolError('not_found', 'assignment not found');
    await appendAudit(tx, {
      type: 'STAFF_UNASSIGNED',
      entityId: examId,
      actor: by.userId,
      at: new Date(clock()),
      payload: { userId: row.user_id, wholeExam: row.room === null, room: row.room, assignmentId: id },
    });
    return row;
  });
  await access.assigned(user_id);
}
