import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Tokens } from '../../protocol/http/accounts.ts';
import type { Api } from '../support/api.ts';
import { startAttempt, watchExam } from '../support/attempt.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { FaultyDb } from '../support/faulty-db.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let site: TestServer;
/** The server's clock runs ahead of ours by this much. */
let ahead = 0;
beforeAll(async () => {
  site = await startTestServer({ overrides: { clock: () => Date.now() + ahead } });
});
afterAll(() => site?.close());
beforeEach(() => {
  ahead = 0;
});

const logout = (body: unknown, headers: Record<string, string> = {}) =>
  site.api().send('POST', '/api/auth/logout', {
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });
const refresh = (refreshToken: string) => site.api().post<Tokens>('/api/auth/refresh', { refreshToken });
const bearer = (api: Api) => ({ authorization: `Bearer ${api.tokens!.accessToken}` });

async function isOver(api: Api): Promise<void> {
  await expect(refresh(api.tokens!.refreshToken)).rejects.toMatchObject({ status: 401 });
  await expect(api.get('/api/auth/me')).rejects.toMatchObject({ status: 401 });
}

describe('logging out with a refresh token ends the login', () => {
  test('after more than 15 idle minutes, with an expired access token', async () => {
    const student = await site.student();
    ahead = 20 * 60_000;
    expect((await logout({ refreshToken: student.tokens!.refreshToken }, bearer(student))).status).toBe(204);
    await isOver(student);
  });

  test.each([
    ['none', {}],
    ['one that was never good', { authorization: 'Bearer x.y.z' }],
    ['another scheme', { authorization: 'Basic dTpw' }],
  ])('with no access token but %s', async (_what, headers) => {
    const student = await site.student();
    expect((await logout({ refreshToken: student.tokens!.refreshToken }, headers)).status).toBe(204);
    await isOver(student);
  });

  test('with a used token of a page that missed the newest one', async () => {
    const student = await site.student();
    const first = student.tokens!.refreshToken;
    student.tokens = await refresh((await refresh(first)).refreshToken);
    expect((await logout({ refreshToken: first })).status).toBe(204);
    await isOver(student);
  });

  test('with a token that is 29 days old', async () => {
    const student = await site.student();
    ahead = 29 * DAY_MS;
    expect((await logout({ refreshToken: student.tokens!.refreshToken })).status).toBe(204);
    await expect(refresh(student.tokens!.refreshToken)).rejects.toMatchObject({ code: 'refresh_reused' });
  });

  test('with its sockets at once, before the access token expires, and no other login of the user', async () => {
    const attempt = await startAttempt(site);
    const socket = await attempt.connect();
    const proctor = await watchExam(site, attempt.exam.id);
    const other = site.api();
    await other.login(attempt.student.tokens!.user.email, "Student's password");
    expect((await logout({ refreshToken: attempt.student.tokens!.refreshToken })).status).toBe(204);
    expect(await socket.closed()).toBe(4401);
    expect(proctor.isOpen).toBe(true);
    await isOver(attempt.student);
    expect(await other.get('/api/auth/me')).toBeTruthy();
    proctor.close();
  });

  test('of a disabled account', async () => {
    const student = await site.student();
    await site.admin.request('PATCH', `/api/users/${student.userId}`, { disabled: true });
    expect((await logout({ refreshToken: student.tokens!.refreshToken }, bearer(student))).status).toBe(204);
  });
});

test('a ticket issued before the logout opens no lasting socket, with or without `hello`', async () => {
  const student = await site.student();
  const session = await student.startSession((await site.admin.createExam()).id);
  const [ticket, another] = [await student.examTicket(session.id), await student.examTicket(session.id)];
  await logout({ refreshToken: student.tokens!.refreshToken });
  const silent = new RawSocket(site.url, { ticket: ticket.ticket, url: '/ws/exam' });
  expect(await silent.closed()).toBe(4401);
  const greets = new RawSocket(site.url, { ticket: another.ticket, url: '/ws/exam' });
  await greets.opened();
  greets.send({ type: 'hello' });
  expect(await greets.closed()).toBe(4401);
  expect(greets.messages.filter(({ type }) => type === 'error')).toHaveLength(1);
});

test('a malformed token or one of an ended login gets the same response as a valid one', async () => {
  const student = await site.student();
  const good = await logout({ refreshToken: student.tokens!.refreshToken });
  const strange = [
    'x',
    student.tokens!.accessToken,
    'A'.repeat(86),
    student.tokens!.refreshToken,
    `${student.tokens!.refreshToken.slice(0, -1)}A`,
  ];
  for (const refreshToken of strange) {
    const answer = await logout({ refreshToken });
    expect([answer.status, answer.body]).toEqual([good.status, good.body]);
  }
});

test('a logout without a token or with an expired access token is refused', async () => {
  const student = await site.student();
  expect(await logout({})).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  ahead = 20 * 60_000;
  expect(await logout({}, bearer(student))).toMatchObject({ status: 401, body: { code: 'token_expired' } });
});

test('a logout while the database is down fails as retryable and can be repeated', async () => {
  let faulty!: FaultyDb;
  await using away = await startTestServer({ overrides: { db: (real) => (faulty = new FaultyDb(real)).db } });
  const student = away.api();
  await student.register('student@example.org', "Student's password", 'Student');
  const { refreshToken } = student.tokens!;
  faulty.fail('gone');
  await expect(away.api().post('/api/auth/logout', { refreshToken })).rejects.toMatchObject({ retryable: true });
  faulty.mend();
  await away.api().post('/api/auth/logout', { refreshToken });
  await expect(student.get('/api/auth/me')).rejects.toMatchObject({ status: 401 });
});

describe('own logins', () => {
  test('ending one closes its sockets at once, and it is 404 for other users', async () => {
    const attempt = await startAttempt(site);
    const socket = await attempt.connect();
    const again = site.api();
    await again.login(attempt.student.tokens!.user.email, "Student's password");
    const { items } = await again.get<{ items: { id: string; current: boolean }[] }>('/api/auth/logins');
    const first = items.find(({ current }) => !current)!;
    const stranger = await site.student();
    await expect(stranger.request('DELETE', `/api/auth/logins/${first.id}`)).rejects.toMatchObject({ status: 404 });
    await again.request('DELETE', `/api/auth/logins/${first.id}`);
    expect(await socket.closed()).toBe(4401);
    await isOver(attempt.student);
    expect((await again.get<{ items: unknown[] }>('/api/auth/logins')).items).toHaveLength(1);
  });

  test('logging out everywhere ends the current one, too, unless excepted', async () => {
    const student = await site.student();
    const others = [site.api(), site.api()];
    for (const other of others) await other.login(student.tokens!.user.email, "Student's password");
    expect(await student.post('/api/auth/logout-everywhere', { exceptThis: true })).toEqual({ ended: 2 });
    for (const other of others) await isOver(other);
    expect(await student.post('/api/auth/logout-everywhere')).toEqual({ ended: 1 });
    await isOver(student);
  });

  test('show browser and system in our own words', async () => {
    const student = await site.student();
    const { email } = student.tokens!.user;
    const userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 <script>';
    await site.api().send('POST', '/api/auth/login', {
      body: JSON.stringify({ email, password: "Student's password" }),
      headers: { 'content-type': 'application/json', 'user-agent': userAgent },
    });
    const { items } = await student.get<{ items: { device: string }[] }>('/api/auth/logins');
    expect(items.map(({ device }) => device).toSorted()).toEqual(['A program', 'Firefox on Linux']);
  });
});

describe('the absolute life of a login', () => {
  test('ends it after LOGIN_DAYS, also if in use, but not during an exam that started before', async () => {
    await using short = await startTestServer({
      env: { LOGIN_DAYS: '2' },
      overrides: { clock: () => Date.now() + ahead },
    });
    const idle = await short.student();
    const sitting = await startAttempt(short);
    const renew = async (api: Api) =>
      (api.tokens = await short.api().post<Tokens>('/api/auth/refresh', { refreshToken: api.tokens!.refreshToken }));
    ahead = 2 * DAY_MS - HOUR_MS;
    for (const api of [idle, sitting.student]) await renew(api);
    ahead = 2 * DAY_MS + HOUR_MS;
    await expect(renew(idle)).rejects.toMatchObject({ status: 401, code: 'token_expired' });
    await renew(sitting.student);
    await sitting.student.post(`/api/sessions/${sitting.session.id}/end`);
    await expect(renew(sitting.student)).rejects.toMatchObject({ code: 'token_expired' });
  });
});
