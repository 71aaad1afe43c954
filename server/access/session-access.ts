import { findEvent } from '../../db/events.ts';
import type { Executor, Tx } from '../../db/executor.ts';
import { findPlacedSession, findSession, type NamedSessionRow, type PlacedSessionRow } from '../../db/sessions.ts';
import { lockUsers } from '../../db/users.ts';
import { listRooms, type Viewer } from '../../db/visibility.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { manages } from './exam-access.ts';
import { noEvent, noSession, ownSession, roleForbids } from './refused.ts';
import { isInRooms, isOwn, mayUse, reachOf, roomsOf, type Use } from './rights.ts';

/** An object of an exam, in a room. */
type Placed = Pick<PlacedSessionRow, 'organisation_id' | 'staff_access' | 'exam_id' | 'room'>;

export async function isSeen(ex: Executor, row: Placed, who: Viewer): Promise<boolean> {
  const reach = reachOf(who, row);
  if (reach !== 'assigned') return reach === 'all';
  return isInRooms(roomsOf(await listRooms(ex, who.userId, row.exam_id)), row.room);
}

/**
 * A session for staff. Only its student can learn that it exists without seeing it, and uses nothing of it as staff.
 * @throws ProtocolError `not_found`, also for one that is not visible; `forbidden` for the own one, or for the role
 */
export async function staffSession(ex: Executor, id: string, who: Viewer, use: Use): Promise<PlacedSessionRow> {
  const row = await findPlacedSession(ex, id);
  if (!row) throw noSession();
  if (isOwn(who, { studentId: row.student_id, room: row.room })) throw ownSession(id);
  if (!(await isSeen(ex, row, who))) throw noSession(row);
  if (!mayUse(who, use)) throw roleForbids(id);
  return row;
}

/** A session that the person manages. @throws ProtocolError as `staffSession`, `not_found` also for one of others */
export async function managedSession(ex: Executor, id: string, who: Viewer, use: Use): Promise<NamedSessionRow> {
  const row = await staffSession(ex, id, who, use);
  if (!manages(who, row)) throw noSession({ id });
  return row;
}

/**
 * Whoever is given sessions must be able to use each of them. Their account stays as it is until the transaction ends.
 * @param refused error about the person or a session, which says no more than that they may not
 */
export async function checkGivenTo(
  tx: Tx,
  person: string,
  { sessions, use }: { readonly sessions: readonly string[]; readonly use: Use },
  refused: (ref: string) => ProtocolError,
): Promise<void> {
  const [user] = await lockUsers(tx, [person], 'share');
  if (!user || user.disabled_at !== null) throw refused(person);
  const viewer: Viewer = { userId: user.id, role: user.role, organisationId: user.organisation_id };
  for (const id of sessions) {
    try {
      await staffSession(tx, id, viewer, use);
    } catch (error) {
      throw error instanceof ProtocolError ? refused(id) : error;
    }
  }
}

/** The session of an event, as `staffSession`. @throws ProtocolError */
export async function staffEvent(ex: Executor, id: string, who: Viewer, use: Use): Promise<NamedSessionRow> {
  const event = await findEvent(ex, id);
  if (!event) throw noEvent();
  return staffSession(ex, event.session_id, who, use).catch((error: unknown) => {
    const isAbsent = error instanceof ProtocolError && error.code === 'not_found';
    throw isAbsent ? noEvent({ id }) : error;
  });
}

/** A session for its student. @throws ProtocolError `not_found`, also for somebody else's */
export async function studentSession(
  ex: Executor,
  id: string,
  who: { readonly userId: string },
): Promise<NamedSessionRow> {
  const row = await findSession(ex, id);
  if (row?.student_id !== who.userId) throw noSession(row);
  return row;
}

/**
 * A session for its student or for staff.
 * @throws ProtocolError `not_found`, also for somebody else's
 */
export async function readableSession(ex: Executor, id: string, who: Viewer): Promise<NamedSessionRow> {
  const row = await findPlacedSession(ex, id);
  if (!row) throw noSession();
  if (row.student_id === who.userId || (await isSeen(ex, row, who))) return row;
  throw noSession(row);
}
