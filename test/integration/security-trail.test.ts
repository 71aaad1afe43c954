import { get, request } from 'node:http';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Tokens } from '../../protocol/http/accounts.ts';
import type { AuditVerification } from '../../protocol/http/audit.ts';
import type { AddressDigest, SecurityEntry } from '../../protocol/http/security.ts';
import type { SecurityKind } from '../../protocol/security-kinds.ts';
import { type Attempt, signal, startAttempt, watchExam } from '../support/attempt.ts';
import type { Api } from '../support/api.ts';
import { ManualTime } from '../support/manual-time.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

interface Page {
  readonly items: SecurityEntry[];
  readonly nextCursor: string | null;
}

let site: TestServer;
const time = new ManualTime();
let attempt: Attempt;
let proctor: Api;

beforeAll(async () => {
  site = await startTestServer({
    overrides: { clock: time.clock, timers: time.timers },
    env: { TRUSTED_PROXIES: '127.0.0.1' },
  });
  attempt = await startAttempt(site);
  proctor = await site.proctor();
});
afterAll(() => site.close());

async function entries(filter = ''): Promise<SecurityEntry[]> {
  const all: SecurityEntry[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Page = await site.admin.get(`/api/audit/security?limit=200${filter}${cursor && `&cursor=${cursor}`}`);
    all.push(...page.items);
    cursor = page.nextCursor;
  }
  return all;
}

type Expected = { readonly kind: SecurityKind; readonly actor?: string | null; readonly target?: string | null };
const is = (entry: SecurityEntry, { kind, actor, target }: Expected) =>
  entry.kind === kind &&
  (actor === undefined || entry.actor === actor) &&
  (target === undefined || entry.target === target);

/** What is recorded is written within a second. */
const WRITTEN_MS = 1000;

/** Lets time pass until the log of the API shows entries for which this holds. */
const written = (what: string, filter: string, isSo: (found: SecurityEntry[]) => boolean) =>
  waitFor(what, async () => {
    time.advance(WRITTEN_MS);
    return isSo(await entries(filter));
  });

async function recorded(expected: Expected): Promise<SecurityEntry> {
  let found: SecurityEntry | undefined;
  await written(
    JSON.stringify(expected),
    `&kind=${expected.kind}`,
    (all) => (found = all.find((entry) => is(entry, expected))) !== undefined,
  );
  return found!;
}

describe('ordinary acts', () => {
  test('a console opened, a camera watched and unwatched', async () => {
    const before = time.now;
    const console_ = await watchExam(site, attempt.exam.id);
    const watcher = (await recorded({ kind: 'console_opened' })).actor!;
    console_.send({ type: 'watch', session: attempt.session.id, fps: 1 });
    const began = await recorded({ kind: 'camera_watched', actor: watcher, target: attempt.session.id });
    expect(Date.parse(began.at)).toBeGreaterThanOrEqual(before);
    // A wall that is scrolled: the same watch.
    for (let i = 0; i < 20; i++) {
      console_.send({ type: 'unwatch', session: attempt.session.id });
      console_.send({ type: 'watch', session: attempt.session.id, fps: 1 });
    }
    console_.send({ type: 'unwatch', session: attempt.session.id });
    console_.send({ type: 'subscribe', exam: attempt.exam.id });
    await console_.until('the answers', () => console_.of('snapshot').length >= 2);
    const unwatched = time.now;
    time.advance(31_000);
    const left = await recorded({ kind: 'camera_left', actor: watcher, target: attempt.session.id });
    expect(left.since).toBe(began.at);
    expect(Date.parse(left.at)).toBe(unwatched);
    expect((await entries('&kind=camera_watched')).length).toBe(1);
    console_.close();
  });

  test('a closed console unwatches its cameras', async () => {
    const other = await startAttempt(site);
    const socket = await watchExam(site, other.exam.id);
    socket.send({ type: 'watch', session: other.session.id, fps: 1 });
    await recorded({ kind: 'camera_watched', target: other.session.id });
    socket.close();
    await socket.closed();
    await waitFor('no console', async () =>
      (await (await fetch(`${site.url}/metrics`)).text()).includes('invigil_sockets{kind="console"} 0'),
    );
    time.advance(31_000);
    await recorded({ kind: 'camera_left', target: other.session.id });
  });

  test('role changes, disabling and enabling, with actor and target', async () => {
    const student = await site.student();
    const by = { actor: site.admin.userId, target: student.userId };
    await site.admin.request('PATCH', `/api/users/${student.userId}`, { role: 'proctor' });
    await recorded({ kind: 'role_changed', ...by });
    await site.admin.request('PATCH', `/api/users/${student.userId}`, { disabled: true });
    await recorded({ kind: 'user_disabled', ...by });
    await expect(site.api().login(student.tokens!.user.email, "Student's password")).rejects.toMatchObject({
      code: 'account_disabled',
    });
    await recorded({ kind: 'account_disabled', actor: student.userId });
    await site.admin.request('PATCH', `/api/users/${student.userId}`, { disabled: false });
    await recorded({ kind: 'user_enabled', ...by });
  });

  test('a changed name has no entry', async () => {
    const student = await site.student();
    await site.admin.request('PATCH', `/api/users/${student.userId}`, { name: 'Another name' });
    await recorded({ kind: 'user_enabled' });
    await site.api().send('GET', '/api/auth/me', { headers: { authorization: 'Bearer made.up.token' } });
    await recorded({ kind: 'token_forged' });
    expect((await entries()).some(({ target, actor }) => target === student.userId && actor !== student.userId)).toBe(
      false,
    );
  });

  test('an exported part of the log', async () => {
    await waitFor('a checkpoint', async () => {
      time.advance(10_000);
      return (await proctor.send('GET', `/api/audit/attempt/${attempt.session.id}/file`)).status === 200;
    });
    await recorded({ kind: 'audit_exported', actor: proctor.userId, target: attempt.session.id });
  });

  test('a takeover by a newer connection of the student', async () => {
    const first = await attempt.connect();
    first.send(signal(1));
    await first.next('ack');
    const second = await attempt.connect();
    expect(await first.closed()).toBe(4409);
    await recorded({ kind: 'session_taken_over', actor: attempt.student.userId, target: attempt.session.id });
    second.close();
  });
});

describe('logins', () => {
  test('start and end, with account and login', async () => {
    const student = await site.student();
    const login = await recorded({ kind: 'login', actor: student.userId });
    expect(login.address).toBeDefined();
    await recorded({ kind: 'registered', actor: student.userId });
    await student.post('/api/auth/logout', { refreshToken: student.tokens!.refreshToken });
    await recorded({ kind: 'logout', actor: student.userId, target: login.target });
  });

  test('a wrong password and throttled attempts with the targeted account, or without one if unknown', async () => {
    const { userId, tokens } = await site.student();
    await expect(site.api().login(tokens!.user.email, 'wrong')).rejects.toMatchObject({ code: 'bad_credentials' });
    await recorded({ kind: 'login_failed', actor: null, target: userId });
    await expect(site.api().login('nobody@example.org', 'wrong')).rejects.toMatchObject({ code: 'bad_credentials' });
    await recorded({ kind: 'login_failed', actor: null, target: null });
    for (let i = 0; i < 20; i++)
      await site
        .api()
        .login(tokens!.user.email, 'wrong')
        .catch(() => {});
    await recorded({ kind: 'login_throttled', target: userId });
  });

  test('ending all other logins', async () => {
    const student = await site.student();
    const other = site.api();
    await other.login(student.tokens!.user.email, "Student's password");
    await student.post('/api/auth/logout-everywhere', { exceptThis: true });
    await recorded({ kind: 'logins_ended', actor: student.userId, target: student.userId });
  });

  test('a password changed by the user and by a link', async () => {
    const student = await site.student();
    const own = { actor: student.userId, target: student.userId };
    await student.post('/api/auth/password', {
      currentPassword: "Student's password",
      newPassword: 'a door that is painted green',
    });
    await recorded({ kind: 'password_changed', ...own });
    const { path } = await site.admin.post<{ path: string }>(`/api/users/${student.userId}/reset`, {});
    await recorded({ kind: 'reset_link_made', actor: site.admin.userId, target: student.userId });
    const token = path.split('#reset=')[1]!;
    await site.api().post('/api/auth/reset', { token, newPassword: 'a window that is painted blue' });
    await recorded({ kind: 'password_reset', ...own });
    await expect(
      site.api().post('/api/auth/reset', { token, newPassword: 'a window that is painted red' }),
    ).rejects.toMatchObject({ code: 'reset_closed' });
    await recorded({ kind: 'reset_refused' });
  });

  test('second factors: added, wrong code, step-up, recovery code used, removed', async () => {
    const staff = await site.proctor();
    const own = { actor: staff.userId, target: staff.userId };
    const { id, secret } = await staff.post<{ id: string; secret: string }>('/api/auth/second-factors/totp', {});
    const code = (steps = 0) => new TOTP({ secret }).generate({ timestamp: time.now + steps * 30_000 });
    const { recoveryCodes } = await staff.post<{ recoveryCodes: string[] }>(
      `/api/auth/second-factors/totp/${id}/confirm`,
      { code: code() },
    );
    await recorded({ kind: 'second_factor_added', ...own });
    const wrong = code() === '000000' ? '111111' : '000000';
    await expect(staff.post('/api/auth/step-up', { code: wrong })).rejects.toMatchObject({ code: 'bad_second_factor' });
    await recorded({ kind: 'second_factor_failed', ...own });
    time.advance(30_000);
    await staff.post('/api/auth/step-up', { code: code() });
    await recorded({ kind: 'step_up', ...own });
    await staff.post('/api/auth/step-up', { recoveryCode: recoveryCodes[0] });
    await recorded({ kind: 'recovery_code_used', ...own });
    await staff.request('DELETE', `/api/auth/second-factors/${id}`);
    await recorded({ kind: 'second_factor_removed', ...own });
  });

  test('a registration with a taken address', async () => {
    const { email } = (await site.student()).tokens!.user;
    await expect(site.api().register(email, 'another long password', 'Somebody')).rejects.toMatchObject({
      code: 'registration_refused',
    });
    await recorded({ kind: 'register_refused', actor: null });
  });
});

describe('an attack', () => {
  test('forged and reused tickets, and a page of another origin', async () => {
    const ticket = await attempt.student.examTicket(attempt.session.id);
    await new RawSocket(site.url, { ticket: `${ticket.ticket.slice(0, -4)}AAAA`, url: '/ws/exam' }).refused();
    await recorded({ kind: 'ticket_forged', actor: null });
    const socket = new RawSocket(site.url, ticket);
    await socket.opened();
    socket.send({ type: 'hello' });
    await socket.next('welcome');
    const again = new RawSocket(site.url, ticket);
    await again.refused();
    await recorded({ kind: 'ticket_reused' });
    socket.close();
    await new RawSocket(site.url, await attempt.student.examTicket(attempt.session.id), {
      origin: 'https://evil.example',
    }).refused();
    await recorded({ kind: 'origin_refused' });
  });

  test('a request with a foreign Host, as in DNS rebinding', async () => {
    const refused = new Promise<number | undefined>((resolve, reject) => {
      get(`${site.url}/api/exams`, { headers: { host: 'evil.example' } }, (answer) =>
        resolve(answer.resume().statusCode),
      ).on('error', reject);
    });
    expect(await refused).toBe(421);
    await recorded({ kind: 'host_refused', actor: null, target: null });
  });

  test('TRACE, which would reveal headers of a proxy, is answered like any method not allowed', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request(`${site.url}/api/exams`, { method: 'TRACE' }, (answer) => resolve(answer.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(405);
  });

  test("a missing right, and another student's session", async () => {
    const stranger = await site.student();
    await expect(stranger.get('/api/users')).rejects.toMatchObject({ status: 403 });
    await recorded({ kind: 'role_refused', actor: stranger.userId });
    await expect(stranger.get(`/api/sessions/${attempt.session.id}`)).rejects.toMatchObject({ status: 404 });
    await recorded({ kind: 'not_own', actor: stranger.userId, target: attempt.session.id });
  });

  test('unknown ids over HTTP: sessions, events, accounts, exams, logins, second factors', async () => {
    const [staff, nobody] = [await site.proctor(), '01890000-0000-7000-8000-000000000000'];
    for (const path of [`/api/sessions/${nobody}`, `/api/events/${nobody}/reviews`, `/api/exams/${nobody}`])
      await expect(staff.get(path)).rejects.toMatchObject({ status: 404 });
    expect((await recorded({ kind: 'unknown_id', actor: staff.userId, target: nobody })).count).toBeGreaterThan(0);
    const ofStudent = await site.student();
    await expect(ofStudent.request('DELETE', `/api/auth/logins/${nobody}`)).rejects.toMatchObject({ status: 404 });
    await recorded({ kind: 'unknown_id', actor: ofStudent.userId, target: nobody });
    const ofBody = await site.student();
    await expect(ofBody.post('/api/proctoring/event', { sessionId: nobody, type: 'TAB_SWITCH' })).rejects.toMatchObject(
      { status: 404 },
    );
    await recorded({ kind: 'unknown_id', actor: ofBody.userId, target: null });
  });

  test('wrong codes during the setup of an app, and second steps of unknown logins', async () => {
    const staff = await site.proctor();
    const { id } = await staff.post<{ id: string }>('/api/auth/second-factors/totp', {});
    await staff.post(`/api/auth/second-factors/totp/${id}/confirm`, { code: '000000' }).catch(() => {});
    await staff.post(`/api/auth/second-factors/totp/${id}/confirm`, { code: '111111' }).catch(() => {});
    await recorded({ kind: 'second_factor_failed', actor: staff.userId, target: staff.userId });
    await expect(
      site.api().post('/api/auth/second-factor', { pending: 'A'.repeat(43), code: '123456' }),
    ).rejects.toMatchObject({ status: 401 });
    await recorded({ kind: 'second_factor_failed', actor: null, target: null });
  });

  test('frames posted far above the rate', async () => {
    const student = await site.student();
    const post = () =>
      student.send('POST', `/api/cv/analyze-frame?sessionId=${attempt.session.id}`, { body: new FormData() });
    const answers = await Promise.all(Array.from({ length: 200 }, post));
    expect(answers.some(({ body }) => (body as { code?: string }).code === 'too_many_frames')).toBe(true);
    await recorded({ kind: 'throttled', actor: student.userId });
  });

  test('a reused refresh token', async () => {
    const student = await site.student();
    const first = student.tokens!.refreshToken;
    const second = await student.post<Tokens>('/api/auth/refresh', { refreshToken: first });
    await student.post<Tokens>('/api/auth/refresh', { refreshToken: second.refreshToken });
    await expect(student.post('/api/auth/refresh', { refreshToken: first })).rejects.toMatchObject({
      code: 'refresh_reused',
    });
    await recorded({ kind: 'refresh_reused', actor: student.userId });
  });

  test('noise of eighteen accounts does not crowd out the first act of another', async () => {
    const noisy = await Promise.all(Array.from({ length: 18 }, () => site.student()));
    const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
    await Promise.all(
      noisy.map(async (api) => {
        for (let n = 0; n < 16; n++) await api.send('GET', n % 2 ? `/api/sessions/${id(n)}` : `/api/users?q=${n}`);
      }),
    );
    const quiet = await site.student();
    await quiet.send('GET', `/api/sessions/${attempt.session.id}`);
    await recorded({ kind: 'not_own', actor: quiet.userId, target: attempt.session.id });
    await written('each of the noisy', '&kind=role_refused', (found) => {
      const actors = new Set(found.map(({ actor }) => actor));
      return noisy.every(({ userId }) => actors.has(userId));
    });
  });
});

describe('the network of origin', () => {
  const from = (address: string) => ({
    headers: { 'x-forwarded-for': address, authorization: 'Bearer made.up.token' },
  });

  test('is equal in entries of one network and can be looked up by an admin, without storing the address', async () => {
    for (const address of ['203.0.113.7', '198.51.100.9']) await site.api().send('GET', '/api/auth/me', from(address));
    const asked = await site.admin.post<{ items: AddressDigest[] }>('/api/audit/address', { address: '203.0.113.7' });
    const digest = asked.items[0]!.digest;
    await written('its entry', `&digest=${digest}`, (found) => found.length === 1);
    const [entry] = await entries(`&digest=${digest}`);
    expect(entry).toMatchObject({ kind: 'token_forged', actor: null, address: asked.items[0] });
    await recorded({ kind: 'address_asked', actor: site.admin.userId, target: null });
    expect(JSON.stringify(await entries())).not.toMatch(/203\.0\.113|198\.51\.100|127\.0\.0/);
  });

  test.each(['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', '[2001:db8:1:2::7]'])(
    'IPv6 by its /64: %s',
    async (address) => {
      await site.api().send('GET', '/api/auth/me', from('2001:db8:1:2:aaaa::1'));
      const { items } = await site.admin.post<{ items: AddressDigest[] }>('/api/audit/address', { address });
      await written('its entry', `&digest=${items[0]!.digest}`, (found) => found.length === 1);
    },
  );

  test('can be looked up by admins only, and only for a valid address', async () => {
    await expect(proctor.post('/api/audit/address', { address: '203.0.113.7' })).rejects.toMatchObject({ status: 403 });
    await expect(proctor.get('/api/audit/security')).rejects.toMatchObject({ status: 403 });
    await expect(site.admin.post('/api/audit/address', { address: 'example.org' })).rejects.toMatchObject({
      status: 400,
    });
  });
});

test('metrics count entries by kind, and the log verifies', async () => {
  const metrics = await (await fetch(`${site.url}/metrics`)).text();
  expect(metrics).toMatch(/invigil_security_acts_total\{kind="camera_watched"\} [1-9]/);
  expect(metrics).toMatch(/invigil_security_refusals_total\{kind="role_refused"\} [1-9]/);
  expect(await site.admin.get<AuditVerification>('/api/blockchain/verify')).toMatchObject({ valid: true });
});
