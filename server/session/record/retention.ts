import { appendAudits } from '../../../db/audit/append.ts';
import type { Db } from '../../../db/executor.ts';
import { listCheckInObjects } from '../../../db/check-in-pictures.ts';
import { deleteUnfrozen, findExpiredSessions } from '../../../db/retention.ts';
import { togetherOrApart } from '../../apart.ts';
import { type Clock, systemTimers, type Timers } from '../../clock.ts';
import type { CheckInRetention } from '../../evidence/check-in-retention.ts';
import type { EvidenceRetention } from '../../evidence/evidence-retention.ts';
import type { Logger } from '../../log.ts';

const HOUR_MS = 3_600_000;
/** Sessions per query. */
const BATCH = 200;
/** Sessions per transaction: on the embedded database running exams wait meanwhile. */
const AT_ONCE = 5;
/** Hours between searches for objects without a row: each lists the whole store. */
const SWEEP_EVERY = 24;

export interface RetentionParts {
  readonly db: Db;
  readonly pictures: Pick<EvidenceRetention, 'expire' | 'sweep' | 'discard'>;
  readonly checkIns: Pick<CheckInRetention, 'expire' | 'forget'>;
  /** Keys under which addresses stand in the audit log. */
  readonly addresses: { expire(): Promise<number> };
  readonly clock: Clock;
  readonly timers?: Timers | undefined;
  readonly log: Logger;
}

/** Deletes what the policy promised to delete, at the start and every hour. @returns stops it */
export function startRetention({
  db,
  pictures,
  checkIns,
  addresses,
  clock,
  timers = systemTimers,
  log,
}: RetentionParts): () => void {
  let runs = 0;
  const attempt = async (what: string, work: () => Promise<number>) => {
    try {
      const gone = await work();
      if (gone > 0) log.info({ gone }, `deleted ${what}`);
    } catch (error) {
      log.warn({ err: error }, `deleting ${what} failed; will retry`);
    }
  };
  const sessions = async () => {
    const at = new Date(clock());
    const remove = async (ids: readonly string[]) => {
      const objects = await db.transaction().execute(async (tx) => {
        // Photos of a check-in may be kept for longer than the session.
        const kept = await listCheckInObjects(tx, ids);
        const deleted = await deleteUnfrozen(tx, ids);
        await appendAudits(
          tx,
          deleted.map(
            (entityId) =>
              ({ type: 'SESSION_DELETED', entityId, actor: null, at, payload: { reason: 'retention' } }) as const,
          ),
        );
        return kept.filter(({ session_id: id }) => id !== null && deleted.includes(id));
      });
      if (objects.length > 0) pictures.discard(objects.map(({ object_key }) => object_key));
    };
    const refused: string[] = [];
    for (let gone = 0; ;) {
      const expired = await findExpiredSessions(db, at, BATCH, refused);
      for (let from = 0; from < expired.length; from += AT_ONCE) {
        const deleted = await togetherOrApart(expired.slice(from, from + AT_ONCE), remove, (session, error) => {
          refused.push(session);
          log.error({ err: error, session }, 'an expired session cannot be deleted; will retry');
        });
        gone += deleted.length;
      }
      if (expired.length < BATCH) return gone;
    }
  };
  const run = async () => {
    // Pictures before their sessions: the rows name the objects.
    await attempt('expired pictures', () => pictures.expire());
    await attempt('expired pictures of check-ins', () => checkIns.expire());
    await attempt('check-ins that nobody used', () => checkIns.forget());
    await attempt('expired sessions', sessions);
    await attempt('expired address keys', () => addresses.expire());
    if (runs++ % SWEEP_EVERY === 0) await attempt('pictures without a row', () => pictures.sweep());
  };
  void run();
  return timers.every(HOUR_MS, () => void run());
}
