import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { type OpenDatabase, openDatabase } from '../../db/open.ts';
import type { Tokens } from '../../protocol/http/accounts.ts';
import { startAttempt } from '../support/attempt.ts';
import { createDatabase, KINDS, type TestDatabase } from '../support/databases.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const PASSWORD = 'a long password';
const SECRET = 'a secret of more than thirty-two characters';
const T0 = Date.UTC(2026, 0, 1, 10);
const byMachine = { 'content-type': 'application/json' };

/** A server that can be stopped, looked into and started again over what it left. */
async function withDatabase(
  kind: 'pglite' | 'postgres',
  work: (database: TestDatabase) => Promise<void>,
): Promise<void> {
  const database = await createDatabase(kind);
  try {
    await work(database);
  } finally {
    await database.remove();
  }
}

async function read<T>(database: TestDatabase, query: (db: OpenDatabase['db']) => Promise<T>): Promise<T> {
  const opened = await openDatabase(database);
  try {
    return await query(opened.db);
  } finally {
    await opened.close();
  }
}

/**
 * Ways to ask for more than a student's rights: the JSON beside address and password, and what the two registers
 * answer.
 */
const ASKING: [title: string, more: string, canonical: number, alias: number][] = [
  ['as it is', '"role": "admin"', 201, 403],
  ['another rank', '"role": "proctor"', 201, 403],
  ['capitals', '"role": "ADMIN"', 201, 403],
  ['spaces around it', '"role": " admin\\t"', 201, 403],
  ['a list', '"role": ["admin"]', 201, 400],
  ['a list with a harmless head', '"role": ["student", "admin"]', 201, 400],
  ['several in one', '"role": "student,admin"', 201, 403],
  ['an object', '"role": {"name": "admin"}', 201, 400],
  ['nothing at all', '"role": null', 201, 400],
  ['a truth', '"role": true', 201, 400],
  ['a number', '"role": 2', 201, 400],
  ['empty', '"role": ""', 201, 403],
  ['a character more', '"role": "admin\\u0000"', 201, 403],
  ['a Cyrillic lookalike', '"role": "\u0430dmin"', 201, 403],
  ['wide letters', '"role": "\uff41\uff44\uff4d\uff49\uff4e"', 201, 403],
  ['the key twice, last', '"role": "student", "role": "admin"', 201, 403],
  ['the key twice, first', '"role": "admin", "role": "student"', 201, 200],
  ['the key in escapes', '"r\\u006fle": "admin"', 201, 403],
  ['the key in capitals', '"Role": "admin", "ROLE": "admin"', 400, 200],
  ['roles', '"roles": ["admin"]', 400, 200],
  ['flags', '"is_admin": true, "isAdmin": true, "admin": true, "is_staff": true', 400, 200],
  ['nested', '"user": {"role": "admin"}, "data": {"role": "admin"}', 400, 200],
  ['a prototype', '"__proto__": {"role": "admin"}, "constructor": {"prototype": {"role": "admin"}}', 400, 400],
];
const PATHS = ['/api/auth/register', '/auth/register'] as const;

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`over ${title}`, () => {
    test('registering creates students only, for any spelling of an admin role', () =>
      withDatabase(kind, async (database) => {
        const site = await startTestServer({ database });
        const statuses: Record<string, number[]> = {};
        const made: string[] = [];
        const register = async (path: string, body: string, headers: Record<string, string>) => {
          const answer = await site.api().send('POST', path, { body, headers });
          if (answer.status < 300) made.push(JSON.stringify(answer.body));
          return answer.status;
        };
        const account = () => `"email": "${uuidv7()}@example.org", "password": "${PASSWORD}"`;
        try {
          for (const [spelling, more] of ASKING) {
            statuses[spelling] = [];
            for (const path of PATHS)
              statuses[spelling].push(await register(path, `{${account()}, ${more}}`, byMachine));
          }
          for (const path of PATHS) {
            // Not in the body.
            const plain = `{${account()}}`;
            const elsewhere = { ...byMachine, 'x-role': 'admin', cookie: 'role=admin' };
            expect(await register(path, plain, elsewhere)).toBeLessThan(300);
            expect(await register(`${path}?role=admin&roles=admin&is_admin=1`, `{${account()}}`, byMachine)).toBe(
              path === '/auth/register' ? 200 : 400,
            );
            const form = new URLSearchParams({
              email: `${uuidv7()}@example.org`,
              password: PASSWORD,
              role: 'admin',
            }).toString();
            expect(await register(path, form, { 'content-type': 'application/x-www-form-urlencoded' })).toBe(415);
          }
          expect(statuses).toEqual(
            Object.fromEntries(ASKING.map(([spelling, , canonical, alias]) => [spelling, [canonical, alias]])),
          );
          expect(made.filter((body) => /"role":"(?!student")/.test(body))).toEqual([]);
        } finally {
          await site.close();
        }
        const users = await read(database, (db) => db.selectFrom('users').select(['email', 'role']).execute());
        expect(users.filter((user) => user.role !== 'student')).toEqual([
          { email: 'admin@example.org', role: 'admin' },
        ]);
        expect(users).toHaveLength(1 + made.length);
        expect(made).toHaveLength(18 + 5 + 3);
      }));

    test('a refresh token rotated twice ends the login with its tokens and sockets', async () => {
      const site = await startTestServer({ kind });
      try {
        const attempt = await startAttempt(site);
        const { student } = attempt;
        const other = site.api();
        await other.login(student.tokens!.user.email, "Student's password");
        const refresh = (token: string) => site.api().post<Tokens>('/api/auth/refresh', { refreshToken: token });
        const first = student.tokens!.refreshToken;
        const second = await refresh(first);
        const third = await refresh(second.refreshToken);
        student.tokens = third;
        const socket = await attempt.connect();
        await expect(refresh(first)).rejects.toMatchObject({ status: 401, code: 'refresh_reused' });
        expect(await socket.closed()).toBe(4401);
        await expect(student.get('/api/auth/me')).rejects.toMatchObject({ status: 401, code: 'unauthenticated' });
        for (const token of [third.refreshToken, second.refreshToken])
          await expect(refresh(token)).rejects.toMatchObject({ status: 401, code: 'refresh_reused' });
        // Another login of the same student is none of that family.
        expect(await other.get('/api/auth/me')).toMatchObject({ id: student.userId });
      } finally {
        await site.close();
      }
    });

    test('twenty concurrent refreshes of one token return the same token, which works after a restart', () =>
      withDatabase(kind, async (database) => {
        // Standing still: all of them are within the ten seconds in which a lost answer may be asked for again.
        const options = { database, env: { JWT_SECRET: SECRET }, overrides: { clock: () => T0 } };
        const site = await startTestServer(options);
        const student = await site.student();
        const { refreshToken } = student.tokens!;
        const given = await Promise.all(
          Array.from({ length: 20 }, () => site.api().post<Tokens>('/api/auth/refresh', { refreshToken })),
        );
        await site.close();
        expect(new Set(given.map((tokens) => tokens.refreshToken)).size).toBe(1);
        const live = await read(database, (db) =>
          db
            .selectFrom('logins')
            .select('generation')
            .where('user_id', '=', student.userId)
            .where('ended_at', 'is', null)
            .execute(),
        );
        expect(live).toEqual([{ generation: 1 }]);

        const again = await startTestServer(options);
        try {
          const api = again.api();
          api.tokens = await api.post<Tokens>('/api/auth/refresh', { refreshToken: given[0]!.refreshToken });
          expect(await api.get('/api/auth/me')).toMatchObject({ id: student.userId });
          await expect(again.api().post('/api/auth/refresh', { refreshToken })).rejects.toMatchObject({
            status: 401,
            code: 'refresh_reused',
          });
        } finally {
          await again.close();
        }
      }));
  });
}

describe('access tokens', () => {
  let site: TestServer;
  let student: Tokens;
  let loginId: string;
  /** The server's clock runs ahead of ours by this much. */
  let ahead = 0;
  beforeAll(async () => {
    site = await startTestServer({ env: { JWT_SECRET: SECRET }, overrides: { clock: () => Date.now() + ahead } });
    student = (await site.student()).tokens!;
    loginId = String(claimsOf(student.accessToken)['sid']);
  });
  afterAll(() => site.close());

  const claimsOf = (token: string) =>
    JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const seconds = () => Math.floor(Date.now() / 1000);
  const good = () => ({
    role: 'student',
    sid: loginId,
    sub: student.user.id,
    iss: 'invigil',
    aud: 'invigil:api',
    iat: seconds(),
    exp: seconds() + 900,
  });

  function sign({
    claims = {},
    header = {},
    secret = SECRET,
  }: { claims?: Record<string, unknown>; header?: Record<string, unknown>; secret?: string } = {}): Promise<string> {
    const payload = Object.fromEntries(
      Object.entries({ ...good(), ...claims }).filter(([, value]) => value !== undefined),
    );
    return new SignJWT(payload)
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', ...header })
      .sign(new TextEncoder().encode(secret));
  }

  const ask = (token: string) =>
    site.api().send('GET', '/api/auth/me', { headers: { authorization: `Bearer ${token}` } });

  test('the forgeries below differ from a valid token in one property each', async () => {
    for (const token of [await sign(), hmac({ alg: 'HS256' }, 'sha256')])
      expect(await ask(token)).toMatchObject({ status: 200, body: { id: student.user.id } });
  });

  const unsecured = () => new UnsecuredJWT(good()).encode();
  const parts = () => student.accessToken.split('.') as [string, string, string];
  const FORGED: [title: string, token: () => string | Promise<string>, code?: string][] = [
    ['without a signature', unsecured],
    ['without a signature, of our type', () => `${encode({ alg: 'none', typ: 'at+jwt' })}.${encode(good())}.`],
    ['without a signature, in other letters', () => `${encode({ alg: 'nOnE', typ: 'at+jwt' })}.${encode(good())}.`],
    [
      'without an algorithm, with the signature of another',
      () => `${encode({ alg: 'none', typ: 'at+jwt' })}.${parts()[1]}.${parts()[2]}`,
    ],
    ['for another audience', () => sign({ claims: { aud: 'invigil:console' } })],
    ['for no audience', () => sign({ claims: { aud: undefined } })],
    ['of another issuer', () => sign({ claims: { iss: 'https://invigil.example.org' } })],
    ['of no issuer', () => sign({ claims: { iss: undefined } })],
    ['of another type', () => sign({ header: { typ: 'JWT' } })],
    ['of no type', () => sign({ header: { typ: undefined } })],
    ['that is a refresh token', () => student.refreshToken],
    ['61 s past its end', () => sign({ claims: { exp: seconds() - 61 } }), 'token_expired'],
    ['without an end', () => sign({ claims: { exp: undefined } })],
    ['that does not count yet', () => sign({ claims: { nbf: seconds() + 60 } })],
    ['of another key', () => sign({ secret: 'another secret of thirty-two characters' })],
    ['of our key, HS384', () => hmac({ alg: 'HS384' }, 'sha384')],
    ['of our key, HS512', () => hmac({ alg: 'HS512' }, 'sha512')],
    [
      'with an extension that must be understood',
      () => hmac({ alg: 'HS256', crit: ['beyond'], beyond: true }, 'sha256'),
    ],
    [
      'that names another user under the same signature',
      () => `${parts()[0]}.${encode({ ...good(), sub: site.admin.userId })}.${parts()[2]}`,
    ],
    ['with a character changed', () => student.accessToken.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))],
    ['with its signature cut', () => student.accessToken.slice(0, -4)],
    ['of nobody', () => sign({ claims: { sub: uuidv7() } })],
    ['of no subject', () => sign({ claims: { sub: undefined } })],
    ['of a login that never was', () => sign({ claims: { sid: uuidv7() } })],
    ['of no login', () => sign({ claims: { sid: undefined } })],
    ['of a role that there is not', () => sign({ claims: { role: 'root' } })],
    ['garbage', () => 'garbage'],
    ['garbage in three parts', () => 'a.b.c'],
    ['three times nothing', () => '..'],
    ['long garbage', () => 'A'.repeat(3000)],
  ];

  /** What the library would not sign. */
  function hmac(header: Record<string, unknown>, hash: string): string {
    const signed = `${encode({ typ: 'at+jwt', ...header })}.${encode(good())}`;
    return `${signed}.${createHmac(hash, SECRET).update(signed).digest('base64url')}`;
  }

  test.each(FORGED)('%s: 401', async (_, make, code = 'unauthenticated') => {
    const token = await make();
    const answer = await ask(token);
    expect(answer).toMatchObject({ status: 401, body: { code } });
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    // Where a login is not needed, one that is given has to be good all the same.
    const body = JSON.stringify({ email: `${uuidv7()}@example.org`, password: PASSWORD, role: 'admin' });
    expect(
      await site
        .api()
        .send('POST', '/auth/register', { body, headers: { ...byMachine, authorization: `Bearer ${token}` } }),
    ).toMatchObject({ status: 401, body: { code } });
  });

  test('the stored role applies, not the one in the token', async () => {
    const token = await sign({ claims: { role: 'admin' } });
    expect(await ask(token)).toMatchObject({ status: 200, body: { role: 'student' } });
    expect(await site.api().send('GET', '/api/users', { headers: { authorization: `Bearer ${token}` } })).toMatchObject(
      { status: 403, body: { code: 'forbidden' } },
    );
  });

  test('an access token is refused as a refresh token', async () => {
    await expect(site.api().post('/api/auth/refresh', { refreshToken: student.accessToken })).rejects.toMatchObject({
      status: 401,
      code: 'unauthenticated',
    });
  });

  test("an access token is valid for 15 minutes of the server's clock, and refused 61 s later", async () => {
    const api = await site.student();
    ahead = 15 * 60_000 - 5000;
    expect(await api.get('/api/auth/me')).toMatchObject({ id: api.userId });
    ahead = 16 * 60_000 + 1000;
    await expect(api.get('/api/auth/me')).rejects.toMatchObject({ status: 401, code: 'token_expired' });
    ahead = 0;
  });
});

describe('guessing passwords', () => {
  let site: TestServer;
  beforeAll(async () => {
    site = await startTestServer();
  });
  afterAll(() => site.close());

  async function hashes(): Promise<number> {
    const text = String((await site.api().send('GET', '/metrics')).body);
    return Number(/^invigil_password_hashes_total (\d+)$/m.exec(text)?.[1]);
  }

  /** A login from another address of this machine. */
  function loginFrom(localAddress: string, email: string, password: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const agent = new Agent();
      const sent = request(
        `${site.url}/api/auth/login`,
        { method: 'POST', localAddress, agent, headers: byMachine },
        (answer) => {
          answer.resume();
          answer.on('end', () => resolve(answer.statusCode ?? 0));
        },
      );
      sent.on('error', reject);
      sent.end(JSON.stringify({ email, password }));
    });
  }

  test.runIf(process.platform === 'linux')(
    '1,000 wrong passwords cost a handful of hashes, and the owner logs in from another address',
    async () => {
      const { email } = (await site.student()).tokens!.user;
      const before = await hashes();
      const answers: Record<string, number> = {};
      const waits: number[] = [];
      const guess = async (index: number) => {
        const password = `guess ${index}`;
        const answer = await (index % 2
          ? site
              .api()
              .send('POST', '/auth/login', { body: new URLSearchParams({ username: email.toUpperCase(), password }) })
          : site
              .api()
              .send('POST', '/api/auth/login', { body: JSON.stringify({ email, password }), headers: byMachine }));
        const { code } = answer.body as { code: string };
        answers[`${answer.status} ${code}`] = (answers[`${answer.status} ${code}`] ?? 0) + 1;
        if (answer.status === 429) waits.push(Number(answer.headers.get('retry-after')));
      };
      // Most refusals are delayed by about a second: few rounds of many.
      for (let i = 0; i < 1000; i += 250) await Promise.all(Array.from({ length: 250 }, (_, j) => guess(i + j)));
      // Five at once, and then one after 5, 10, 20, 40, 60, ... s of a machine that may be busy.
      const looked = answers['401 bad_credentials'] ?? 0;
      expect(looked).toBeLessThan(10);
      expect(answers).toEqual({ '401 bad_credentials': looked, '429 rate_limited': 1000 - looked });
      expect((await hashes()) - before).toBe(looked);
      expect(waits.every((seconds) => Number.isInteger(seconds) && seconds > 0 && seconds <= 60)).toBe(true);

      expect(await loginFrom('127.0.0.2', email, "Student's password")).toBe(200);
    },
  );

  test('of an unknown account takes as long and is limited alike', async () => {
    const email = `${uuidv7()}@example.org`;
    const before = await hashes();
    const statuses: number[] = [];
    for (let i = 0; i < 8; i++)
      statuses.push(
        (
          await site
            .api()
            .send('POST', '/api/auth/login', { body: JSON.stringify({ email, password: 'x' }), headers: byMachine })
        ).status,
      );
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    expect((await hashes()) - before).toBe(5);
  });
});
