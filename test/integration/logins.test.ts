import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Tokens } from '../../protocol/http/accounts.ts';
import { startAttempt, watchExam } from '../support/attempt.ts';
import { createDatabase } from '../support/databases.ts';
import { Api } from '../support/api.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let site: TestServer;
/** The server's clock runs ahead of ours by this much. */
let ahead = 0;
beforeAll(async () => {
  site = await startTestServer({ overrides: { clock: () => Date.now() + ahead } });
});
afterAll(() => site.close());

describe('accounts', () => {
  test('registering creates a student, for any role in the body', async () => {
    const api = site.api();
    const made = await api.post<Tokens>('/api/auth/register', {
      email: 'Eve@Example.org',
      password: 'long enough',
      role: 'admin',
    });
    expect(made.user).toMatchObject({ role: 'student', email: 'eve@example.org' });
    api.tokens = made;
    await expect(api.createExam()).rejects.toMatchObject({ status: 403, code: 'forbidden' });
    await expect(
      site.api().post('/api/auth/register', { email: 'eve@example.org', password: 'another that is long enough' }),
    ).rejects.toMatchObject({ status: 403, code: 'registration_refused' });
  });

  test('a wrong password and an unknown account get the same response', async () => {
    const wrong = await site
      .api()
      .login('admin@example.org', 'not it')
      .catch((error: unknown) => error);
    const unknown = await site
      .api()
      .login('nobody@example.org', 'not it')
      .catch((error: unknown) => error);
    expect(wrong).toMatchObject({ status: 401, code: 'bad_credentials' });
    expect((unknown as { body: object }).body).toEqual((wrong as { body: object }).body);
  });

  test('the sixth wrong password within 15 minutes is not checked', async () => {
    const { email } = (await site.student()).tokens!.user;
    for (let i = 0; i < 5; i++)
      await expect(site.api().login(email, 'wrong')).rejects.toMatchObject({ code: 'bad_credentials' });
    await expect(site.api().login(email, 'wrong')).rejects.toMatchObject({ status: 429, code: 'rate_limited' });
  });

  test('a refresh token rotates, and one rotated twice ends the login', async () => {
    const student = await site.student();
    const first = student.tokens!.refreshToken;
    const second = await student.post<Tokens>('/api/auth/refresh', { refreshToken: first });
    const third = await student.post<Tokens>('/api/auth/refresh', { refreshToken: second.refreshToken });
    await expect(student.post('/api/auth/refresh', { refreshToken: first })).rejects.toMatchObject({
      status: 401,
      code: 'refresh_reused',
    });
    await expect(student.post('/api/auth/refresh', { refreshToken: third.refreshToken })).rejects.toMatchObject({
      status: 401,
    });
    student.tokens = third;
    await expect(student.get('/api/auth/me')).rejects.toMatchObject({ status: 401 });
  });

  test('the first admin is created by a link that works once', async () => {
    const database = await createDatabase('pglite');
    const { readConfig } = await import('../../server/config.ts');
    const { startServer } = await import('../../server/context.ts');
    const { config, secrets } = readConfig({ PORT: '0', DATA_DIR: database.dataDir, LOG_LEVEL: 'silent' });
    const server = await startServer(config, secrets);
    try {
      const link = new URL(server.setupLink!);
      const token = link.hash.slice(1);
      expect(link.search).toBe('');
      const api = new Api(server.url);
      await expect(
        api.post('/api/setup', { token: `${token}x`, email: 'a@example.org', password: 'long enough' }),
      ).rejects.toMatchObject({ code: 'setup_closed' });
      const admin = await api.post<Tokens>('/api/setup', { token, email: 'a@example.org', password: 'long enough' });
      expect(admin.user.role).toBe('admin');
      await expect(
        api.post('/api/setup', { token, email: 'b@example.org', password: 'long enough' }),
      ).rejects.toMatchObject({ status: 403, code: 'setup_closed' });
    } finally {
      await server.close();
      await database.remove();
    }
  });
});

describe('logins and open sockets', () => {
  test('logout closes the sockets of that login only, at once (C9)', async () => {
    const attempt = await startAttempt(site);
    const socket = await attempt.connect();
    const proctor = await watchExam(site, attempt.exam.id);
    await attempt.student.post('/api/auth/logout');
    expect(await socket.closed()).toBe(4401);
    expect(proctor.isOpen).toBe(true);
    await expect(attempt.student.get('/api/auth/me')).rejects.toMatchObject({ status: 401 });
    proctor.close();
  });

  test('the ticket of another user does not renew a socket (C8)', async () => {
    const attempt = await startAttempt(site);
    const other = await startAttempt(site);
    const socket = await attempt.connect();
    socket.send({ type: 'reauth', ticket: (await other.student.examTicket(other.session.id)).ticket });
    expect(await socket.next('error')).toMatchObject({ code: 'bad_ticket' });
    expect(await socket.closed()).toBe(4401);
  });

  test('a socket is asked for a fresh ticket 60 s before its login ends, and closed without one (C8)', async () => {
    const faithful = await startAttempt(site);
    const silent = await startAttempt(site);
    const [a, b] = [await faithful.connect(), await silent.connect()];
    ahead += 14 * 60_000 + 5000;
    await Promise.all([a.next('reauth'), b.next('reauth')]);
    faithful.student.tokens = await faithful.student.post<Tokens>('/api/auth/refresh', {
      refreshToken: faithful.student.tokens!.refreshToken,
    });
    const { ticket } = await faithful.student.examTicket(faithful.session.id);
    a.send({ type: 'reauth', ticket });
    await new Promise((resolve) => setTimeout(resolve, 300));
    ahead += 56_000;
    expect(await b.closed()).toBe(4401);
    expect(a.isOpen).toBe(true);
    a.close();
  });
});
