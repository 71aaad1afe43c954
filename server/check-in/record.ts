import { listCheckInPictures } from '../../db/check-in-pictures.ts';
import { findSessionCheckIn, listCheckInDecisions } from '../../db/check-ins.ts';
import type { Executor } from '../../db/executor.ts';
import type { CheckInRecord } from '../../protocol/http/check-in.ts';
import type { Policy } from '../../protocol/policy.ts';
import { namesFor, recordView } from './views.ts';

/** Decisions of one record, at most. */
const MOST = 200;

/** Check-in of a session for staff; null: it began without one. */
export async function checkInOfSession(ex: Executor, session: string): Promise<CheckInRecord | null> {
  const row = await findSessionCheckIn(ex, session);
  if (!row) return null;
  const pictures = await listCheckInPictures(ex, row.id);
  return recordView(row, { pictures, decisions: await listCheckInDecisions(ex, row.id, MOST), names: 'full' });
}

/** The same for its student: names as the policy shows them, and no pictures, which they have seen. */
export async function myCheckInOfSession(
  ex: Executor,
  session: string,
  policy: Pick<Policy, 'conversation'>,
): Promise<CheckInRecord | null> {
  const row = await findSessionCheckIn(ex, session);
  if (!row) return null;
  const decisions = await listCheckInDecisions(ex, row.id, MOST);
  return recordView(row, { pictures: [], decisions, names: namesFor(policy) });
}
