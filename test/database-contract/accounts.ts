import { expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import type { Db } from '../../db/executor.ts';
import { deleteExpiredTickets, insertTicket, takeTicket, type TicketRow } from '../../db/tickets.ts';
import { findUser, findUserByEmail, hasAdmin, insertUser } from '../../db/users.ts';
import { makeSession, makeUser, randomHash, T0 } from '../support/rows.ts';

async function makeTicket(db: Db, changed: Partial<TicketRow> = {}): Promise<TicketRow> {
  const ticket: TicketRow = {
    hash: randomHash(),
    user_id: (await makeUser(db)).id,
    purpose: 'console',
    session_id: null,
    login_id: uuidv7(),
    auth_expires_at: new Date(T0 + 900_000),
    expires_at: new Date(T0 + 30_000),
    ...changed,
  };
  await insertTicket(db, ticket);
  return ticket;
}

export function accounts(database: () => Db): void {
  const take = (ticket: TicketRow, at = T0, purpose = ticket.purpose) => takeTicket(database(), Buffer.from(ticket.hash), purpose, new Date(at));

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

  test('a ticket is taken once (C3)', async () => {
    const session = await makeSession(database());
    const ticket = await makeTicket(database(), { purpose: 'exam', session_id: session.id, user_id: session.student_id });
    expect(await take(ticket)).toMatchObject({
      user_id: ticket.user_id,
      session_id: session.id,
      login_id: ticket.login_id,
      auth_expires_at: ticket.auth_expires_at,
    });
    expect(await take(ticket)).toBeUndefined();
  });

  test('of many that take a ticket at once, one gets it (C3)', async () => {
    const ticket = await makeTicket(database());
    const taken = await Promise.all(Array.from({ length: 10 }, () => take(ticket)));
    expect(taken.filter((row) => row !== undefined)).toHaveLength(1);
  });

  test('a ticket is good to the last millisecond before its expiry and not after (C3)', async () => {
    const expiry = T0 + 30_000;
    expect(await take(await makeTicket(database()), expiry - 1)).toBeDefined();
    expect(await take(await makeTicket(database()), expiry)).toBeUndefined();
  });

  test('a ticket for one purpose does not serve the other, and is not used up by the try (C3)', async () => {
    const ticket = await makeTicket(database());
    expect(await take(ticket, T0, 'exam')).toBeUndefined();
    expect(await take(ticket)).toBeDefined();
  });

  test('sweeping removes old tickets only', async () => {
    const old = await makeTicket(database());
    const fresh = await makeTicket(database(), { expires_at: new Date(T0 + 60_000) });
    await deleteExpiredTickets(database(), new Date(T0 + 30_000));
    expect(await take(old, T0)).toBeUndefined();
    expect(await take(fresh, T0)).toBeDefined();
  });
}
