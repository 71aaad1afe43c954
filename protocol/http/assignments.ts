import { z } from 'zod';
import { Id, Timestamp } from '../events.ts';
import { Role } from './accounts.ts';
import { Room } from './enrolments.ts';
import { page, PathId } from './lists.ts';

export const AssignmentPath = PathId.extend({ assignmentId: Id });

/** Assigns a proctor or reviewer to an exam, or to one of its rooms. */
export const AssignmentBody = z.object({ userId: Id, room: Room.nullable().default(null) });
export type AssignmentBody = z.output<typeof AssignmentBody>;

export const Assignment = z
  .object({
    id: Id,
    examId: Id,
    userId: Id,
    userName: z.string(),
    userEmail: z.string(),
    role: Role,
    /** Null: the whole exam. */
    room: z.string().nullable(),
    createdBy: Id,
    createdAt: Timestamp,
  })
  .meta({ id: 'Assignment' });
export type Assignment = z.infer<typeof Assignment>;
export const AssignmentPage = page(Assignment);

/** An exam, or a room of one, that the caller is assigned to. */
export const OwnAssignment = z
  .object({ id: Id, examId: Id, examTitle: z.string(), room: z.string().nullable(), createdAt: Timestamp })
  .meta({ id: 'OwnAssignment' });
export type OwnAssignment = z.infer<typeof OwnAssignment>;
export const OwnAssignmentPage = page(OwnAssignment);
