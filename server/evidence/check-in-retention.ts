import { appendAudits } from '../../db/audit/append.ts';
import {
  deleteCheckIns,
  findCheckInsToDelete,
  findCheckInsToErase,
  findExpiredRooms,
  lockCheckIns,
  lockCheckInsOf,
} from '../../db/check-in-retention.ts';
import { checkInDeleted, eraseCheckIns, eraseRooms, type Erasure } from '../../db/erase-check-ins.ts';
import type { Db, Tx } from '../../db/executor.ts';
import { lockUnfrozen } from '../../db/frozen.ts';
import { togetherOrApart } from '../apart.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';

export interface CheckInRetentionParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Logger;
  /** Removes objects from the store whose rows are gone. */
  readonly pictures: { discard(keys: readonly string[]): void };
}

const BATCH = 20;

/** Erases pictures of check-ins when the days of the policy are over, and deletes check-ins that nobody used. */
export class CheckInRetention {
  readonly #parts: CheckInRetentionParts;

  constructor(parts: CheckInRetentionParts) {
    this.#parts = parts;
  }

  /** @returns how many pictures */
  async expire(): Promise<number> {
    const { db, clock } = this.#parts;
    const now = new Date(clock());
    const identities = await this.#each(
      (except) => findCheckInsToErase(db, { now, limit: BATCH, except }),
      async (tx, ids) => eraseCheckIns(tx, await lockCheckIns(tx, ids), { actor: null, at: now, reason: 'retention' }),
    );
    let last: string | undefined;
    const rooms = await this.#each(
      async () => {
        const found = await findExpiredRooms(db, now, BATCH, last);
        last = found.at(-1) ?? last;
        return found;
      },
      // As the pictures of the session: an open appeal keeps them.
      async (tx, ids) => eraseRooms(tx, await lockCheckInsOf(tx, await lockUnfrozen(tx, ids)), now),
    );
    return identities + rooms;
  }

  /** Check-ins without a session past the retention of sessions. @returns how many */
  async forget(): Promise<number> {
    const { db, clock } = this.#parts;
    const now = new Date(clock());
    let gone = 0;
    await this.#each(
      (except) => findCheckInsToDelete(db, { now, limit: BATCH, except }),
      async (tx, ids) => {
        const rows = (await lockCheckIns(tx, ids)).filter(({ session_id }) => session_id === null);
        const { objects, audit } = await eraseCheckIns(tx, rows, { actor: null, at: now, reason: 'retention' });
        await deleteCheckIns(
          tx,
          rows.map(({ id }) => id),
        );
        gone += rows.length;
        const deleted = rows.map((row) => checkInDeleted(row, { reason: 'retention', actor: null, at: now }));
        return { objects, audit: [...audit, ...deleted] };
      },
    );
    return gone;
  }

  /** Batch by batch; one that the database refuses does not stop the others. @returns how many pictures were erased */
  async #each(
    find: (refused: readonly string[]) => Promise<readonly string[]>,
    erase: (tx: Tx, ids: readonly string[]) => Promise<Erasure>,
  ): Promise<number> {
    const { db, log, pictures } = this.#parts;
    const refused: string[] = [];
    for (let gone = 0; ;) {
      const ids = await find(refused);
      await togetherOrApart(
        ids,
        async (some) => {
          const objects = await db.transaction().execute(async (tx) => {
            const erasure = await erase(tx, some);
            await appendAudits(tx, erasure.audit);
            return erasure.objects;
          });
          gone += objects.length;
          if (objects.length > 0) pictures.discard(objects);
        },
        (id, error) => {
          refused.push(id);
          log.error({ err: error, id }, 'pictures of a check-in cannot be erased; will retry');
        },
      );
      if (ids.length < BATCH) return gone;
    }
  }
}
