import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findUserByEmail, hasAdmin } from '../../../db/users.ts';
import { LoginSite } from '../../support/login-site.ts';
import { makeUser } from '../../support/rows.ts';
import { FirstAdmin } from '../../../server/auth/accounts/first-admin.ts';

const ADMIN = { email: 'admin@example.org', password: 'a long password' };
const OTHER = { email: 'other@example.org', password: 'a long password' };
const closed = { name: 'ProtocolError', code: 'setup_closed' };

let site: LoginSite;
beforeAll(async () => {
  site = await LoginSite.open('pglite');
});
afterAll(() => site.close());
beforeEach(async () => {
  await site.database.db.deleteFrom('logins').execute();
  await site.database.db.deleteFrom('users').execute();
});

const firstAdmin = () => new FirstAdmin(site.database.db, site.passwords);
const admins = async () =>
  (await site.database.db.selectFrom('users').select('email').where('role', '=', 'admin').execute()).map(
    (row) => row.email,
  );

describe('the first admin from the environment', () => {
  test('is created once and can log in; no link is printed', async () => {
    expect(await firstAdmin().prepare(ADMIN)).toBeUndefined();
    expect(await firstAdmin().prepare({ ...ADMIN, password: 'another password' })).toBeUndefined();
    expect(await site.logins.login(ADMIN, { address: '192.0.2.1' })).toMatchObject({ user: { role: 'admin' } });
    expect(await admins()).toEqual([ADMIN.email]);
  });

  test('is created once by two servers that start at the same time', async () => {
    expect(await Promise.all([firstAdmin().prepare(ADMIN), firstAdmin().prepare(ADMIN)])).toEqual([
      undefined,
      undefined,
    ]);
    expect(await admins()).toEqual([ADMIN.email]);
  });

  test('does not promote a student with that address; the start logs it', async () => {
    await makeUser(site.database.db, 'student', { email: ADMIN.email });
    await expect(firstAdmin().prepare(ADMIN)).rejects.toMatchObject({ code: 'email_taken' });
    expect(await hasAdmin(site.database.db)).toBe(false);
  });
});

describe('the first admin by link', () => {
  test('is created once, and then the link is void', async () => {
    const first = firstAdmin();
    const token = (await first.prepare(undefined))!;
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(await first.redeem(token, ADMIN)).toMatchObject({ email: ADMIN.email, name: ADMIN.email, role: 'admin' });
    await expect(first.redeem(token, OTHER)).rejects.toMatchObject(closed);
    expect(await admins()).toEqual([ADMIN.email]);
  });

  test('is created for only one of two concurrent uses of the link', async () => {
    const first = firstAdmin();
    const token = (await first.prepare(undefined))!;
    const results = await Promise.allSettled([first.redeem(token, ADMIN), first.redeem(token, OTHER)]);
    expect(results.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await admins()).toHaveLength(1);
  });

  test('is not created by a wrong token, which does not use up the link', async () => {
    const first = firstAdmin();
    const token = (await first.prepare(undefined))!;
    for (const wrong of ['', token.slice(1), `${token}x`])
      await expect(first.redeem(wrong, ADMIN)).rejects.toMatchObject(closed);
    expect(await first.redeem(token, ADMIN)).toMatchObject({ role: 'admin' });
  });

  test('can correct a taken address with the same link', async () => {
    await makeUser(site.database.db, 'student', { email: OTHER.email });
    const first = firstAdmin();
    const token = (await first.prepare(undefined))!;
    await expect(first.redeem(token, OTHER)).rejects.toMatchObject({ code: 'email_taken' });
    expect((await findUserByEmail(site.database.db, OTHER.email))?.role).toBe('student');
    expect(await first.redeem(token, ADMIN)).toMatchObject({ role: 'admin' });
  });

  test('is not created by a link that is older than 24 hours', async () => {
    let now = Date.now();
    const first = new FirstAdmin(site.database.db, site.passwords, () => now);
    const token = (await first.prepare(undefined))!;
    now += 24 * 60 * 60_000;
    await expect(first.redeem(token, ADMIN)).rejects.toMatchObject(closed);
    now -= 1;
    expect(await first.redeem(token, ADMIN)).toMatchObject({ role: 'admin' });
  });

  test('is not created if another admin was created meanwhile', async () => {
    const first = firstAdmin();
    const token = (await first.prepare(undefined))!;
    await makeUser(site.database.db, 'admin');
    await expect(first.redeem(token, ADMIN)).rejects.toMatchObject(closed);
  });

  test('gets no link if an admin exists', async () => {
    await makeUser(site.database.db, 'admin');
    const first = firstAdmin();
    expect(await first.prepare(undefined)).toBeUndefined();
    await expect(first.redeem('', ADMIN)).rejects.toMatchObject(closed);
  });
});
