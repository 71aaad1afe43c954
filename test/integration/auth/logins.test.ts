import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { KINDS } from '../../support/databases.ts';
import { LoginSite } from '../../support/login-site.ts';
import { isLoginOver, T0 } from '../../support/rows.ts';
import type { Tokens } from '../../../protocol/http/accounts.ts';
import { findLogin, type LoginKey } from '../../../db/logins.ts';
import { authenticate } from '../../../server/auth/logins/authenticate.ts';
import { randomToken } from '../../../server/auth/logins/tokens.ts';

const PASSWORD = 'correct horse';
const HERE = '192.0.2.1';
const reused = { name: 'ProtocolError', code: 'refresh_reused' };
const gone = { name: 'ProtocolError', code: 'unauthenticated' };

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`logins over ${title}`, () => {
    let site: LoginSite;
    beforeAll(async () => (site = await LoginSite.open(kind)));
    afterAll(() => site?.close());
    beforeEach(() => {
      site.now = T0;
      site.ended.length = 0;
    });

    const find = ({ userId, loginId }: LoginKey) => findLogin(site.database.db, userId, loginId);
    const bearer = ({ accessToken }: Tokens) => authenticate(find, site.access, `Bearer ${accessToken}`);
    const refresh = ({ refreshToken }: Tokens) => site.logins.refresh(refreshToken);
    const loginOf = async (tokens: Tokens) => (await site.access.verify(tokens.accessToken)).loginId;

    async function begin() {
      const user = await site.user(PASSWORD);
      const tokens = await site.logins.begin(user, { address: HERE });
      return { user, tokens, loginId: await loginOf(tokens) };
    }

    describe('logging in', () => {
      test('returns tokens of a new login and nothing of the password', async () => {
        const user = await site.user(PASSWORD);
        const [one, two] = [
          await site.logins.login({ email: user.email, password: PASSWORD }, { address: HERE }),
          await site.logins.login({ email: user.email, password: PASSWORD }, { address: HERE }),
        ];
        expect(one).toMatchObject({ expiresIn: 900, user: { id: user.id, email: user.email, role: 'student' } });
        expect(JSON.stringify(one)).not.toContain('argon2');
        expect(await loginOf(one)).not.toBe(await loginOf(two));
        expect(await bearer(one)).toMatchObject({ userId: user.id, role: 'student' });
      });

      test('with a wrong password or for an unknown account is refused with the same message', async () => {
        const user = await site.user(PASSWORD);
        const refusals = [
          site.logins.login({ email: user.email, password: 'wrong' }, { address: HERE }),
          site.logins.login({ email: 'nobody@example.org', password: PASSWORD }, { address: HERE }),
        ];
        const [wrong, none] = await Promise.all(
          refusals.map((login) => login.catch((error: unknown) => error as Error & { code: string })),
        );
        expect(wrong).toMatchObject({ code: 'bad_credentials' });
        expect(none).toMatchObject({ code: 'bad_credentials', message: (wrong as Error).message });
      });

      test('is limited for an attacker, and the owner can log in from elsewhere', async () => {
        const user = await site.user(PASSWORD);
        for (let i = 0; i < 5; i++)
          await expect(
            site.logins.login({ email: user.email, password: 'guess' }, { address: '203.0.113.9' }),
          ).rejects.toMatchObject({ code: 'bad_credentials' });
        await expect(
          site.logins.login({ email: user.email, password: PASSWORD }, { address: '203.0.113.9' }),
        ).rejects.toMatchObject({ code: 'rate_limited' });
        expect(await site.logins.login({ email: user.email, password: PASSWORD }, { address: HERE })).toMatchObject({
          user: { id: user.id },
        });
      });

      test('does not count as a failure if the database failed before the password check', async () => {
        for (let i = 0; i < 8; i++) {
          const error = await site.logins
            .login({ email: 'what no database takes\0', password: PASSWORD }, { address: HERE })
            .catch((reason: unknown) => reason);
          expect(error).toBeInstanceOf(Error);
          expect(error).not.toHaveProperty('name', 'ProtocolError');
        }
      });

      test('to a disabled account is refused and its tokens stop working at once', async () => {
        const { user, tokens } = await begin();
        await site.database.db
          .updateTable('users')
          .set({ disabled_at: new Date(T0) })
          .where('id', '=', user.id)
          .execute();
        await expect(
          site.logins.login({ email: user.email, password: PASSWORD }, { address: HERE }),
        ).rejects.toMatchObject({ code: 'account_disabled' });
        await expect(bearer(tokens)).rejects.toMatchObject({ code: 'account_disabled' });
        await expect(refresh(tokens)).rejects.toMatchObject({ code: 'account_disabled' });
      });
    });

    describe('logging in to an account that is being disabled', () => {
      test('issues no tokens after a correct password', async () => {
        const user = await site.user(PASSWORD);
        await site.database.db
          .updateTable('users')
          .set({ disabled_at: new Date(T0) })
          .where('id', '=', user.id)
          .execute();
        await expect(site.logins.begin(user, { address: HERE })).rejects.toMatchObject({ code: 'account_disabled' });
        expect(
          await site.database.db.selectFrom('logins').select('id').where('user_id', '=', user.id).execute(),
        ).toEqual([]);
      });
    });

    describe('refreshing', () => {
      test('rotates the tokens of the same login any number of times', async () => {
        const { tokens, loginId } = await begin();
        let newest = tokens;
        for (let i = 0; i < 5; i++) {
          site.now += 20_000;
          newest = await refresh(newest);
          expect(await loginOf(newest)).toBe(loginId);
        }
        expect(await bearer(newest)).toMatchObject({ loginId });
      });

      test('with a token used two minutes before ends the login and notifies its sockets', async () => {
        const { tokens, loginId } = await begin();
        const child = await refresh(tokens);
        site.now += 120_001;
        await expect(refresh(tokens)).rejects.toMatchObject(reused);
        expect(site.ended).toEqual([loginId]);
        await expect(refresh(child)).rejects.toMatchObject(reused);
        await expect(bearer(child)).rejects.toMatchObject(gone);
      });

      test('can be repeated within 10 s with the same response', async () => {
        const { tokens, loginId } = await begin();
        const lost = await refresh(tokens);
        site.now += 10_000;
        const again = await refresh(tokens);
        expect(again.refreshToken).toBe(lost.refreshToken);
        site.now += 200_000;
        await expect(refresh(again)).resolves.toMatchObject({ expiresIn: 900 });
        expect(await isLoginOver(site.database.db, loginId)).toBe(false);
      });

      test('by two tabs with one token within 10 s leaves both with one token', async () => {
        const { tokens, loginId } = await begin();
        let held = tokens;
        for (let round = 0; round < 4; round++) {
          const one = await refresh(held);
          site.now += 9000;
          const two = await refresh(held);
          expect(two.refreshToken).toBe(one.refreshToken);
          held = two;
          site.now += 14 * 60_000;
        }
        expect(await isLoginOver(site.database.db, loginId)).toBe(false);
      });

      test.each([10_001, 60_000, 120_000])(
        'again %i ms after the first renewal is refused without ending the login',
        async (apart) => {
          const { tokens } = await begin();
          const child = await refresh(tokens);
          site.now += apart;
          await expect(refresh(tokens)).rejects.toMatchObject({ code: 'refresh_raced', retryable: false });
          expect(site.ended).toEqual([]);
          expect(await bearer(child)).toBeTruthy();
          await expect(refresh(child)).resolves.toMatchObject({ expiresIn: 900 });
        },
      );

      test('with a token older than the previous one ends the login', async () => {
        const { tokens, loginId } = await begin();
        const grandchild = await refresh(await refresh(tokens));
        await expect(refresh(tokens)).rejects.toMatchObject(reused);
        await expect(refresh(grandchild)).rejects.toMatchObject(reused);
        expect(site.ended).toContain(loginId);
      });

      test('twenty times concurrently with one token returns the same token', async () => {
        const { tokens, loginId } = await begin();
        const given = await Promise.all(Array.from({ length: 20 }, () => refresh(tokens)));
        expect(new Set(given.map(({ refreshToken }) => refreshToken)).size).toBe(1);
        expect(new Set(await Promise.all(given.map(loginOf)))).toEqual(new Set([loginId]));
        expect(await isLoginOver(site.database.db, loginId)).toBe(false);
      });

      test('is refused after thirty days without a renewal', async () => {
        const { tokens } = await begin();
        site.now += 30 * 24 * 3_600_000;
        await expect(refresh(tokens)).rejects.toMatchObject({ code: 'token_expired' });
      });

      test('with an invalid token is refused and ends nothing', async () => {
        const { tokens } = await begin();
        for (const token of [randomToken(), tokens.accessToken, ''])
          await expect(site.logins.refresh(token)).rejects.toMatchObject(gone);
        expect(site.ended).toEqual([]);
      });
    });

    describe('storage', () => {
      test('of a login renewed 300 times stays one row, read by its key', async () => {
        const { tokens, loginId } = await begin();
        let newest = tokens;
        for (let i = 0; i < 300; i++) newest = await refresh(newest);
        const { db } = site.database;
        expect(await db.selectFrom('logins').select('generation').where('id', '=', loginId).execute()).toEqual([
          { generation: 300 },
        ]);
        const tables = await sql<{
          name: string;
        }>`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_name LIKE '%token%'`.execute(
          db,
        );
        for (const { name } of tables.rows)
          expect((await sql`SELECT FROM ${sql.table(name)}`.execute(db)).rows, name).toEqual([]);
        const plan = await db.transaction().execute(async (tx) => {
          await sql`SET LOCAL enable_seqscan = off`.execute(tx);
          return JSON.stringify(
            (
              await sql`EXPLAIN UPDATE logins SET generation = 301 WHERE id = ${loginId} AND generation = 300 AND ended_at IS NULL`.execute(
                tx,
              )
            ).rows,
          );
        });
        expect(plan).toContain('logins_pkey');
        await expect(refresh(tokens)).rejects.toMatchObject(reused);
      });

      test('of an ended login is deleted a day later; its tokens are still distinguished from forged ones', async () => {
        const [over, live] = [await begin(), await begin()];
        await site.logins.logout({ id: over.loginId, user_id: over.user.id }, HERE);
        site.now += 24 * 3_600_000 + 1;
        await site.logins.forgetFinished();
        const ids = (await site.database.db.selectFrom('logins').select('id').execute()).map(({ id }) => id);
        expect([ids.includes(over.loginId), ids.includes(live.loginId)]).toEqual([false, true]);
        await expect(refresh(over.tokens)).rejects.toMatchObject({ code: 'token_expired', refusal: undefined });
        await expect(refresh({ ...over.tokens, refreshToken: 'A'.repeat(86) })).rejects.toMatchObject({
          code: 'unauthenticated',
          refusal: { kind: 'token_forged' },
        });
      });
    });

    describe('logging out (C9)', () => {
      test('ends that login at once and no other of the user', async () => {
        const { user, tokens, loginId } = await begin();
        const other = await site.logins.begin(user, { address: HERE });
        await site.logins.logout({ id: loginId, user_id: user.id }, HERE);
        expect(site.ended).toEqual([loginId]);
        await expect(bearer(tokens)).rejects.toMatchObject(gone);
        await expect(refresh(tokens)).rejects.toMatchObject(reused);
        expect(await bearer(other)).toMatchObject({ userId: user.id });
      });

      test('during a refresh leaves no valid token', async () => {
        for (let round = 0; round < 10; round++) {
          const { user, tokens, loginId } = await begin();
          await Promise.allSettled([
            refresh(tokens),
            refresh(tokens),
            site.logins.logout({ id: loginId, user_id: user.id }, HERE),
            refresh(tokens),
          ]);
          expect(await isLoginOver(site.database.db, loginId), `round ${round}`).toBe(true);
        }
      });
    });

    test.each(['', 'Bearer', 'Bearer ', 'Basic dTpw', 'Bearer a b', 'Bearer ..'])(
      'the Authorization header %j is refused',
      async (header) => {
        await expect(authenticate(find, site.access, header)).rejects.toMatchObject(gone);
      },
    );
  });
}
