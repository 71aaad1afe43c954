import { appendAudits } from '../../db/audit/append.ts';
import {
  deleteEvidence,
  deleteSessionKeys,
  findExpiredEvidence,
  knownObjects,
  listSessionEvidence,
} from '../../db/evidence.ts';
import { lockUnfrozen } from '../../db/frozen.ts';
import { togetherOrApart } from '../apart.ts';
import type { Db } from '../../db/executor.ts';
import type { Clock } from '../clock.ts';
import { LATE, withDeadline } from '../deadline.ts';
import type { Logger } from '../log.ts';
import type { EvidenceStore } from './store.ts';

export interface EvidenceRetentionParts {
  readonly db: Db;
  readonly store: EvidenceStore;
  readonly clock: Clock;
  readonly log: Logger;
}

const BATCH = 20;
const DAY_MS = 24 * 3_600_000;
/** A store that does not respond within this time hangs. */
const STORE_TIMEOUT_MS = 10_000;

/** Deletes pictures past their retention. Keys go first: without them the objects are noise. */
export class EvidenceRetention {
  readonly #parts: EvidenceRetentionParts;

  constructor(parts: EvidenceRetentionParts) {
    this.#parts = parts;
  }

  /**
   * Pictures of sessions whose policy says so. @returns how many; objects that the store did not remove keep their
   * rows, and are tried again
   */
  async expire(): Promise<number> {
    const { db, clock } = this.#parts;
    for (let gone = 0, after: string | undefined; ;) {
      const expired = await findExpiredEvidence(db, new Date(clock()), BATCH, after);
      const rows = await listSessionEvidence(db, await this.#shred(expired));
      const { removed, hangs } = await this.#remove(rows.map((row) => row.object_key));
      const deleted = rows.filter((row) => removed.has(row.object_key));
      await deleteEvidence(
        db,
        deleted.map((row) => row.id),
      );
      gone += deleted.length;
      after = expired.at(-1);
      // Past those that could not be removed: they must not keep the rest.
      if (expired.length < BATCH || hangs) return gone;
    }
  }

  /** Removes objects whose rows were deleted with their exam. Not awaited; the sweep removes the rest. */
  discard(keys: readonly string[]): void {
    void this.#remove(keys);
  }

  /**
   * Removes objects without a row that are a day old: of writes that were cut off, or whose session another process
   * took over. @returns how many
   */
  async sweep(): Promise<number> {
    const { db, store, clock } = this.#parts;
    let gone = 0;
    let batch: string[] = [];
    const look = async () => {
      const known = await knownObjects(db, batch);
      gone += (await this.#remove(batch.filter((key) => !known.has(key)))).removed.size;
      batch = [];
    };
    for await (const { key, storedAt } of store.list()) {
      if (clock() - storedAt < DAY_MS) continue;
      if (batch.push(key) >= BATCH) await look();
    }
    await look();
    return gone;
  }

  /** @returns the sessions whose keys are deleted; one that the database refuses does not stop the others */
  async #shred(sessions: readonly string[]): Promise<readonly string[]> {
    const gone = new Set<string>();
    await togetherOrApart(
      sessions,
      async (some) => {
        for (const session of await this.#shredTogether(some)) gone.add(session);
      },
      (session, error) => {
        this.#parts.log.error({ err: error, session }, 'the key of a session cannot be deleted; will retry');
      },
    );
    return [...gone];
  }

  /** @returns those without an open appeal, which have no key now */
  #shredTogether(sessions: readonly string[]): Promise<readonly string[]> {
    const { db, clock } = this.#parts;
    const at = new Date(clock());
    return db.transaction().execute(async (tx) => {
      const free = await lockUnfrozen(tx, sessions);
      const shredded = await deleteSessionKeys(tx, free);
      const rows = await listSessionEvidence(tx, shredded);
      const counts = new Map<string, number>();
      for (const { session_id: id } of rows) counts.set(id, (counts.get(id) ?? 0) + 1);
      await appendAudits(
        tx,
        shredded.map(
          (entityId) =>
            ({
              type: 'EVIDENCE_DELETED',
              entityId,
              actor: null,
              at,
              payload: { pictures: counts.get(entityId) ?? 0 },
            }) as const,
        ),
      );
      return free;
    });
  }

  /** An object that the store refuses to remove does not stop the others; a store that hangs does. */
  async #remove(keys: readonly string[]): Promise<{ readonly removed: ReadonlySet<string>; readonly hangs: boolean }> {
    const removed = new Set<string>();
    let hangs = false;
    let fault: unknown;
    for (const key of keys) {
      try {
        hangs = (await withDeadline(this.#parts.store.remove(key), STORE_TIMEOUT_MS)) === LATE;
        if (hangs) break;
        removed.add(key);
      } catch (error) {
        fault = error;
      }
    }
    if (removed.size < keys.length)
      this.#parts.log.warn(
        { err: fault, left: keys.length - removed.size },
        'the evidence store did not remove all pictures; they can no longer be read; will retry',
      );
    return { removed, hangs };
  }
}
