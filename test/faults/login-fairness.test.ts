import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postFrom } from '../support/http-from.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const ATTACKER = '127.0.0.2';
const PASSWORD = "Student's password";

let site: TestServer;
let addresses = 100;
beforeAll(async () => {
  // The limit of new connections per address is not under test here.
  site = await startTestServer({
    env: { ALLOWED_ORIGINS: 'https://campus.example', CONNECTIONS_PER_ADDRESS: '0' },
    costlyHashes: true,
  });
});
afterAll(() => site?.close());

/** An unused loopback network. */
const newAddress = () => `127.0.1.${++addresses}`;
const ownOrigin = () => ({ origin: site.url });
const login = (address: string, email: string, password: string, headers: Record<string, string> = {}) =>
  postFrom(address, `${site.url}/api/auth/login`, { email, password }, headers);
const cookieOf = ({ headers }: { readonly headers: NodeJS.Dict<string | string[]> }) =>
  String(headers['set-cookie'] ?? '');
const pairOf = (setCookie: string) => ({ cookie: setCookie.split(';')[0]! });
const student = async () => (await site.student()).tokens!.user.email;

/** Connections that keep sending requests until stopped. */
function storm(connections: number, ask: (index: number) => Promise<unknown>): { stop(): Promise<void> } {
  const over = new AbortController();
  let index = 0;
  const loops = Array.from({ length: connections }, async () => {
    while (!over.signal.aborted) await ask(index++).catch(() => {});
  });
  return {
    stop: async () => {
      over.abort();
      await Promise.all(loops);
    },
  };
}

describe.runIf(process.platform === 'linux')('one address', () => {
  const SIX = [1, 2, 3, 4, 5, 6];

  test.each([
    ['trying one password on made-up accounts', 'no such password'],
    ['trying another password on each', undefined],
  ])(
    'with 230 connections, %s, delays neither logins from elsewhere nor known devices behind it',
    async (_what, password) => {
      const [proctor, known] = [await student(), await student()];
      const address = newAddress();
      const cookie = pairOf(cookieOf(await login(address, known, PASSWORD, ownOrigin())));
      const attack = storm(230, (index) =>
        login(address, `made-up-${address}-${index}@example.org`, password ?? `guess ${index}`),
      );
      try {
        for (const _ of SIX) expect((await login('127.0.0.1', proctor, PASSWORD)).status).toBe(200);
        for (const _ of SIX) expect((await login(address, known, PASSWORD, cookie)).status).toBe(200);
      } finally {
        await attack.stop();
      }
    },
  );

  test('that registers endlessly delays no login', async () => {
    const proctor = await student();
    const address = newAddress();
    const attack = storm(230, (index) =>
      postFrom(address, `${site.url}/api/auth/register`, {
        email: `many-${address}-${index}@example.org`,
        password: 'a long password',
      }),
    );
    try {
      for (const _ of SIX) expect((await login('127.0.0.1', proctor, PASSWORD)).status).toBe(200);
    } finally {
      await attack.stop();
    }
  });

  test('that guesses passwords of one account locks its owner out neither elsewhere nor in a known browser behind the same address', async () => {
    const email = await student();
    const cookie = pairOf(cookieOf(await login(ATTACKER, email, PASSWORD, ownOrigin())));
    for (let i = 0; i < 5; i++) expect((await login(ATTACKER, email, `guess ${i}`)).code).toBe('bad_credentials');
    const refused = await login(ATTACKER, email, PASSWORD);
    expect(refused).toMatchObject({ status: 429, code: 'rate_limited' });
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(5);
    expect((await login(ATTACKER, email, PASSWORD, cookie)).status).toBe(200);
    expect((await login('127.0.0.1', email, PASSWORD)).status).toBe(200);
  });

  test('that sprays one password on 150 accounts is blocked on both login routes, and the log shows it', async () => {
    const address = newAddress();
    const answers: Record<string, number> = {};
    for (let i = 0; i < 150; i++) {
      const { code } = await login(address, `sprayed-${i}@example.org`, 'Summer2026!');
      answers[code!] = (answers[code!] ?? 0) + 1;
    }
    expect(answers).toEqual({ bad_credentials: 10, rate_limited: 140 });
    const form = await site.api().send('POST', '/auth/login', {
      body: new URLSearchParams({ username: 'sprayed-200@example.org', password: 'Summer2026!' }),
    });
    expect(form.status).toBe(401);
  });
});

describe('a device cookie', () => {
  test('is set only for a browser on a page of this server', async () => {
    const email = await student();
    const given = cookieOf(await login('127.0.0.1', email, PASSWORD, ownOrigin()));
    expect(given).toMatch(/^invigil-device=[\w-]+; Path=\/api\/auth; Max-Age=\d+; HttpOnly; SameSite=Strict$/);
    const behindTls = { origin: site.url.replace('http:', 'https:') };
    expect(cookieOf(await login('127.0.0.1', email, PASSWORD, behindTls))).toMatch(/; Secure$/);
    for (const headers of [{}, { origin: 'https://campus.example' }, { origin: 'null' }])
      expect(cookieOf(await login('127.0.0.1', email, PASSWORD, headers as Record<string, string>))).toBe('');
  });

  test('grants neither a login nor a renewal on its own', async () => {
    const email = await student();
    const cookie = pairOf(cookieOf(await login('127.0.0.1', email, PASSWORD, ownOrigin())));
    expect((await site.api().send('GET', '/api/auth/me', { headers: cookie })).status).toBe(401);
    expect((await postFrom('127.0.0.1', `${site.url}/api/auth/refresh`, { refreshToken: 'x' }, cookie)).status).toBe(
      401,
    );
    expect((await login('127.0.0.1', email, 'wrong', cookie)).status).toBe(401);
  });

  test.runIf(process.platform === 'linux')('of another account, altered or missing has no effect', async () => {
    const address = newAddress();
    const [owner, attacker] = [await student(), await student()];
    const own = cookieOf(await login(address, owner, PASSWORD, ownOrigin()));
    const others = pairOf(cookieOf(await login(address, attacker, PASSWORD, ownOrigin())));
    const changed = { cookie: pairOf(own).cookie.replace(/=./, (start) => (start === '=A' ? '=B' : '=A')) };
    for (let i = 0; i < 5; i++) await login(address, owner, `guess ${i}`, i % 2 ? others : changed);
    for (const headers of [others, changed, { cookie: 'invigil-device=' }])
      expect((await login(address, owner, PASSWORD, headers)).status).toBe(429);
  });

  test('holds the latest eight accounts at most, so that requests stay small', async () => {
    let cookie: Record<string, string> = {};
    const emails: string[] = [];
    for (let i = 0; i < 10; i++) {
      emails.push(await student());
      cookie = pairOf(cookieOf(await login('127.0.0.1', emails.at(-1)!, PASSWORD, { ...ownOrigin(), ...cookie })));
    }
    expect(cookie['cookie']!.split('.')).toHaveLength(8);
    expect(cookie['cookie']!.length).toBeLessThan(500);
  });

  test('lets a tab continue with an old token, while a thief without the cookie ends the login', async () => {
    const email = await student();
    const first = await login('127.0.0.1', email, PASSWORD, ownOrigin());
    const cookie = pairOf(cookieOf(first));
    const refresh = (token: unknown, headers = {}) =>
      postFrom('127.0.0.1', `${site.url}/api/auth/refresh`, { refreshToken: token }, headers);
    const second = await refresh(first.body['refreshToken'], cookie);
    const third = await refresh(second.body['refreshToken'], cookie);
    const late = await refresh(first.body['refreshToken'], cookie);
    expect([late.status, late.body['refreshToken']]).toEqual([200, third.body['refreshToken']]);
    const otherAccount = pairOf(cookieOf(await login('127.0.0.1', await student(), PASSWORD, ownOrigin())));
    expect((await refresh(first.body['refreshToken'], otherAccount)).code).toBe('refresh_reused');
    expect((await refresh(third.body['refreshToken'], cookie)).status).toBe(401);
  });
});

describe('registering', () => {
  const register = (address: string, email: string, password = 'another password') =>
    postFrom(address, `${site.url}/api/auth/register`, { email, password });
  const alias = (address: string, email: string) =>
    postFrom(address, `${site.url}/auth/register`, { email, password: 'another password' });

  test.runIf(process.platform === 'linux')(
    'a taken address is refused without revealing the account, and does not block registrations from the same network',
    async () => {
      const [email, address] = [await student(), newAddress()];
      const answers = [];
      for (let i = 0; i < 14; i++)
        answers.push(await (i % 2 ? alias : register)(address, i % 3 ? email : email.toUpperCase()));
      expect(answers.map(({ status, code }) => `${status} ${code}`)).toEqual(
        Array.from({ length: 14 }, () => '403 registration_refused'),
      );
      expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
      expect((await register(address, 'nobody-yet@example.org')).status).toBe(201);
      expect((await alias(address, 'nobody-else-yet@example.org')).status).toBe(200);
    },
  );

  test.runIf(process.platform === 'linux')(
    'registering again with the password of an existing account logs in, so that a lost response can be retried',
    async () => {
      const [email, address] = [`again-${Date.now()}@example.org`, newAddress()];
      const [one, two] = [await register(address, email), await register(address, email)];
      expect([one.status, two.status]).toEqual([201, 201]);
      expect((two.body['user'] as { id: string }).id).toBe((one.body['user'] as { id: string }).id);
    },
  );

  test('is closed by SELF_REGISTRATION=off on both paths, and admins can still create accounts', async () => {
    await using closed = await startTestServer({ env: { SELF_REGISTRATION: 'off' } });
    expect((await closed.api().send('GET', '/health')).body).toMatchObject({ selfRegistration: 'off' });
    for (const path of ['/api/auth/register', '/auth/register']) {
      expect(
        await postFrom('127.0.0.1', closed.url + path, { email: 'a@example.org', password: 'another password' }),
      ).toMatchObject({ status: 403, code: 'registration_closed' });
    }
    const admin = { authorization: `Bearer ${closed.admin.tokens!.accessToken}` };
    expect(
      (
        await postFrom(
          '127.0.0.1',
          `${closed.url}/auth/register`,
          { email: 'a@example.org', password: 'another password' },
          admin,
        )
      ).status,
    ).toBe(200);
    await closed.admin.post('/api/users', { email: 'b@example.org', password: 'another password', role: 'student' });
  });
});
