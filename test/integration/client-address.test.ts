import { afterAll, beforeAll, expect, test } from 'vitest';
import { ManualTime } from '../support/manual-time.ts';
import { RawHttp } from '../support/raw-http.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

// The log joins failed logins of a minute; this one passes at once.
const time = new ManualTime();
let site: TestServer;
beforeAll(async () => {
  site = await startTestServer({
    env: { TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8' },
    overrides: { clock: time.clock, timers: time.timers },
  });
});
afterAll(() => site.close());

let logins = 0;

/** Digests under which the audit log has the address of a failed login with these header lines. */
async function loggedFor(lines: readonly string[], from: string): Promise<string> {
  const before = (await logged()).length;
  const connection = new RawHttp(site.url, from);
  const body = JSON.stringify({ email: `nobody-${++logins}@example.org`, password: 'a wrong password' });
  const head = ['POST /api/auth/login HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', ...lines];
  connection.send([...head, `Content-Length: ${body.length}`, '', body].join('\r\n'));
  expect((await connection.answer('POST'))?.status).toBe(401);
  connection.destroy();
  await waitFor('the entry', async () => (time.advance(5000), (await logged()).length > before));
  return (await logged())[0]!.address!.digest;
}

const logged = async () =>
  (await site.admin.get<{ items: { address?: { digest: string } }[] }>('/api/audit/security?kind=login_failed')).items;

async function digestsOf(address: string): Promise<string[]> {
  const { items } = await site.admin.post<{ items: { digest: string }[] }>('/api/audit/address', { address });
  return items.map(({ digest }) => digest);
}

test.each<[string, string[], string]>([
  ['X-Real-IP', ['X-Real-IP: 192.0.2.1'], '192.0.2.1'],
  ['Forwarded', ['Forwarded: for="[2001:db8::7]:4711";proto=https'], '2001:db8::7'],
  [
    'Forwarded in several lines, the first one forged',
    ['Forwarded: for="203.0.113.9', 'forwarded: for=192.0.2.3, for=10.0.0.2'],
    '192.0.2.3',
  ],
  [
    'X-Forwarded-For in several lines, the first one forged',
    ['X-Forwarded-For: 203.0.113.9', 'X-Forwarded-For: 192.0.2.4'],
    '192.0.2.4',
  ],
  [
    'X-Forwarded-For, whatever the other two say',
    ['Forwarded: for=203.0.113.9', 'X-Real-IP: 203.0.113.9', 'X-Forwarded-For: 192.0.2.5'],
    '192.0.2.5',
  ],
])(
  "a client's address is that of %s from a trusted proxy, and nobody else's word counts",
  async (_, lines, address) => {
    const [trusted, untrusted] = [await loggedFor(lines, '127.0.0.1'), await loggedFor(lines, '127.0.0.9')];
    expect(await digestsOf(address)).toContain(trusted);
    expect(await digestsOf('127.0.0.9')).toContain(untrusted);
  },
);
