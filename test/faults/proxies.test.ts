import WebSocket from 'ws';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PROTOCOL, TICKET_PREFIX } from '../../protocol/version.ts';
import { HOST, PROXIES, Proxy } from '../support/proxies.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

/** The samples of deploy/proxies, each in its real proxy in front of the real server. */
describe.each(PROXIES)('behind $name', ({ name, available }) => {
  const it = test.runIf(available);
  const skipped = available ? '' : ` (skipped: no ${name})`;
  let site: TestServer;
  let proxy: Proxy;
  const sockets: WebSocket[] = [];

  beforeAll(async () => {
    if (!available) return;
    site = await startTestServer({ env: { PUBLIC_URL: `https://${HOST}`, TRUSTED_PROXIES: '127.0.0.1' } });
    proxy = await Proxy.start(name, site.url);
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.close();
  });
  afterAll(async () => {
    await proxy?.close();
    await site?.close();
  });

  async function openSocket(headers: Record<string, string> = {}): Promise<WebSocket> {
    const { id } = await site.admin.createExam();
    const student = await site.student();
    const { ticket } = await student.examTicket((await student.startSession(id)).id);
    const socket = new WebSocket(`wss://127.0.0.1:${proxy.port}/ws/exam`, [PROTOCOL, TICKET_PREFIX + ticket], {
      rejectUnauthorized: false,
      headers: { host: HOST, origin: `https://${HOST}`, ...headers },
    });
    sockets.push(socket);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return socket;
  }

  it(`pages, the API and an exam socket of its host name work over TLS${skipped}`, async () => {
    expect((await proxy.get('/exam')).text).toContain('<title>');
    expect((await proxy.get('/api/auth/me')).status).toBe(401);
    const socket = await openSocket();
    const messages: string[] = [];
    socket.on('message', (data: Buffer) => messages.push(data.toString()));
    socket.send('{"type":"hello"}');
    await waitFor('welcome', () => messages.some((text) => text.includes('"type":"welcome"')));
    // Larger than a proxy's buffer.
    socket.send(Buffer.alloc(200_000));
    await waitFor('an answer', () => messages.some((text) => text.includes('"type":"error"')));
  });

  it(`headers of single sign-on pass: 12 KiB of cookies, on requests and on the upgrade${skipped}`, async () => {
    const cookie = `sso=${'c'.repeat(12 * 1024)}`;
    expect((await proxy.get('/health', { cookie })).status).toBe(200);
    await openSocket({ cookie });
  });

  it(`the client's address is the one that the proxy sees, whatever the client writes${skipped}`, async () => {
    const login = JSON.stringify({ email: 'nobody@example.org', password: 'a wrong password' });
    const headers = {
      'content-type': 'application/json',
      'x-forwarded-for': '203.0.113.9',
      forwarded: 'for=203.0.113.9',
      'x-real-ip': '203.0.113.9',
    };
    expect((await proxy.send('POST', '/api/auth/login', headers, login)).status).toBe(401);
    type Digests = { items: { digest: string }[] };
    const { items: seen } = await site.admin.post<Digests>('/api/audit/address', { address: '127.0.0.1' });
    let logged: { address?: { digest: string } }[] = [];
    await waitFor('the entry', async () => {
      ({ items: logged } = await site.admin.get<{ items: typeof logged }>('/api/audit/security?kind=login_failed'));
      return logged.length > 0;
    });
    expect(seen.map(({ digest }) => digest)).toContain(logged[0]!.address?.digest);
  });
});
