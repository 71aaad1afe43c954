import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import { claimForNode } from '../../db/claims.ts';
import { beat, forgetNode, listNodes } from '../../db/nodes.ts';
import { type OpenDatabase, openDatabase } from '../../db/open.ts';
import { findOverdue, saveTotals } from '../../db/sessions.ts';
import { createDatabase, KINDS, type TestDatabase } from '../support/databases.ts';
import { makeSession, totalsOf } from '../support/rows.ts';

const postgres = KINDS.find(({ kind }) => kind === 'postgres')!;
let database: TestDatabase;
let opened: OpenDatabase;
beforeAll(async () => {
  if (!postgres.available) return;
  database = await createDatabase('postgres');
  opened = await openDatabase({ url: database.url, dataDir: database.dataDir });
});
afterAll(async () => {
  await opened?.close();
  await database?.remove();
});

const join = async () => {
  const id = uuidv7();
  await beat(opened.db, { id, name: 'test' });
  return id;
};
const silence = (id: string) =>
  sql`UPDATE nodes SET heartbeat_at = clock_timestamp() - interval '11 s' WHERE id = ${id}::uuid`.execute(opened.db);
const ownerOf = async (claim: ReturnType<typeof claimForNode>) => {
  const claimed = await claim;
  return claimed && ('row' in claimed ? claimed.row.owner_node : claimed.owner);
};

test.runIf(postgres.available)(
  `a session of a living node stays with it, but for a connection of its student, on ${postgres.title}`,
  async () => {
    const { db } = opened;
    const [a, b, session] = [await join(), await join(), await makeSession(db)];
    expect(await ownerOf(claimForNode(db, session.id, a, 'lease'))).toBe(a);
    expect(await claimForNode(db, session.id, b, 'lease')).toEqual({ owner: a });
    expect(await ownerOf(claimForNode(db, session.id, b, 'connection'))).toBe(b);
    expect(await claimForNode(db, session.id, a, 'lease')).toEqual({ owner: b });
    await silence(b);
    expect(await listNodes(db).then((nodes) => nodes.map(({ id }) => id))).not.toContain(b);
    expect(await ownerOf(claimForNode(db, session.id, a, 'lease'))).toBe(a);
    await beat(db, { id: b, name: 'test' });
    expect(await claimForNode(db, session.id, b, 'lease')).toEqual({ owner: a });
    await forgetNode(db, a);
    expect(await ownerOf(claimForNode(db, session.id, b, 'lease'))).toBe(b);
  },
);

test.runIf(postgres.available)(
  `of nodes that find a session without an owner at once, one gets it, on ${postgres.title}`,
  async () => {
    const { db } = opened;
    for (let round = 0; round < 20; round++) {
      const session = await makeSession(db);
      const nodes = [await join(), await join(), await join()];
      const dead = await join();
      await claimForNode(db, session.id, dead, 'lease');
      await silence(dead);
      const claims = await Promise.all(nodes.map((node) => claimForNode(db, session.id, node, 'lease')));
      const winners = claims.filter((claim) => claim && 'row' in claim);
      expect(winners).toHaveLength(1);
      const losers = claims.filter((claim) => claim && 'owner' in claim);
      const { row } = winners[0] as { row: { owner_node: string } };
      expect(losers).toEqual([{ owner: row.owner_node }, { owner: row.owner_node }]);
    }
  },
);

test.runIf(postgres.available)(
  `whatever claims and pauses, of all holders of a session only the last one commits, on ${postgres.title}`,
  async () => {
    const { db } = opened;
    const step = fc.record({
      node: fc.nat(2),
      act: fc.constantFrom('connection', 'lease', 'silence', 'beat', 'write'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { maxLength: 12 }), async (turns) => {
        const session = await makeSession(db);
        const nodes = [await join(), await join(), await join()];
        /** Epoch that each node believes to have. */
        const held = new Map<string, number>();
        let written = 0;
        for (const turn of turns) {
          // The steps of one turn race.
          const done = await Promise.all(
            turn.map(async ({ node, act }) => {
              const id = nodes[node]!;
              if (act === 'silence') return void (await silence(id));
              if (act === 'beat') return beat(db, { id, name: 'test' });
              if (act !== 'write') {
                const claimed = await claimForNode(db, session.id, id, act);
                if (claimed && 'row' in claimed) held.set(id, Math.max(held.get(id) ?? 0, claimed.row.owner_epoch));
                return undefined;
              }
              const epoch = held.get(id);
              if (epoch === undefined) return undefined;
              const saved = await saveTotals(db, [totalsOf(session, { epoch, last_seq: epoch })]);
              return saved.has(session.id) ? epoch : undefined;
            }),
          );
          const epochs = new Set(done.filter((epoch) => epoch !== undefined));
          for (const epoch of epochs) {
            // An older owner never writes after a newer one.
            expect(epoch).toBeGreaterThanOrEqual(written);
          }
          written = Math.max(written, ...epochs);
        }
        const { owner_epoch, last_seq } = await db
          .selectFrom('sessions')
          .select(['owner_epoch', 'last_seq'])
          .where('id', '=', session.id)
          .executeTakeFirstOrThrow();
        // What the newest writer wrote stays.
        expect(written === 0 || last_seq === written).toBe(true);
        const saved = await Promise.all(
          [...held].map(async ([, epoch]) => (await saveTotals(db, [totalsOf(session, { epoch })])).has(session.id)),
        );
        expect(saved.filter(Boolean).length).toBe([...held.values()].includes(owner_epoch) ? 1 : 0);
      }),
      { numRuns: 60 },
    );
  },
);

test.runIf(postgres.available)(`overdue sessions of a living node are left to it, on ${postgres.title}`, async () => {
  const { db } = opened;
  const [a, b] = [await join(), await join()];
  const session = await makeSession(db);
  await db
    .updateTable('sessions')
    .set({ deadline: new Date(0) })
    .where('id', '=', session.id)
    .execute();
  await claimForNode(db, session.id, a, 'connection');
  const found = async (node: string) =>
    (await findOverdue(db, { now: new Date(1000), pausedBefore: new Date(0), node }, 100)).includes(session.id);
  expect([await found(a), await found(b)]).toEqual([true, false]);
  await silence(a);
  expect([await found(a), await found(b)]).toEqual([true, true]);
});
