import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import { describe, expect, test } from 'vitest';
import { appendAudits, type NewAuditEntry } from '../../db/audit/append.ts';
import { migrate } from '../../db/migrate.ts';
import { openDatabase } from '../../db/open.ts';
import type { AuditVerification } from '../../protocol/http/audit.ts';
import { createDatabase } from '../support/databases.ts';
import { postgresUrl } from '../support/requirements.ts';
import { TreeLog } from '../support/tree-log.ts';
import { sized } from '../support/size.ts';
import { randomChoices } from '../support/random.ts';

const WRITERS = 32;
const ACTS = sized(1000, 30);
/** Maximum acts of one transaction. */
const TOGETHER = 4;

class Undo extends Error {}

const { below, random } = randomChoices();

describe.runIf(postgresUrl !== undefined)('concurrent writers of the audit log, on PostgreSQL', () => {
  test.each([[3], [2000]])(
    `${WRITERS} writers with ${ACTS} acts each on %i chains in any order: no fork, no gap, no deadlock`,
    { timeout: sized(15, 4) * 60_000 },
    async (things) => {
      const at = await createDatabase('postgres');
      // All writers of a chain wait for its one lock: a machine that is busy besides must not end their statements.
      const opened = await openDatabase({ ...at, poolSize: WRITERS + 4, queryTimeoutMs: 120_000 });
      const { db } = opened;
      const log = await migrate(db).then(() => TreeLog.open(db));
      try {
        const entities = Array.from({ length: things }, () => uuidv7());
        const act = (): NewAuditEntry & { id: string } => ({
          id: uuidv7(),
          type: 'USER_ENABLED',
          entityId: entities[below(things)]!,
          actor: null,
          at: new Date(),
        });
        const append = (acts: readonly NewAuditEntry[], undo: boolean) =>
          db.transaction().execute(async (tx) => {
            await appendAudits(tx, acts);
            if (undo) throw new Undo();
          });
        const committed: string[] = [];
        let transactions = 0;
        const began = performance.now();
        const write = async () => {
          for (let left = ACTS; left > 0;) {
            const acts = Array.from({ length: Math.min(left, 1 + below(TOGETHER)) }, act);
            // Some acts fail in the end: they leave no entry and no gap.
            if (random() < 0.05) await expect(append(acts, true)).rejects.toBeInstanceOf(Undo);
            await append(acts, false);
            committed.push(...acts.map(({ id }) => id));
            left -= acts.length;
            transactions += 1;
          }
        };
        // The database sees two processes.
        const trees = [log.writer(), log.writer()];
        for (const tree of trees) tree.start();
        // A concurrent verification always sees a valid log.
        const load = { isOver: false };
        const verifying = (async () => {
          const seen: AuditVerification[] = [];
          while (!load.isOver) seen.push(await log.verify());
          return seen;
        })();
        await Promise.all(Array.from({ length: WRITERS }, write)).finally(() => (load.isOver = true));
        const seconds = (performance.now() - began) / 1000;
        const verified = await verifying;
        expect(verified.filter(({ valid }) => !valid)).toEqual([]);
        expect(verified.length).toBeGreaterThan(0);
        await Promise.all(trees.map((tree) => tree.stop()));
        await log.settle();

        expect(committed.length).toBe(WRITERS * ACTS);
        const ids = await db.selectFrom('audit_entries').select('id').execute();
        expect(ids.map(({ id }) => id).sort()).toEqual(committed.sort());
        // Positions without gaps and links without forks, leaves and tiles: everything is recomputed.
        expect(await log.verify()).toMatchObject({
          valid: true,
          checked: committed.length,
          leaves: committed.length,
          vouched: committed.length,
        });
        const { rows } = await sql<{
          positions: string;
        }>`SELECT count(DISTINCT (entity_id, position)) AS positions FROM audit_entries`.execute(db);
        expect(Number(rows[0]!.positions)).toBe(committed.length);
        const deadlocks = await sql<{
          deadlocks: string;
        }>`SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`.execute(db);
        expect(Number(deadlocks.rows[0]!.deadlocks)).toBe(0);
        expect(trees.map(({ state }) => state)).toEqual(['ok', 'ok']);
        console.log(
          `audit-writers: ${WRITERS} x ${ACTS} acts on ${things} things in ${transactions} transactions: 0 forks, 0 gaps, 0 deadlocks, verified ${verified.length} times meanwhile; ${Math.round(committed.length / seconds)} acts/s, ${Math.round(transactions / seconds)} tx/s`,
        );
      } finally {
        await log.remove();
        await opened.close();
        await at.remove();
      }
    },
  );
});
