import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { appendAudit, appendAudits, type NewAuditEntry } from '../../../db/audit/append.ts';
import { listActs, listChain, summariseAudit } from '../../../db/audit/lists.ts';
import type { Db, Executor } from '../../../db/executor.ts';
import type { AuditVerification } from '../../../protocol/http/audit.ts';
import { T0 } from '../../support/rows.ts';
import { TreeLog } from '../../support/tree-log.ts';

const act = (entityId: string, more: Partial<NewAuditEntry> = {}): NewAuditEntry => ({
  type: 'USER_ROLE_CHANGED',
  entityId,
  actor: null,
  at: new Date(T0),
  payload: { from: 'student', to: 'proctor' },
  ...more,
});

class Undo extends Error {}

export function audit(database: () => Db): void {
  let log: TreeLog;
  beforeAll(async () => {
    log = await TreeLog.open(database());
  });
  afterAll(() => log.remove());
  const append = (...entries: NewAuditEntry[]) =>
    database()
      .transaction()
      .execute((tx) => appendAudits(tx, entries));
  const chain = (entityId: string, ex: Executor = database()) =>
    listChain(ex, { entityType: 'user', entityId }, { afterPosition: 0, limit: 200 });

  /** What `verify` says of a log that somebody changed who owns the tables; the change is undone. */
  async function verifyAfter(change: (ex: Executor) => Promise<unknown>) {
    let result: AuditVerification | undefined;
    const tampered = database()
      .transaction()
      .execute(async (tx) => {
        for (const table of ['entries', 'heads', 'leaves', 'tiles', 'checkpoints'])
          await sql`ALTER TABLE ${sql.table(`audit_${table}`)} DISABLE TRIGGER USER`.execute(tx);
        await change(tx);
        result = await log.verify(tx);
        throw new Undo();
      });
    await expect(tampered).rejects.toBeInstanceOf(Undo);
    return result!;
  }

  test('an entry reads back with the hashed bytes and links to its predecessor', async () => {
    const [user, actor] = [uuidv7(), uuidv7()];
    await append(act(user, { actor }));
    await append(act(user, { type: 'USER_DISABLED', payload: {} }));
    const rows = await chain(user);
    expect(rows).toMatchObject([
      { entity_type: 'user', position: 1, event_type: 'USER_ROLE_CHANGED', actor, at: new Date(T0) },
      { position: 2, event_type: 'USER_DISABLED', actor: null },
    ]);
    expect(Buffer.from(rows[0]!.payload).toString()).toBe('{"from":"student","to":"proctor"}');
    expect([...rows[0]!.prev_hash]).toEqual(Array.from({ length: 32 }, () => 0));
    expect([...rows[1]!.prev_hash]).toEqual([...rows[0]!.hash]);
    expect([...rows[0]!.salt]).not.toEqual([...rows[1]!.salt]);
    expect(await log.verify()).toMatchObject({ valid: true });
  });

  test('acts on several objects in one append go to the chain of each', async () => {
    const [a, b] = [uuidv7(), uuidv7()];
    await append(act(a), act(b), act(a, { type: 'USER_DISABLED' }));
    expect((await chain(a)).map((row) => row.event_type)).toEqual(['USER_ROLE_CHANGED', 'USER_DISABLED']);
    expect((await chain(b)).map((row) => row.position)).toEqual([1]);
  });

  test('an act of a repeated transaction is in the log once', async () => {
    const user = uuidv7();
    const once = act(user, { id: uuidv7() });
    expect(await append(once)).toHaveLength(1);
    expect(await append(once, act(user))).toHaveLength(1);
    expect(await append(once)).toEqual([]);
    expect((await chain(user)).map((row) => row.position)).toEqual([1, 2]);
  });

  test('an act that is rolled back leaves no entry and no gap', async () => {
    const user = uuidv7();
    await append(act(user));
    const failed = database()
      .transaction()
      .execute(async (tx) => {
        await appendAudit(tx, act(user));
        throw new Undo();
      });
    await expect(failed).rejects.toBeInstanceOf(Undo);
    await append(act(user));
    expect((await chain(user)).map((row) => row.position)).toEqual([1, 2]);
  });

  test('concurrent appends to one chain all succeed without a fork', async () => {
    const [user, other] = [uuidv7(), uuidv7()];
    await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        i % 2 === 0 ? append(act(user), act(other)) : append(act(other), act(user)),
      ),
    );
    for (const id of [user, other])
      expect((await chain(id)).map((row) => row.position)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(await log.verify()).toMatchObject({ valid: true });
  });

  test.each([
    ['UPDATE', sql`UPDATE audit_entries SET event_type = 'GENESIS'`],
    ['DELETE', sql`DELETE FROM audit_entries`],
    ['TRUNCATE', sql`TRUNCATE audit_entries`],
    ['DELETE of heads', sql`DELETE FROM audit_heads`],
    ['TRUNCATE of heads', sql`TRUNCATE audit_heads`],
  ])('%s is refused', async (_name, statement) => {
    await append(act(uuidv7()));
    const before = await summariseAudit(database());
    await expect(statement.execute(database())).rejects.toMatchObject({ code: '42501' });
    expect((await summariseAudit(database())).entries).toBe(before.entries);
  });

  test('acts of a type are listed newest first, in pages', async () => {
    const user = uuidv7();
    for (let i = 0; i < 3; i++) await append(act(user, { type: 'USER_ENABLED' }));
    const [third, second] = await listActs(database(), 'USER_ENABLED', { cursor: undefined, limit: 2 });
    expect([third!.position, second!.position]).toEqual([3, 2]);
    expect(await listActs(database(), 'USER_ENABLED', { cursor: second!.id, limit: 2 })).toMatchObject([
      { entity_id: user, position: 1 },
    ]);
  });

  test('verify reports the first tampered entry', async () => {
    const user = uuidv7();
    for (let i = 0; i < 5; i++) await append(act(user));
    const of = (position: number) => sql`entity_id = ${user} AND position = ${position}`;
    const bad = (position: number, reason: string) => ({
      valid: false,
      firstBad: { entityType: 'user', entityId: user, position, reason },
    });

    expect(
      await verifyAfter((ex) =>
        sql`UPDATE audit_entries SET payload = set_byte(payload, 9, 70) WHERE ${of(2)}`.execute(ex),
      ),
    ).toMatchObject(bad(2, 'payload'));
    expect(
      await verifyAfter((ex) =>
        sql`UPDATE audit_entries SET salt = set_byte(salt, 0, (get_byte(salt, 0) + 1) % 256) WHERE ${of(1)}`.execute(
          ex,
        ),
      ),
    ).toMatchObject(bad(1, 'payload'));
    for (const change of [
      sql`event_type = 'USER_ENABLED'`,
      sql`actor = id`,
      sql`at = at + interval '1 millisecond'`,
      sql`at = at + interval '1 microsecond'`,
      sql`at = 'infinity'`,
      sql`at = '200000-01-01T00:00:00Z'`,
      sql`hash = digest`,
    ]) {
      expect(
        await verifyAfter((ex) => sql`UPDATE audit_entries SET ${change} WHERE ${of(3)}`.execute(ex)),
      ).toMatchObject(bad(3, 'hash'));
    }
    expect(await verifyAfter((ex) => sql`DELETE FROM audit_entries WHERE ${of(4)}`.execute(ex))).toMatchObject(
      bad(4, 'missing'),
    );
    expect(await verifyAfter((ex) => sql`DELETE FROM audit_entries WHERE ${of(5)}`.execute(ex))).toMatchObject(
      bad(5, 'missing'),
    );
    expect(
      await verifyAfter((ex) => sql`DELETE FROM audit_entries WHERE entity_id = ${user}`.execute(ex)),
    ).toMatchObject(bad(5, 'missing'));
    expect(
      await verifyAfter(async (ex) => {
        await sql`UPDATE audit_entries SET position = -1 WHERE ${of(2)}`.execute(ex);
        await sql`UPDATE audit_entries SET position = 2 WHERE ${of(3)}`.execute(ex);
        await sql`UPDATE audit_entries SET position = 3 WHERE ${of(-1)}`.execute(ex);
      }),
    ).toMatchObject(bad(2, 'link'));
    expect(
      await verifyAfter((ex) => sql`UPDATE audit_heads SET length = 4 WHERE entity_id = ${user}`.execute(ex)),
    ).toMatchObject(bad(5, 'head'));
    expect(await verifyAfter((ex) => sql`DELETE FROM audit_heads WHERE entity_id = ${user}`.execute(ex))).toMatchObject(
      bad(5, 'head'),
    );
    expect(await log.verify()).toMatchObject({ valid: true });
  });

  test('verify reads chains longer than its page size', async () => {
    const user = uuidv7();
    await append(...Array.from({ length: 1100 }, () => act(user)));
    const { entries } = await summariseAudit(database());
    expect(await log.verify()).toMatchObject({ valid: true, checked: entries });
    expect(
      await verifyAfter((ex) =>
        sql`UPDATE audit_entries SET actor = id WHERE entity_id = ${user} AND position = 1001`.execute(ex),
      ),
    ).toMatchObject({
      valid: false,
      firstBad: { entityId: user, position: 1001, reason: 'hash' },
    });
  });
}
