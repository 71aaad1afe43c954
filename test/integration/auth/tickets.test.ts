import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { migrate } from '../../../db/migrate.ts';
import { type OpenDatabase, openDatabase } from '../../../db/open.ts';
import { endLogin, insertLogin } from '../../../db/logins.ts';
import { createDatabase, type TestDatabase } from '../../support/databases.ts';
import { makeUser, newLogin } from '../../support/rows.ts';
import { TICKET_MS, Tickets } from '../../../server/auth/tickets/tickets.ts';
import type { AccessClaims } from '../../../server/auth/logins/tokens.ts';

const SECRET = 'a secret of thirty-two characters';
let files: TestDatabase;
let opened: OpenDatabase;
let now: number;
let who: AccessClaims;
beforeAll(async () => {
  files = await createDatabase('pglite');
  opened = await openDatabase({ url: undefined, dataDir: files.dataDir });
  await migrate(opened.db);
});
afterAll(async () => {
  await opened.close();
  await files.remove();
});
beforeEach(async () => {
  now = Date.UTC(2026, 0, 1);
  const user = await makeUser(opened.db, 'proctor');
  who = { userId: user.id, role: 'proctor', loginId: randomUUID(), expiresAt: new Date(now + 900_000) };
  await insertLogin(opened.db, { ...newLogin(user.id, now), id: who.loginId });
});

const tickets = (secret = SECRET) => new Tickets(opened.db, secret, () => now);
const badTicket = expect.objectContaining({ code: 'bad_ticket' });

describe('a ticket (C3)', () => {
  test('is accepted once', async () => {
    const site = tickets();
    const session = randomUUID();
    const { ticket, url } = site.issue(who, 'exam', session);
    expect(url).toBe('/ws/exam');
    const claims = site.check(ticket, 'exam');
    expect(claims).toMatchObject({
      userId: who.userId,
      loginId: who.loginId,
      sessionId: session,
      authExpiresAt: who.expiresAt.getTime(),
    });
    await site.confirm(claims);
    expect(() => site.check(ticket, 'exam')).toThrow(badTicket);
  });

  test('is valid until the last millisecond of its 30 s', () => {
    const [a, b] = [tickets().issue(who, 'console', undefined), tickets().issue(who, 'console', undefined)];
    now += TICKET_MS - 1;
    tickets().check(a.ticket, 'console');
    now += 1;
    expect(() => tickets().check(b.ticket, 'console')).toThrow(badTicket);
  });

  test('is refused for another purpose, which does not use it up', () => {
    const site = tickets();
    const { ticket } = site.issue(who, 'console', undefined);
    expect(() => site.check(ticket, 'exam')).toThrow(badTicket);
    site.check(ticket, 'console');
  });

  test('of another server is refused', () => {
    const { ticket } = tickets('another secret of thirty-two char').issue(who, 'console', undefined);
    expect(() => tickets().check(ticket, 'console')).toThrow(badTicket);
  });

  test('checked by two processes is confirmed to one', async () => {
    const { ticket } = tickets().issue(who, 'console', undefined);
    const [a, b] = [tickets(), tickets()];
    const results = await Promise.allSettled([
      a.confirm(a.check(ticket, 'console')),
      b.confirm(b.check(ticket, 'console')),
    ]);
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('whose login has ended is not confirmed (C9)', async () => {
    const site = tickets();
    const claims = site.check(site.issue(who, 'console', undefined).ticket, 'console');
    await endLogin(opened.db, who.loginId, new Date(now));
    await expect(site.confirm(claims)).rejects.toMatchObject({ code: 'bad_ticket', close: 4401 });
  });

  test.each([
    ['has been made a student', 'console', { role: 'student' as const }],
    ['has been disabled', 'exam', { disabled_at: new Date(Date.UTC(2026, 0, 1)) }],
  ] as const)('whose user %s meanwhile is not confirmed (C9)', async (_, purpose, change) => {
    const site = tickets();
    const claims = site.check(site.issue(who, purpose, undefined).ticket, purpose);
    await opened.db.updateTable('users').set(change).where('id', '=', who.userId).execute();
    await expect(site.confirm(claims)).rejects.toMatchObject({ code: 'bad_ticket', close: 4401 });
  });

  test('that was used stays used after a sweep until it expires', async () => {
    const site = tickets();
    const { ticket } = site.issue(who, 'console', undefined);
    await site.confirm(site.check(ticket, 'console'));
    now += TICKET_MS - 1;
    await site.sweep();
    expect(() => site.check(ticket, 'console')).toThrow(badTicket);
  });
});
