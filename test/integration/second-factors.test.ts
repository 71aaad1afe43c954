import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Tokens } from '../../protocol/http/accounts.ts';
import type { AddedFactor, SecondFactorList, TotpSetup } from '../../protocol/http/second-factors.ts';
import type { Api } from '../support/api.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const byMachine = { 'content-type': 'application/json' };
const json = (value: unknown) => ({ body: JSON.stringify(value), headers: byMachine });
const PASSWORD = 'a proctor password';

let site: TestServer;
/** The server's clock stands still, so that no test crosses a step of 30 s; it is moved by this much, ms. */
const STARTED = Date.now();
let ahead = 0;
/** Eleven minutes go by; tokens, which last 15, are renewed. */
async function wait(...apis: Api[]): Promise<void> {
  ahead += 11 * 60_000;
  for (const api of [site.admin, ...apis])
    api.tokens = await site.api().post<Tokens>('/api/auth/refresh', { refreshToken: api.tokens!.refreshToken });
}
beforeAll(async () => {
  site = await startTestServer({ overrides: { clock: () => STARTED + ahead } });
});
afterAll(() => site?.close());

const codeOf = (secret: string, steps = 0) =>
  new TOTP({ secret }).generate({ timestamp: STARTED + ahead + steps * 30_000 });

/** What shows codes, and the recovery codes that came with it. */
interface Enrolled {
  readonly api: Api;
  readonly email: string;
  readonly id: string;
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}

/** A proctor whose app was added in this login; its next code counts. */
async function enrolled(at: TestServer = site): Promise<Enrolled> {
  const api = await at.proctor();
  const { id, secret } = await api.post<TotpSetup>('/api/auth/second-factors/totp', { name: 'Phone' });
  const { recoveryCodes } = await api.post<AddedFactor>(`/api/auth/second-factors/totp/${id}/confirm`, {
    code: codeOf(secret),
  });
  // Each code counts once: the next step begins.
  ahead += 30_000;
  return { api, email: api.tokens!.user.email, id, secret, recoveryCodes: recoveryCodes ?? [] };
}

const login = (email: string, more: object = {}) =>
  site.api().send('POST', '/api/auth/login', json({ email, password: PASSWORD, ...more }));
async function pendingOf(email: string): Promise<string> {
  const answer = await login(email);
  expect(answer).toMatchObject({
    status: 401,
    body: { code: 'second_factor_required', ref: expect.stringMatching(/^[\w-]{43}$/) },
  });
  return (answer.body as { ref: string }).ref;
}
const complete = (pending: string, proof: object) =>
  site.api().send('POST', '/api/auth/second-factor', json({ pending, ...proof }));

describe('an authenticator app', () => {
  test('is active after its first code and comes with ten recovery codes', async () => {
    const api = await site.proctor();
    const { id, secret, uri } = await api.post<TotpSetup>('/api/auth/second-factors/totp', {});
    expect(uri).toMatch(/^otpauth:\/\/totp\/Invigil:.*secret=[A-Z2-7]{32}/);
    // Not yet: who never scanned it is not locked out.
    await api.login(api.tokens!.user.email, PASSWORD);
    await expect(
      api.post(`/api/auth/second-factors/totp/${id}/confirm`, {
        code: '000000' === codeOf(secret) ? '111111' : '000000',
      }),
    ).rejects.toMatchObject({ status: 403, code: 'bad_second_factor' });
    const added = await api.post<AddedFactor>(`/api/auth/second-factors/totp/${id}/confirm`, { code: codeOf(secret) });
    expect(added).toMatchObject({ factor: { id, kind: 'totp', name: 'Authenticator app' } });
    expect(new Set(added.recoveryCodes)).toHaveProperty('size', 10);
    expect(await api.get<SecondFactorList>('/api/auth/second-factors')).toMatchObject({
      items: [{ id }],
      recoveryCodes: 10,
      required: false,
    });
    await expect(
      api.post(`/api/auth/second-factors/totp/${id}/confirm`, { code: codeOf(secret, 1) }),
    ).rejects.toMatchObject({ status: 404 });
  });

  test('is required after the password and completes the login', async () => {
    const { email, secret, api } = await enrolled();
    const pending = await pendingOf(email);
    // What the pending login is given opens nothing.
    expect(
      await site.api().send('GET', '/api/auth/me', { headers: { authorization: `Bearer ${pending}` } }),
    ).toMatchObject({ status: 401 });
    expect(await site.api().send('POST', '/api/auth/refresh', json({ refreshToken: pending }))).toMatchObject({
      status: 401,
    });
    expect(await site.api().send('POST', '/api/auth/second-factor/options', json({ pending }))).toMatchObject({
      status: 200,
      body: { methods: ['totp', 'recovery'], passkey: null },
    });
    const done = await complete(pending, { code: codeOf(secret) });
    expect(done).toMatchObject({ status: 200, body: { user: { id: api.userId } } });
    expect(await complete(pending, { code: codeOf(secret, 1) }), 'the second time').toMatchObject({ status: 401 });
    const me = await site
      .api()
      .send('GET', '/api/auth/me', { headers: { authorization: `Bearer ${(done.body as Tokens).accessToken}` } });
    expect(me).toMatchObject({ status: 200, body: { email } });
  });

  test("may be sent together with the password: in JSON and in ProctorBE's form", async () => {
    const { email, secret } = await enrolled();
    expect(await login(email, { otp: codeOf(secret) })).toMatchObject({ status: 200 });
    const form = (fields: Record<string, string>) =>
      site
        .api()
        .send('POST', '/auth/login', { body: new URLSearchParams({ username: email, password: PASSWORD, ...fields }) });
    expect(await form({})).toMatchObject({ status: 401, body: { code: 'second_factor_required' } });
    expect(await form({ otp: codeOf(secret) }), 'used').toMatchObject({
      status: 403,
      body: { code: 'bad_second_factor' },
    });
    expect(await form({ otp: ` ${codeOf(secret, 1)}` })).toMatchObject({ status: 200, body: { token_type: 'bearer' } });
  });

  test('has codes that are valid once, within one step of 30 s, for any purpose', async () => {
    const { email, secret, api } = await enrolled();
    const [early, used] = [codeOf(secret, -2), codeOf(secret)];
    expect(await complete(await pendingOf(email), { code: early }), 'a minute old').toMatchObject({
      status: 403,
      body: { code: 'bad_second_factor' },
    });
    const answers = await Promise.all([
      login(email, { otp: used }),
      login(email, { otp: used }),
      login(email, { otp: used }),
    ]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 403, 403]);
    await expect(api.post('/api/auth/step-up', { code: used })).rejects.toMatchObject({ code: 'bad_second_factor' });
    expect(await login(email, { otp: codeOf(secret, 1) }), 'a clock that is ahead').toMatchObject({ status: 200 });
    expect(await login(email, { otp: codeOf(secret) }), 'older than the last').toMatchObject({ status: 403 });
  });

  test('limits guesses to five per pending login and five wrong codes per network, without blocking recovery codes, other logins or verified browsers', async () => {
    const { email, secret, api, recoveryCodes } = await enrolled();
    const own = { ...byMachine, origin: site.url };
    const known = await site.api().send('POST', '/api/auth/login', {
      body: JSON.stringify({ email, password: PASSWORD, otp: codeOf(secret) }),
      headers: own,
    });
    const cookie = known.headers.get('set-cookie')!.split(';')[0]!;
    ahead += 30_000;
    const wrong = ['000000', '111111', '222222', '333333', '444444', '555555', '666666'].filter(
      (code) => ![-2, -1, 0, 1, 2].map((step) => codeOf(secret, step)).includes(code),
    );
    const pending = await pendingOf(email);
    for (const code of wrong.slice(0, 5))
      expect(await complete(pending, { code })).toMatchObject({ status: 403, body: { code: 'bad_second_factor' } });
    expect(await complete(pending, { code: codeOf(secret) })).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    });
    // Another login does not bring five more, nor does another way in.
    expect(await complete(await pendingOf(email), { code: codeOf(secret) })).toMatchObject({
      status: 429,
      body: { code: 'rate_limited' },
    });
    expect(await login(email, { otp: codeOf(secret) })).toMatchObject({ status: 429 });
    expect(await complete(await pendingOf(email), { recoveryCode: recoveryCodes[0] })).toMatchObject({ status: 200 });
    await api.post('/api/auth/step-up', { code: codeOf(secret) });
    ahead += 30_000;
    const fromBrowser = { headers: { ...byMachine, cookie } };
    expect(
      await site.api().send('POST', '/api/auth/login', {
        body: JSON.stringify({ email, password: PASSWORD, otp: codeOf(secret) }),
        ...fromBrowser,
      }),
    ).toMatchObject({ status: 200 });
    ahead += 30_000;
    expect(
      await site.api().send('POST', '/api/auth/second-factor', {
        body: JSON.stringify({ pending: await pendingOf(email), code: codeOf(secret) }),
        ...fromBrowser,
      }),
    ).toMatchObject({ status: 200 });
    expect(await complete(await pendingOf(email), { code: codeOf(secret, 1) }), 'a stranger still').toMatchObject({
      status: 429,
    });
    const { email: another, secret: theirs } = await enrolled();
    expect(await login(another, { otp: codeOf(theirs) }), 'somebody else').toMatchObject({ status: 200 });
  });

  test.each([
    {},
    { code: '12345' },
    { code: '1234567' },
    { code: 123_456 },
    { code: '１２３４５６' },
    { code: '123456', recoveryCode: 'a' },
    { passkey: {} },
    { recoveryCode: 'x'.repeat(65) },
    { password: PASSWORD },
  ])('%j is no proof', async (proof) => {
    const { email } = (await site.proctor()).tokens!.user;
    expect(await complete(email, proof)).toMatchObject({ status: 400, body: { code: 'bad_request' } });
  });
});

describe('recovery codes', () => {
  test('two concurrent ones for one pending login complete it once', async () => {
    const { email, recoveryCodes } = await enrolled();
    const pending = await pendingOf(email);
    const answers = await Promise.all(
      recoveryCodes.slice(0, 5).map((recoveryCode) => complete(pending, { recoveryCode })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await complete(pending, { recoveryCode: recoveryCodes[6] })).toMatchObject({ status: 401 });
  });

  test('are valid once each, in any spelling', async () => {
    const { email, recoveryCodes } = await enrolled();
    const [first = '', second = ''] = recoveryCodes;
    expect(first).toMatch(/^([0-9a-z]{6}-){3}[0-9a-z]{6}$/);
    expect(await complete(await pendingOf(email), { recoveryCode: first })).toMatchObject({ status: 200 });
    expect(await complete(await pendingOf(email), { recoveryCode: first })).toMatchObject({ status: 403 });
    expect(await login(email, { otp: second.toUpperCase().replaceAll('-', ' ') })).toMatchObject({ status: 200 });
    expect(await login(email, { otp: second })).toMatchObject({ status: 403 });
  });

  test('are replaced as a set', async () => {
    const { api, email, recoveryCodes } = await enrolled();
    const { recoveryCodes: fresh } = await api.post<{ recoveryCodes: string[] }>(
      '/api/auth/second-factors/recovery-codes',
    );
    expect(fresh).toHaveLength(10);
    expect(await login(email, { otp: recoveryCodes[0] })).toMatchObject({ status: 403 });
    expect(await login(email, { otp: fresh[0] })).toMatchObject({ status: 200 });
    expect(await api.get('/api/auth/second-factors')).toMatchObject({ recoveryCodes: 9 });
  });

  test('are deleted with the last factor, and the password suffices again', async () => {
    const { api, email, id, recoveryCodes } = await enrolled();
    await api.request('DELETE', `/api/auth/second-factors/${id}`);
    expect(await login(email)).toMatchObject({ status: 200 });
    expect(await api.get('/api/auth/second-factors')).toEqual({ items: [], recoveryCodes: 0, required: false });
    await expect(api.post('/api/auth/step-up', { recoveryCode: recoveryCodes[0] })).rejects.toMatchObject({
      code: 'bad_second_factor',
    });
  });
});

describe('step-up', () => {
  test('is required ten minutes after the last proof: for roles, images, passwords and factors', async () => {
    const { api, secret, id } = await enrolled();
    await site.admin.request('PATCH', `/api/users/${api.userId}`, { role: 'admin' });
    const nobody = '00000000-0000-7000-8000-000000000000';
    const guarded: [string, string, object?][] = [
      ['PATCH', `/api/users/${site.admin.userId}`, { name: 'Admin' }],
      ['POST', '/api/users', { email: 'made-by-stolen-token@example.org', password: 'a long password', role: 'admin' }],
      [
        'POST',
        '/auth/register',
        { email: 'made-by-stolen-token@example.org', password: 'a long password', role: 'admin' },
      ],
      ['POST', `/api/users/${site.admin.userId}/reset`, {}],
      ['GET', `/api/events/${nobody}/evidence`],
      ['GET', `/api/evidence/${nobody}`],
      ['GET', `/api/audit/attempt/${nobody}/file`],
      ['POST', '/api/auth/password', { currentPassword: PASSWORD, newPassword: 'another password of mine' }],
      ['POST', '/api/auth/second-factors/totp', {}],
      ['POST', '/api/auth/second-factors/passkey/options'],
      ['POST', '/api/auth/second-factors/recovery-codes'],
      ['DELETE', `/api/auth/second-factors/${id}`],
    ];
    await wait(api);
    for (const [method, path, body] of guarded) {
      const answer = await api.send(method, path, body ? json(body) : {});
      expect(answer, `${method} ${path}`).toMatchObject({ status: 403, body: { code: 'step_up_required' } });
    }
    // What is not among them goes on.
    expect(await api.get('/api/users')).toMatchObject({ items: expect.any(Array) });
    expect(await api.post('/api/auth/step-up/options')).toEqual({ methods: ['totp', 'recovery'], passkey: null });
    await expect(api.post('/api/auth/step-up', { password: PASSWORD })).rejects.toMatchObject({
      code: 'bad_second_factor',
    });
    const asked = Date.now() + ahead;
    const { until } = await api.post<{ until: string }>('/api/auth/step-up', { code: codeOf(secret) });
    expect(Date.parse(until) - asked).toBeGreaterThan(9 * 60_000);
    await api.request('PATCH', `/api/users/${site.admin.userId}`, { name: 'Admin' });
    await expect(api.get(`/api/evidence/${nobody}`)).rejects.toMatchObject({ status: 404 });
    await wait(api);
    await expect(api.request('PATCH', `/api/users/${site.admin.userId}`, { name: 'Admin' })).rejects.toMatchObject({
      code: 'step_up_required',
    });
    await site.admin.request('PATCH', `/api/users/${api.userId}`, { role: 'proctor' });
  });

  test("in one login does not count in another, nor does another user's code", async () => {
    const [one, two] = [await enrolled(), await enrolled()];
    const elsewhere = site.api();
    elsewhere.tokens = (await complete(await pendingOf(one.email), { code: codeOf(one.secret) })).body as Tokens;
    await wait(one.api, elsewhere);
    await expect(one.api.post('/api/auth/step-up', { code: codeOf(two.secret) })).rejects.toMatchObject({
      code: 'bad_second_factor',
    });
    await elsewhere.post('/api/auth/step-up', { code: codeOf(one.secret) });
    await elsewhere.post('/api/auth/second-factors/recovery-codes');
    await expect(one.api.post('/api/auth/second-factors/recovery-codes')).rejects.toMatchObject({
      code: 'step_up_required',
    });
  });

  test('of an account without a factor is its password before adding one, and is not required otherwise', async () => {
    const api = await site.proctor();
    await wait(api);
    await expect(api.post('/api/auth/second-factors/totp', {})).rejects.toMatchObject({
      status: 403,
      code: 'step_up_required',
    });
    await expect(api.post('/api/auth/step-up', { password: 'not this one' })).rejects.toMatchObject({
      status: 403,
      code: 'wrong_password',
    });
    await expect(api.post('/api/auth/second-factors/totp', {})).rejects.toMatchObject({ code: 'step_up_required' });
    await api.post('/api/auth/step-up', { password: PASSWORD });
    await api.post('/api/auth/second-factors/totp', {});
    await expect(api.get('/api/evidence/00000000-0000-7000-8000-000000000000')).rejects.toMatchObject({ status: 404 });
  });
});

describe('REQUIRE_SECOND_FACTOR=staff', () => {
  let strict: TestServer;
  beforeAll(async () => {
    strict = await startTestServer({
      env: { REQUIRE_SECOND_FACTOR: 'staff' },
      overrides: { clock: () => STARTED + ahead },
    });
  });
  afterAll(() => strict?.close());

  test('a staff login without a factor can only set one up', async () => {
    const { admin } = strict;
    for (const path of ['/api/users', '/api/exams', '/api/sessions', '/api/blockchain/summary']) {
      await expect(admin.get(path), path).rejects.toMatchObject({ status: 403, code: 'second_factor_setup_required' });
    }
    await expect(admin.consoleTicket()).rejects.toMatchObject({ status: 403, code: 'second_factor_setup_required' });
    await expect(admin.post('/api/exams', { title: 'An exam' })).rejects.toMatchObject({
      code: 'second_factor_setup_required',
    });
    expect(await admin.get('/api/auth/me')).toMatchObject({ role: 'admin' });
    expect(await admin.get('/api/auth/second-factors')).toMatchObject({ required: true });
    const { id, secret } = await admin.post<TotpSetup>('/api/auth/second-factors/totp', {});
    await expect(admin.get('/api/users')).rejects.toMatchObject({ code: 'second_factor_setup_required' });
    await admin.post(`/api/auth/second-factors/totp/${id}/confirm`, { code: codeOf(secret) });
    await admin.get('/api/users');
    // Students are not concerned; who becomes staff is, in the logins that there are.
    const student = await strict.student();
    await student.get('/api/exams/available');
    await admin.request('PATCH', `/api/users/${student.userId}`, { role: 'proctor' });
    await expect(student.get('/api/exams')).rejects.toMatchObject({ code: 'second_factor_setup_required' });
    // Without the last one it is as before the first.
    await admin.request('DELETE', `/api/auth/second-factors/${id}`);
    await expect(admin.get('/api/users')).rejects.toMatchObject({ code: 'second_factor_setup_required' });
  });
});
