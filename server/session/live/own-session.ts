import type { Db } from '../../../db/executor.ts';
import { noSession } from '../../access/refused.ts';
import { studentSession } from '../../access/session-access.ts';
import type { SessionRegistry } from './session-registry.ts';
import type { LiveSession } from './live-session.ts';

interface OwnSessionParts {
  readonly db: Db;
  readonly registry: SessionRegistry;
}

/**
 * Checks that the session belongs to the student, before any costlier work.
 * @throws ProtocolError `not_found`, also for somebody else's
 */
export async function checkOwnSession(
  { db, registry }: OwnSessionParts,
  id: string,
  who: { readonly userId: string },
): Promise<void> {
  const live = registry.find(id);
  if (live) {
    if (live.studentId !== who.userId) throw noSession(live);
    return;
  }
  await studentSession(db, id, who);
}

/**
 * The student's own session, held by this process. One that is held already costs no query.
 * @throws ProtocolError `not_found`, also for somebody else's, or `session_over`
 */
export async function openOwnSession(
  { db, registry }: OwnSessionParts,
  id: string,
  who: { readonly userId: string },
): Promise<LiveSession> {
  const live = registry.find(id);
  if (live) {
    if (live.studentId !== who.userId) throw noSession(live);
    return live;
  }
  await studentSession(db, id, who);
  return registry.open(id);
}
