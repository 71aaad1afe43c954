import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { listEvents, saveEvents } from '../../../db/events.ts';
import type { Db } from '../../../db/executor.ts';
import { migrate } from '../../../db/migrate.ts';
import { saveTotals } from '../../../db/sessions.ts';
import { makeEvent, makeSession, makeUser, T0, totalsOf } from '../../support/rows.ts';

export function values(database: () => Db): void {
  async function roundTrip(changed: Parameters<typeof makeEvent>[1]) {
    const { id } = await makeSession(database());
    await saveEvents(database(), [makeEvent(id, changed)]);
    return (await listEvents(database(), { session: id, limit: 1 }))[0]!;
  }

  test('migrating again changes nothing', async () => {
    const user = await makeUser(database());
    expect(await migrate(database())).toEqual([]);
    const found = await database().selectFrom('users').select('id').where('id', '=', user.id).executeTakeFirst();
    expect(found?.id).toBe(user.id);
  });

  test.each([
    ['nested', { a: { b: [1, [2, { c: null }]], d: {} }, e: [], f: true }],
    ['quotes and backslashes', { "'": '"\\" \\u0041 \\n', "'; DROP TABLE events; --": '$1 ? :x $$' }],
    ['unicode', { 名前: 'Zoë 👩‍🎓 \u0001\u200d\uffff', text: 'é != e\u0301' }],
    ['numbers', { int: 2 ** 53, small: 5e-324, large: 1e308, negative: -0.1, zero: 0 }],
    ['empty', {}],
    ['long', { text: 'x'.repeat(100_000) }],
  ])('details come back as they went: %s', async (_name, details) => {
    expect((await roundTrip({ details })).details).toEqual(details);
  });

  test.each([
    ['with milliseconds', new Date(T0)],
    ['before 1970', new Date(-86_400_001)],
    ['in a far year', new Date('2999-12-31T23:59:59.999Z')],
    ['in the hour that a change of the clocks repeats', new Date('2026-10-25T01:30:00.007Z')],
  ])('times come back to the millisecond: %s', async (_name, at) => {
    const row = await roundTrip({ started_at: at, ended_at: at });
    expect([row.started_at, row.ended_at]).toEqual([at, at]);
  });

  test('fractions read back exactly', async () => {
    const { id } = await makeSession(database());
    await saveEvents(database(), [makeEvent(id, { confidence: Math.PI / 4, weight: 0.1 })]);
    expect((await listEvents(database(), { session: id, limit: 1 }))[0]).toMatchObject({
      confidence: Math.PI / 4,
      weight: 0.1,
    });
  });

  test.each([
    ['U+0000 in a detail', { details: { text: 'a\u0000b' } }],
    ['U+0000 in a key', { details: { 'a\u0000': 1 } }],
    ['half a surrogate pair', { details: { text: '\ud800' } }],
    ['a duration beyond an integer', { duration_ms: 2 ** 31 }],
    ['a date that is none', { started_at: 'yesterday or so' as unknown as Date }],
    ['an id that is none', { id: 'x' }],
  ])('%s is refused by SQLSTATE class 22, and the connection goes on', async (_name, changed) => {
    await expect(roundTrip(changed)).rejects.toMatchObject({ code: expect.stringMatching(/^22/) });
    expect(await roundTrip({})).toMatchObject({ seq: 1 });
  });

  test('an event of an unknown session is refused with SQLSTATE class 23', async () => {
    const saving = saveEvents(database(), [makeEvent('0191f0a0-0000-7000-8000-00000000dead')]);
    await expect(saving).rejects.toMatchObject({ code: '23503' });
  });

  test('a transaction that throws is rolled back and rethrows the error', async () => {
    const row = await makeSession(database());
    const failing = database()
      .transaction()
      .execute(async (tx) => {
        await saveTotals(tx, [totalsOf(row, { risk_score: 50 })]);
        await saveEvents(tx, [makeEvent(row.id)]);
        throw new Error('after both');
      });
    await expect(failing).rejects.toThrow('after both');
    expect(await listEvents(database(), { session: row.id, limit: 10 })).toEqual([]);
    const after = await database()
      .selectFrom('sessions')
      .select('risk_score')
      .where('id', '=', row.id)
      .executeTakeFirst();
    expect(after?.risk_score).toBe(0);
  });

  test('a transaction with a refused statement is rolled back completely', async () => {
    const row = await makeSession(database());
    const failing = database()
      .transaction()
      .execute(async (tx) => {
        await saveEvents(tx, [makeEvent(row.id)]);
        await sql`SELECT 1 / 0`.execute(tx);
      });
    await expect(failing).rejects.toMatchObject({ code: '22012' });
    expect(await listEvents(database(), { session: row.id, limit: 10 })).toEqual([]);
  });
}
