import { findPlacedCheckIn, type PlacedCheckInRow } from '../../db/check-ins.ts';
import type { Executor } from '../../db/executor.ts';
import type { Viewer } from '../../db/visibility.ts';
import { noCheckIn, ownCheckIn, roleForbids } from './refused.ts';
import { isOwn, mayUse, type Use } from './rights.ts';
import { isSeen } from './session-access.ts';

/**
 * A check-in for staff, as a session of its exam and room. Nobody is staff in their own.
 * @throws ProtocolError `not_found`, also for one that is not visible; `forbidden` for the own one, or for the role
 */
export async function staffCheckIn(ex: Executor, id: string, who: Viewer, use: Use): Promise<PlacedCheckInRow> {
  const row = await findPlacedCheckIn(ex, id);
  if (!row) throw noCheckIn();
  if (isOwn(who, { studentId: row.student_id, room: row.room })) throw ownCheckIn(id);
  if (!(await isSeen(ex, row, who))) throw noCheckIn(row);
  if (!mayUse(who, use)) throw roleForbids(id);
  return row;
}
