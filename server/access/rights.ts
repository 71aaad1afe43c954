import type { ExamFacts, Viewer } from '../../db/visibility.ts';
import type { Role } from '../../protocol/http/accounts.ts';

/**
 * Rights of staff in exams and sessions, for single objects and in memory. `db/visibility.ts` states the same rules as
 * conditions on rows.
 */

/** Rooms of one exam that a person is assigned to; undefined: not assigned. */
export type Rooms = 'all' | ReadonlySet<string> | undefined;

/** Fields of a session that decide who of the staff sees it. */
export interface Place {
  readonly studentId: string;
  readonly room: string | null;
}

/** Reach of the role in an exam; `assigned`: as far as the person's assignments go. */
export function reachOf(
  { role, organisationId }: Viewer,
  exam: Pick<ExamFacts, 'organisation_id' | 'staff_access'>,
): 'all' | 'assigned' | 'none' {
  if (role === 'admin') return 'all';
  if (role === 'student' || exam.organisation_id !== organisationId) return 'none';
  return role === 'manager' || exam.staff_access === 'all' ? 'all' : 'assigned';
}

/** Rooms of the exam that the person sees. */
export function roomsSeen(
  viewer: Viewer,
  exam: Pick<ExamFacts, 'organisation_id' | 'staff_access'>,
  assigned: Rooms,
): Rooms {
  const reach = reachOf(viewer, exam);
  return reach === 'assigned' ? assigned : reach === 'all' ? 'all' : undefined;
}

/** Nobody is staff in their own session. */
export const isOwn = ({ userId }: Pick<Viewer, 'userId'>, { studentId }: Place): boolean => studentId === userId;

export const isInRooms = (rooms: Rooms, room: string | null): boolean =>
  rooms === 'all' || (rooms !== undefined && room !== null && rooms.has(room));

/** @param rows rooms of one exam */
export function roomsOf(rows: readonly { readonly room: string | null }[]): Rooms {
  if (rows.length === 0) return undefined;
  const rooms = new Set<string>();
  for (const { room } of rows) {
    if (room === null) return 'all';
    rooms.add(room);
  }
  return rooms;
}

/**
 * Uses of a visible session:
 * - `read` records
 * - `watch` the camera, live
 * - `command` pause, end, extend, message
 * - `review` decide about events and sessions
 * - `release` release verdicts to students, decide appeals
 */
export type Use = 'read' | 'watch' | 'command' | 'review' | 'release';

const USES: Readonly<Record<Role, readonly Use[]>> = {
  student: [],
  reviewer: ['read', 'review', 'release'],
  proctor: ['read', 'watch', 'command', 'review'],
  manager: ['read', 'watch', 'command', 'review', 'release'],
  admin: ['read', 'watch', 'command', 'review', 'release'],
};

export const mayUse = ({ role }: Pick<Viewer, 'role'>, use: Use): boolean => USES[role].includes(use);
