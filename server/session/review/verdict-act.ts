import { appendAudits, type NewAuditEntry } from '../../../db/audit/append.ts';
import type { Db, Tx } from '../../../db/executor.ts';
import { findSession, type NamedSessionRow } from '../../../db/sessions.ts';
import { findVerdictCase, putVerdictState, type VerdictCase } from '../../../db/verdict-case.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { releaseOf } from '../../../protocol/policy.ts';
import { noSession } from '../../access/refused.ts';
import type { Clock } from '../../clock.ts';
import { lockEndedSession } from './ended-session.ts';
import { openAppealOf, verdictState } from './verdict-state.ts';

export interface VerdictActParts {
  readonly db: Db;
  readonly clock: Clock;
}

/** What an act finds under the session's lock. */
export interface ActScene {
  readonly session: NamedSessionRow;
  readonly facts: VerdictCase;
  readonly at: Date;
}

/** What an act leaves: its entries for the audit log, and who decides an open appeal from now on. */
export interface ActResult<T> {
  readonly value: T;
  readonly audit: readonly Omit<NewAuditEntry, 'entityId' | 'at'>[];
  readonly officer?: string | null;
}

/**
 * One step of the decision about a session, in one transaction with its audit entries and under the session's lock: of
 * two steps at once the second sees the first.
 * @throws ProtocolError `not_found`, `session_running`, and those of `act`
 */
export function actOnVerdict<T>(
  { db, clock }: VerdictActParts,
  sessionId: string,
  act: (tx: Tx, scene: ActScene) => Promise<ActResult<T>>,
): Promise<T> {
  return db.transaction().execute(async (tx) => {
    await lockEndedSession(tx, sessionId);
    const session = await findSession(tx, sessionId);
    if (!session) throw noSession();
    const facts = await findVerdictCase(tx, sessionId);
    const at = new Date(clock());
    const { value, audit, officer = facts.officer } = await act(tx, { session, facts, at });
    const after = { ...(await findVerdictCase(tx, sessionId)), officer };
    const state = verdictState(sessionId, after, releaseOf(session.policy));
    if (state) await putVerdictState(tx, state);
    await appendAudits(
      tx,
      audit.map((entry) => ({ ...entry, entityId: sessionId, at })),
    );
    return value;
  });
}

/** @throws ProtocolError `appeal_open` */
export function refuseOpenAppeal({
  session,
  facts,
}: Pick<ActScene, 'facts'> & { readonly session: Pick<NamedSessionRow, 'id'> }): void {
  if (openAppealOf(facts))
    throw new ProtocolError('appeal_open', 'an appeal is open: its outcome comes first', { ref: session.id });
}
