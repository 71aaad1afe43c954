import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomToken } from '../../server/auth/logins/tokens.ts';
import { type Attempt, startAttempt } from '../support/attempt.ts';
import { type HttpAnswer, postFrom } from '../support/http-from.ts';
import { watchStatements } from '../support/statements.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const PASSWORD = "Student's password";
/** Fewer than one user may have waiting. */
const AT_ONCE = 300;
/** More than one user may have waiting. */
const FLOOD = 480;

const statements = watchStatements();
let site: TestServer;
/** Two students, one of whom asks too much. */
let attacker: Attempt;
let other: Attempt;
beforeAll(async () => {
  site = await startTestServer({ overrides: { db: statements.watch }, costlyHashes: true });
  [attacker, other] = [await startAttempt(site), await startAttempt(site)];
});
afterAll(() => site?.close());

const statusOf = ({ status }: { readonly status: number }) => status;
const all = (count: number, ask: (n: number) => Promise<HttpAnswer>) =>
  Promise.all(Array.from({ length: count }, (_, n) => ask(n)));
const post = (path: string, body: unknown, headers?: Record<string, string>, from = '127.0.0.1') =>
  postFrom(from, site.url + path, body, headers);

const readsOf =
  ({ student, session }: Attempt) =>
  () =>
    fetch(`${site.url}/api/proctoring/my-attempt/${session.id}`, {
      headers: { authorization: `Bearer ${student.tokens!.accessToken}` },
    }).then(statusOf);

describe('while hundreds of reads of one student are in progress and queued', () => {
  test.each([
    ['a read', ({ student, session }: Attempt) => student.get(`/api/proctoring/my-attempt/${session.id}`)],
    ['a refresh', ({ student }: Attempt) => post('/api/auth/refresh', { refreshToken: student.tokens!.refreshToken })],
    ['a ticket', ({ student, session }: Attempt) => student.examTicket(session.id)],
    ['a welcome', (attempt: Attempt) => attempt.connect()],
  ])('%s of another student is answered before all of them', async (_what, ask) => {
    const read = readsOf(attacker);
    await read();
    const answers: number[] = [];
    const over = Promise.all(Array.from({ length: AT_ONCE }, async () => answers.push(await read())));
    while (answers.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await ask(other);
    expect(answers.length).toBeLessThan(AT_ONCE);
    await over;
    // On a busy machine the last ones wait for longer than a request may.
    for (const status of answers) expect([200, 503]).toContain(status);
  });

  test('a login of another student is answered during an endless flood', async () => {
    const ended = new AbortController();
    const read = readsOf(attacker);
    const loops = Array.from({ length: FLOOD }, async () => {
      while (!ended.signal.aborted) await read();
    });
    expect(
      await post('/api/auth/login', { email: other.student.tokens!.user.email, password: PASSWORD }).then(statusOf),
    ).toBe(200);
    ended.abort();
    await Promise.all(loops);
  });

  test('a few are in progress, hundreds are queued, and further ones are refused with a retry', async () => {
    const { student, session } = attacker;
    const headers = { authorization: `Bearer ${student.tokens!.accessToken}` };
    await student.get(`/api/proctoring/my-attempt/${session.id}`);
    const flood = () =>
      Promise.all(
        Array.from({ length: FLOOD }, () => fetch(`${site.url}/api/proctoring/my-attempt/${session.id}`, { headers })),
      );
    let answers = await flood();
    // On a busy machine requests may arrive more slowly than they are answered.
    while (!answers.some(({ status }) => status === 429)) answers = await flood();
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused[0]!.headers.get('retry-after')).toBe('1');
    expect(await refused[0]!.json()).toMatchObject({ code: 'rate_limited', retryable: true });
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(100);
  });
});

describe('malformed tokens', () => {
  const JUNK = [
    'junk',
    'x',
    'A'.repeat(42),
    'A'.repeat(44),
    `${'A'.repeat(42)}B`,
    `${'A'.repeat(42)}!`,
    'A'.repeat(86),
    'A'.repeat(128),
    'é'.repeat(43),
    `${'A'.repeat(43)}=`,
  ];
  test.each([
    ['/api/auth/refresh', 401, (token: string) => ({ refreshToken: token })],
    ['/api/auth/logout', 204, (token: string) => ({ refreshToken: token })],
    ['/api/auth/reset', 410, (token: string) => ({ token, newPassword: 'hubris-Kestrel-88' })],
    ['/api/setup', 410, (token: string) => ({ token, email: 'a@example.org', password: 'hubris-Kestrel-88' })],
    ['/api/auth/second-factor/options', 401, (token: string) => ({ pending: token })],
    ['/api/auth/second-factor', 401, (token: string) => ({ pending: token, code: '123456' })],
  ])('are refused by %s without a database query', async (path, _status, bodyOf) => {
    await post(path, bodyOf('junk'));
    for (const token of JUNK) {
      const before = statements.asked;
      const { status } = await post(path, bodyOf(token));
      expect([200, 201, 429, 500, 503]).not.toContain(status);
      expect(statements.asked - before).toBe(0);
    }
  });

  test('tokens with a wrong signature are refused without a database query, on any route', async () => {
    const { accessToken, refreshToken } = (await site.student()).tokens!;
    const changed = (token: string) => token.slice(0, -9) + (token.at(-9) === 'A' ? 'B' : 'A') + token.slice(-8);
    const before = statements.asked;
    expect(await post('/api/auth/logout', {}, { authorization: `Bearer ${changed(accessToken)}` }).then(statusOf)).toBe(
      401,
    );
    expect(
      (await fetch(`${site.url}/api/auth/me`, { headers: { authorization: `Bearer ${changed(accessToken)}` } })).status,
    ).toBe(401);
    expect(
      await post('/api/auth/refresh', {
        refreshToken: (refreshToken[0] === 'A' ? 'B' : 'A') + refreshToken.slice(1),
      }).then(statusOf),
    ).toBe(401);
    expect(statements.asked - before).toBe(0);
  });
});

describe.runIf(process.platform === 'linux')('well-formed but made-up tokens', () => {
  test.each([
    ['/api/auth/refresh', '127.0.3.1', () => ({ refreshToken: randomToken() })],
    ['/api/auth/logout', '127.0.3.2', () => ({ refreshToken: randomToken() })],
    ['/api/auth/reset', '127.0.3.3', () => ({ token: randomToken(), newPassword: 'hubris-Kestrel-88' })],
    ['/api/auth/reset/account', '127.0.3.4', () => ({ token: randomToken() })],
  ])('%s looks up at most 300 of one network at once and refuses the rest', async (path, from, body) => {
    const answers: number[] = [];
    while (answers.length < 400 && !answers.includes(429))
      answers.push(...(await all(50, () => post(path, body(), {}, from))).map(statusOf));
    expect(answers.slice(0, 200)).not.toContain(429);
    expect(answers).toContain(429);
    expect(await post(path, body(), {}, '127.0.3.9').then(statusOf)).not.toBe(429);
  });

  test('a renewal of a login from the same network is not delayed', async () => {
    const { refreshToken } = (await site.student()).tokens!;
    await all(320, () => post('/api/auth/refresh', { refreshToken: randomToken() }, {}, '127.0.3.4'));
    expect(await post('/api/auth/refresh', { refreshToken }, {}, '127.0.3.4').then(statusOf)).toBe(200);
  });
});
