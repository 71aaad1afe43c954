import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import type { Db } from '../../db/executor.ts';
import { deleteExpiredTickets, markTicketUsed } from '../../db/used-tickets.ts';
import { findUser, findUserByEmail, hasAdmin, insertUser } from '../../db/users.ts';
import { makeUser, T0 } from '../support/rows.ts';

export function accounts(database: () => Db): void {
  test('a user is found by id and by address, with what was written', async () => {
    const user = await makeUser(database(), 'proctor', { name: 'Łukasz "漢" O\'Neil' });
    expect(user).toMatchObject({ role: 'proctor', name: 'Łukasz "漢" O\'Neil', disabled_at: null });
    expect(user.created_at).toBeInstanceOf(Date);
    expect(await findUser(database(), user.id)).toEqual(user);
    expect(await findUserByEmail(database(), user.email)).toEqual(user);
    expect(await findUserByEmail(database(), 'nobody@example.org')).toBeUndefined();
  });

  test('an address belongs to one user: the second is told, and the first stays as it is', async () => {
    const first = await makeUser(database());
    const second = { id: uuidv7(), email: first.email, name: 'Other', role: 'admin', password_hash: 'x' } as const;
    expect(await insertUser(database(), second)).toBeUndefined();
    expect(await findUserByEmail(database(), first.email)).toEqual(first);
  });

  test('of many that register one address at once, one gets it', async () => {
    const email = `${uuidv7()}@example.org`;
    const made = await Promise.all(
      Array.from({ length: 8 }, () => insertUser(database(), { id: uuidv7(), email, name: 'N', role: 'student', password_hash: 'x' })),
    );
    expect(made.filter((user) => user !== undefined)).toHaveLength(1);
  });

  test('a disabled admin does not count as one', async () => {
    await database().updateTable('users').set({ disabled_at: new Date(T0) }).where('role', '=', 'admin').execute();
    const admin = await makeUser(database(), 'admin');
    expect(await hasAdmin(database())).toBe(true);
    await database().updateTable('users').set({ disabled_at: new Date(T0) }).where('id', '=', admin.id).execute();
    expect(await hasAdmin(database())).toBe(false);
  });

  test('a ticket is used once (C3)', async () => {
    const id = randomUUID();
    expect(await markTicketUsed(database(), id, new Date(T0))).toBe(true);
    expect(await markTicketUsed(database(), id, new Date(T0))).toBe(false);
  });

  test('of many that use a ticket at once, one does (C3)', async () => {
    const id = randomUUID();
    const used = await Promise.all(Array.from({ length: 10 }, () => markTicketUsed(database(), id, new Date(T0))));
    expect(used.filter(Boolean)).toHaveLength(1);
  });

  test('sweeping forgets tickets that are too old to be used anyway, and no others', async () => {
    const [old, fresh] = [randomUUID(), randomUUID()];
    await markTicketUsed(database(), old, new Date(T0 + 30_000));
    await markTicketUsed(database(), fresh, new Date(T0 + 30_001));
    await deleteExpiredTickets(database(), new Date(T0 + 30_000));
    expect(await markTicketUsed(database(), old, new Date(T0))).toBe(true);
    expect(await markTicketUsed(database(), fresh, new Date(T0))).toBe(false);
  });
}
