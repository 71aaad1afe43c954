import type { Db } from '../../../db/executor.ts';
import { noSession } from '../../access/refused.ts';
import { studentSession } from '../../access/session-access.ts';
import type { SessionRegistry } from './session-registry.ts';

export interface OwnSessionParts {
  readonly db: Db;
  readonly registry: SessionRegistry;
}

/**
 * Checks that the session belongs to the student, before any costlier work. One that is held here costs no query.
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
