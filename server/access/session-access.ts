import { findEvent } from '../../db/events.ts';
import type { Executor } from '../../db/executor.ts';
import { findPlacedSession, type NamedSessionRow, type PlacedSessionRow } from '../../db/sessions.ts';
import { listRooms, type Viewer } from '../../db/visibility.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { noEvent, noSession, ownSession, roleForbids } from './refused.ts';
import { isInRooms, isOwn, mayUse, reachOf, roomsOf, type Use } from './rights.ts';

async function isSeen(ex: Executor, row: PlacedSessionRow, who: Viewer): Promise<boolean> {
  const reach = reachOf(who, row);
  if (reach !== 'assigned') return reach === 'all';
  return isInRooms(roomsOf(await listRooms(ex, who.userId, row.exam_id)), row.room);
}

/**
 * A session for staff. Only its student can learn that it exists without seeing it, and uses nothing of it as staff.
 * @throws ProtocolError `not_found`, also for one that is not visible; `forbidden` for the own one, or for the role
 */
export async function staffSession(ex: Executor, id: string, who: Viewer, use: Use): Promise<NamedSessionRow> {
  const row = await findPlacedSession(ex, id);
  if (!row) throw noSession();
  if (isOwn(who, { studentId: row.student_id, room: row.room })) throw ownSession(id);
  if (!(await isSeen(ex, row, who))) throw noSession(row);
  if (!mayUse(who, use)) throw roleForbids(id);
  return row;
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
