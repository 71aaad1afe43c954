import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../server/config.ts';
import { type Server, startServer } from '../../server/context.ts';
import { createApp, listen, ListenError } from '../../server/socket/listen.ts';
import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { freePort } from '../support/process.ts';
import { RawHttp } from '../support/raw-http.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const secret = () => randomBytes(32).toString('base64');
const METRICS_TOKEN = secret();
const production = () => ({
  NODE_ENV: 'production',
  JWT_SECRET: secret(),
  AUDIT_KEY: secret(),
  PUBLIC_URL: 'https://exam.example.org',
  TRUSTED_PROXIES: '127.0.0.2',
  SELF_REGISTRATION: 'on',
});

let site: TestServer;
beforeAll(async () => {
  site = await startTestServer({ env: { ...production(), METRICS_TOKEN } });
});
afterAll(() => site.close());

/** What is answered to a request with exactly these lines, from another address of this machine if need be. */
async function ask(request: string, headers: Record<string, string> = {}, url = site.url) {
  const connection = new RawHttp(url);
  try {
    const lines = Object.entries({ Host: 'exam.example.org', ...headers }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    connection.send(`${request} HTTP/1.1\r\n${lines.join('')}\r\n`);
    const answer = await connection.answer(request.split(' ')[0]);
    if (!answer) throw new Error('no answer');
    return answer;
  } finally {
    connection.destroy();
  }
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const codeOf = ({ text }: { text: string }) => (JSON.parse(text) as { code: string }).code;

describe('a request with a foreign Host (DNS rebinding)', () => {
  const foreign = { Host: 'evil.example', Origin: 'http://evil.example' };

  test.each([
    'GET /',
    'GET /exam',
    'GET /sdk/invigil.iife.js',
    'GET /api/exams',
    'GET /exams/',
    'GET /metrics',
    'GET /nothing',
    'OPTIONS /api/exams',
    'PUT /api/exams',
    'HEAD /',
    'GET /ws/exam',
    'POST /ws/exam',
    'GET /ws/check',
  ])('%s is answered 421', async (request) => {
    const answer = await ask(request, foreign);
    expect(answer.status).toBe(421);
    if (!request.startsWith('HEAD')) expect(codeOf(answer)).toBe('unknown_host');
  });

  test('is refused without reading its body, and its connection is closed', async () => {
    const connection = new RawHttp(site.url);
    connection.send(
      'POST /api/auth/login HTTP/1.1\r\nHost: evil.example\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{',
    );
    expect((await connection.answer('POST'))?.status).toBe(421);
    connection.destroy();
  });

  test.each(['evil.example', 'exam.example.org.evil.example', '127.0.0.1.nip.io'])(
    'a handshake with Host %s opens no socket, for any subprotocol',
    async (Host) => {
      for (const path of ['/ws/exam', '/ws/console']) {
        const upgrade = {
          Host,
          Origin: `http://${Host}`,
          Connection: 'Upgrade',
          Upgrade: 'websocket',
          'Sec-WebSocket-Version': '13',
          'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
          'Sec-WebSocket-Protocol': 'invigil.v1, ticket.x',
        };
        expect((await ask(`GET ${path}`, upgrade)).status).toBe(421);
        const own = await ask(`GET ${path}`, { ...upgrade, Host: 'exam.example.org' });
        expect([own.status, codeOf(own)]).toEqual([403, 'bad_origin']);
        const good = await ask(`GET ${path}`, { ...upgrade, Host: '127.0.0.1:1', Origin: 'https://exam.example.org' });
        expect([good.status, codeOf(good)]).toEqual([401, 'bad_ticket']);
      }
    },
  );

  test('gets liveness and readiness, as supervisors use other names', async () => {
    expect((await ask('GET /health', { Host: 'pod-7.exams.svc.cluster.local' })).status).toBe(200);
    expect([200, 503]).toContain((await ask('GET /ready', { Host: '' })).status);
  });
});

describe('unauthenticated responses in production', () => {
  let shut: Server;
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase('pglite');
    const { config, secrets } = readConfig({
      ...production(),
      METRICS_TOKEN,
      PORT: '0',
      DATA_DIR: database.dataDir,
      LOG_LEVEL: 'silent',
      DRAIN_SECONDS: '0',
      ADMIN_EMAIL: 'admin@example.org',
      ADMIN_PASSWORD: 'seven green lanterns',
    });
    shut = await startServer(config, secrets);
  });
  afterAll(async () => {
    await shut.close();
    await database.remove();
  });

  test('/health: status only, without versions, models and reasons', async () => {
    for (const headers of [{}, bearer('wrong'), bearer(site.admin.tokens?.accessToken ?? '')]) {
      expect(Object.keys(JSON.parse((await ask('GET /health', headers)).text) as object).sort()).toEqual([
        'apiDocs',
        'database',
        'selfRegistration',
        'status',
        'store',
        'vision',
      ]);
    }
    expect(JSON.parse((await ask('GET /health', bearer(METRICS_TOKEN))).text)).toMatchObject({
      version: expect.any(String),
      durability: 'process-crash',
    });
  });

  test('/metrics is 404 without the token, also from loopback', async () => {
    const tries: Record<string, string>[] = [
      {},
      { Host: '127.0.0.1' },
      bearer('wrong'),
      bearer(''),
      { Authorization: METRICS_TOKEN },
      { 'X-Forwarded-For': '127.0.0.1' },
      bearer(`${METRICS_TOKEN}x`),
    ];
    for (const headers of tries) expect((await ask('GET /metrics', headers)).status).toBe(404);
    expect((await ask(`GET /metrics?token=${encodeURIComponent(METRICS_TOKEN)}`)).status).toBe(404);
    expect((await ask('GET /metrics', bearer(METRICS_TOKEN))).text).toMatch(/^# HELP/);
  });

  test('/openapi.json, /protocol.json and /docs are 404', async () => {
    for (const path of ['/openapi.json', '/protocol.json', '/docs', '/docs/', '/docs/index.html'])
      expect((await ask(`GET ${path}`, {}, shut.url)).status).toBe(404);
  });

  test("ProctorBE's list of exams requires a login", async () => {
    for (const path of ['/exams/', '/exams']) {
      expect((await ask(`GET ${path}`)).status).toBe(401);
      expect((await ask(`HEAD ${path}`)).status).toBe(401);
    }
  });

  test('each can be enabled by its setting, but /metrics always needs a token', async () => {
    const open = await startTestServer({ env: { ...production(), API_DOCS: 'on', OPEN_EXAM_LIST: 'on' } });
    try {
      expect((await ask('GET /openapi.json', {}, open.url)).status).toBe(200);
      expect((await ask('GET /docs', {}, open.url)).status).toBe(200);
      expect((await ask('GET /exams/', {}, open.url)).status).toBe(200);
      expect((await ask('GET /metrics', {}, open.url)).status).toBe(404);
      expect((await ask('GET /metrics', bearer('undefined'), open.url)).status).toBe(404);
    } finally {
      await open.close();
    }
  });
});

describe('headers', () => {
  test('HSTS is sent over TLS only, known from PUBLIC_URL or a trusted proxy', async () => {
    const hsts = async (headers: Record<string, string>) =>
      (await ask('GET /api/exams', headers)).headers['strict-transport-security'];
    expect(await hsts({})).toBe('max-age=63072000');
    expect(await hsts({ Host: 'server:8080' })).toBeUndefined();
    expect(await hsts({ Host: 'server:8080', 'X-Forwarded-Proto': 'https' })).toBeUndefined();
    const proxied = await startTestServer({ env: { ...production(), PUBLIC_URL: '', TRUSTED_PROXIES: '127.0.0.1' } });
    const plain = await startTestServer({
      env: { PUBLIC_URL: 'https://exam.example.org', TRUSTED_PROXIES: '127.0.0.1' },
    });
    try {
      const of = async (url: string, proto: string) =>
        (await ask('GET /exam', { Host: 'localhost', 'X-Forwarded-Proto': proto }, url)).headers[
          'strict-transport-security'
        ];
      expect([
        await of(proxied.url, 'https'),
        await of(proxied.url, 'http'),
        await of(proxied.url, 'https, http'),
        await of(plain.url, 'https'),
      ]).toEqual(['max-age=63072000', undefined, undefined, undefined]);
    } finally {
      await Promise.all([proxied.close(), plain.close()]);
    }
  });

  test.each([
    'GET /api/exams',
    'GET /nothing',
    'OPTIONS /api/exams',
    'PUT /api/exams',
    'GET /health',
    'GET /ws/exam',
    'POST /api/auth/login',
  ])('%s cannot be used as page, image or script, and is not cached', async (request) => {
    expect((await ask(request)).headers).toMatchObject({
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
  });

  test('pages may use the camera and be framed by their own origin, and the SDK may be loaded by any site', async () => {
    const page = await ask('GET /exam');
    expect(page.headers).toMatchObject({
      'x-frame-options': 'SAMEORIGIN',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-cache',
    });
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'self';.*frame-ancestors 'self'$/);
    expect(page.headers['permissions-policy']).toMatch(/camera=\(self\)/);
    expect((await ask('GET /sdk/invigil.iife.js')).headers).toMatchObject({
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
    });
  });
});

describe('a port', () => {
  async function second(port: string, HOST: string): Promise<unknown> {
    const database = await createDatabase('pglite');
    try {
      const { config, secrets } = readConfig({
        DATA_DIR: database.dataDir,
        PORT: port,
        HOST,
        LOG_LEVEL: 'silent',
        DRAIN_SECONDS: '0',
      });
      const server = await startServer(config, secrets);
      await server.close();
      return undefined;
    } catch (error) {
      return error;
    } finally {
      await database.remove();
    }
  }

  test.each(['127.0.0.1', '0.0.0.0', '::'])(
    'in use by a server is refused to a second one on %s, with any data folder',
    async (host) => {
      const error = await second(new URL(site.url).port, host);
      expect(error).toBeInstanceOf(ListenError);
      expect((error as Error).message).toMatch(new RegExp(`${new URL(site.url).port}.*taken`));
    },
  );

  test('is shared only if both servers ask for it', async () => {
    const shared = await listen(createApp(), '127.0.0.1', await freePort(), { reusePort: true });
    try {
      await expect(listen(createApp(), '127.0.0.1', shared.port)).rejects.toThrow(ListenError);
      // uWebSockets.js listens once a process on a port: the other is a process of its own.
      const other = `import(${JSON.stringify(new URL('../../dist/server/socket/listen.js', import.meta.url).href)}).then(({ createApp, listen }) => listen(createApp(), '127.0.0.1', ${shared.port}, { reusePort: true })).then(() => process.exit(7), () => process.exit(1))`;
      expect(spawnSync(process.execPath, ['-e', other], { timeout: 60_000 }).status).toBe(7);
      await expect(
        listen(createApp(), '127.0.0.1', Number(new URL(site.url).port), { reusePort: true }),
      ).rejects.toThrow(ListenError);
    } finally {
      shared.close();
    }
  });
});
