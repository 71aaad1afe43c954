import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AddedFactor, TotpSetup } from '../../protocol/http/second-factors.ts';
import { makeResetLink } from '../../server/auth/passwords/reset-command.ts';
import type { Api } from '../support/api.ts';
import { createDatabase, KINDS, type TestDatabase } from '../support/databases.ts';
import { greet } from '../support/raw-socket.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const json = (value: unknown) => ({ body: JSON.stringify(value), headers: { 'content-type': 'application/json' } });
const NEXT = 'a password of my own';
const tokenOf = (path: string) => path.split('#reset=')[1] ?? '';

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(title, () => {
    let database: TestDatabase;
    let site: TestServer;
    let ahead = 0;
    beforeAll(async () => {
      database = await createDatabase(kind);
      site = await startTestServer({ kind, database, overrides: { clock: () => Date.now() + ahead } });
    });
    afterAll(async () => {
      await site?.close();
      await database?.remove();
    });
    const redeem = (token: string, newPassword = NEXT) =>
      site.api().send('POST', '/api/auth/reset', json({ token, newPassword }));
    const change = (api: Api, currentPassword: string, newPassword: string) =>
      api.send('POST', '/api/auth/password', json({ currentPassword, newPassword }));
    const linkFor = async (id: string, body: object = {}) =>
      tokenOf((await site.admin.post<{ path: string }>(`/api/users/${id}/reset`, body)).path);
    const reach = () => ({
      dataDir: database.dataDir,
      databaseUrl: database.url,
      host: '127.0.0.1',
      port: 8080,
      publicUrls: [],
      basePath: '',
    });
    const byCommand = async (email: string, removeFactors = false) =>
      (await makeResetLink(email, { removeFactors }, reach())).link;

    describe('changing the own password', () => {
      test('keeps this login and ends the others with their sockets', async () => {
        const student = await site.student();
        const { email } = student.tokens!.user;
        const elsewhere = site.api();
        await elsewhere.login(email, "Student's password");
        const session = await elsewhere.startSession((await site.admin.createExam()).id);
        const exam = await greet(site.url, await elsewhere.examTicket(session.id));
        const link = await linkFor(student.userId);
        expect(await change(student, "Student's password", NEXT)).toMatchObject({ status: 204 });
        expect(await exam.closed()).toBe(4401);
        expect(await student.get('/api/auth/me')).toMatchObject({ email });
        await expect(elsewhere.get('/api/auth/me')).rejects.toMatchObject({ status: 401 });
        await expect(site.api().login(email, "Student's password")).rejects.toMatchObject({ code: 'bad_credentials' });
        await site.api().login(email, NEXT);
        expect(await redeem(link), 'a link of before').toMatchObject({ status: 403, body: { code: 'reset_closed' } });
      });

      test('requires the current password and a different, strong one', async () => {
        const student = await site.student();
        const { email } = student.tokens!.user;
        expect(await change(student, 'not this one', NEXT)).toMatchObject({
          status: 403,
          body: { code: 'wrong_password', ref: 'body.currentPassword' },
        });
        for (const weak of ['password', '12345678', email, "Student's password"]) {
          expect(await change(student, "Student's password", weak), weak).toMatchObject({
            status: 400,
            body: { code: 'weak_password', errors: [{ field: 'body.newPassword' }] },
          });
        }
        await site.api().login(email, "Student's password");
      });

      test('limits guesses like a login', async () => {
        const student = await site.student();
        for (let i = 0; i < 5; i++) expect(await change(student, `guess ${i}`, NEXT)).toMatchObject({ status: 403 });
        expect(await change(student, "Student's password", NEXT)).toMatchObject({
          status: 429,
          body: { code: 'rate_limited' },
        });
        expect(await student.send('POST', '/api/auth/step-up', json({ password: "Student's password" }))).toMatchObject(
          { status: 429 },
        );
      });
    });

    describe('a link of an admin', () => {
      test('sets the password once and ends all logins', async () => {
        const student = await site.student();
        const token = await linkFor(student.userId);
        expect(await redeem(token, 'password1'), 'weak').toMatchObject({
          status: 400,
          body: { code: 'weak_password' },
        });
        const answers = await Promise.all([redeem(token), redeem(token, 'another one of mine')]);
        expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 403]);
        await expect(student.get('/api/auth/me')).rejects.toMatchObject({ status: 401 });
        await site.api().login(student.tokens!.user.email, answers[0].status === 204 ? NEXT : 'another one of mine');
        expect(await redeem(token)).toMatchObject({ status: 403, body: { code: 'reset_closed' } });
      });

      test('is valid for a day or until the next link', async () => {
        const student = await site.student();
        const [first, second] = [await linkFor(student.userId), await linkFor(student.userId)];
        expect(await redeem(first)).toMatchObject({ status: 403 });
        ahead += 25 * 3600_000;
        expect(await redeem(second)).toMatchObject({ status: 403, body: { code: 'reset_closed' } });
        ahead = 0;
      });

      test('can be created by admins only and is void for a disabled account', async () => {
        const [student, proctor] = [await site.student(), await site.proctor()];
        for (const api of [student, proctor])
          await expect(api.post(`/api/users/${site.admin.userId}/reset`, {})).rejects.toMatchObject({
            status: 403,
            code: 'forbidden',
          });
        await expect(
          site.admin.post('/api/users/00000000-0000-7000-8000-000000000000/reset', {}),
        ).rejects.toMatchObject({ status: 404 });
        const token = await linkFor(student.userId);
        await site.admin.request('PATCH', `/api/users/${student.userId}`, { disabled: true });
        expect(await redeem(token)).toMatchObject({ status: 403, body: { code: 'account_disabled' } });
      });

      test('keeps second factors unless the admin chooses to remove them', async () => {
        const proctor = await site.proctor();
        const { email } = proctor.tokens!.user;
        const { id, secret } = await proctor.post<TotpSetup>('/api/auth/second-factors/totp', {});
        await proctor.post<AddedFactor>(`/api/auth/second-factors/totp/${id}/confirm`, {
          code: new TOTP({ secret }).generate(),
        });
        expect(await redeem(await linkFor(proctor.userId))).toMatchObject({ status: 204 });
        await expect(site.api().login(email, NEXT)).rejects.toMatchObject({ code: 'second_factor_required' });
        expect(await redeem(await linkFor(proctor.userId, { removeSecondFactors: true }))).toMatchObject({
          status: 204,
        });
        await site.api().login(email, NEXT);
      });

      test.each(['', 'any', 'A'.repeat(43), '../../jwt-secret', '\0'])('%j is none', async (token) => {
        expect((await redeem(token)).status).toBeOneOf([400, 403]);
      });
    });

    describe('npm run account', () => {
      test('creates a link for a locked-out admin beside the running server', async () => {
        const own = await site.admin.post<{ id: string; email: string }>('/api/users', {
          email: 'locked-out@example.org',
          password: 'a long password',
          role: 'admin',
        });
        const link = await byCommand(' Locked-Out@Example.org');
        expect(link).toMatch(/^http:\/\/127\.0\.0\.1:8080\/account#reset=[\w-]{43}$/);
        const answers = await Promise.all([redeem(tokenOf(link)), redeem(tokenOf(link))]);
        expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 403]);
        const api = site.api();
        await api.login(own.email, NEXT);
        expect(api.userId).toBe(own.id);
        expect(await redeem(tokenOf(link))).toMatchObject({ status: 403 });
      });

      test('removes second factors with reset-factors', async () => {
        const proctor = await site.proctor();
        const { email } = proctor.tokens!.user;
        const { id, secret } = await proctor.post<TotpSetup>('/api/auth/second-factors/totp', {});
        await proctor.post<AddedFactor>(`/api/auth/second-factors/totp/${id}/confirm`, {
          code: new TOTP({ secret }).generate(),
        });
        const old = await byCommand(email);
        const link = await byCommand(email, true);
        expect(await redeem(tokenOf(old)), 'replaced').toMatchObject({ status: 403 });
        expect(await redeem(tokenOf(link))).toMatchObject({ status: 204 });
        await site.api().login(email, NEXT);
      });

      test('creates links that expire and are voided by a change of password', async () => {
        const student = await site.student();
        const link = await byCommand(student.tokens!.user.email);
        ahead += 25 * 3600_000;
        expect(await redeem(tokenOf(link))).toMatchObject({ status: 403 });
        ahead = 0;
        expect(await change(student, "Student's password", NEXT)).toMatchObject({ status: 204 });
        expect(await redeem(tokenOf(link))).toMatchObject({ status: 403 });
      });

      test.runIf(kind === 'postgres')('reports an unknown account', async () => {
        await expect(byCommand('nobody@example.org')).rejects.toMatchObject({ code: 'not_made' });
      });

      test.runIf(kind === 'pglite')('stores no token in a file and ignores files that others can write', async () => {
        const student = await site.student();
        const link = await byCommand(student.tokens!.user.email);
        const folder = join(database.dataDir, 'resets');
        const [name = ''] = readdirSync(folder);
        expect(name).toMatch(/^[0-9a-f]{64}\.json$/);
        expect(name + readFileSync(join(folder, name), 'utf8')).not.toContain(tokenOf(link));
        chmodSync(join(folder, name), 0o666);
        expect(await redeem(tokenOf(link))).toMatchObject({ status: 403 });
        chmodSync(join(folder, name), 0o600);
        writeFileSync(join(folder, name), '{"email":');
        expect(await redeem(tokenOf(link))).toMatchObject({ status: 403 });
      });

      test("reports the source of the link's base URL and whether the account was verified", async () => {
        const { email } = (await site.student()).tokens!.user;
        const made = (url: string | undefined, publicUrls: string[]) =>
          makeResetLink(email, { url, removeFactors: false }, { ...reach(), publicUrls });
        const accountFound = kind === 'postgres';
        expect(await made(undefined, [])).toMatchObject({ addressFrom: 'HOST and PORT', accountFound });
        expect(await made(undefined, ['https://exam.example.org'])).toMatchObject({
          addressFrom: 'PUBLIC_URL',
          link: expect.stringMatching(/^https:\/\/exam\.example\.org\/account#/),
        });
        expect(await made('http://127.0.0.1:18090/', ['https://exam.example.org'])).toMatchObject({
          addressFrom: '--url',
          link: expect.stringMatching(/^http:\/\/127\.0\.0\.1:18090\/account#/),
        });
      });
    });
  });
}
